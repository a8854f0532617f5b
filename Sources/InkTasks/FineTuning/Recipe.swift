import InkLayers
import InkTraining

/// A named set of choices for fine-tuning.
public enum Recipe: String, CaseIterable, Codable, Sendable {
    /// What we recommend today.
    case `default`
    /// The reference recipe of the published 94 % numbers, to the letter: `649453932/Bert-Chinese-Text-Classification`
    /// and the course built on it.
    case toumanfen

    /// - Parameter fromScratch: whether the encoder starts from random weights, which wants a higher learning rate.
    public func options(_ task: TaskName = .classification, fromScratch: Bool) -> TrainingOptions {
        var options = TrainingOptions()
        switch self {
        case .default:
            let defaults = task.defaults(fromScratch: fromScratch)
            options.learningRate = defaults.learningRate
            options.batchSize = defaults.batchSize
            options.epochs = defaults.epochs
            options.selection = defaults.selection
        case .toumanfen:
            options.batchSize = 128
            options.learningRate = 5e-5
            options.schedule = .bertAdam
            options.warmup = 0.05
            options.rule = .bertAdam()
            options.clipping = .perTensor(1)
            options.order = .asGiven
            options.tail = .reference
            options.evaluatesFirstStep = true
            options.selection = .init("loss", higherIsBetter: false)
            options.patience = 1000
        }
        return options
    }

    /// How texts become a model's input.
    public func inputForm(_ task: TaskName = .classification) -> InputForm {
        switch self {
        case .default: InputForm(maxLength: task.defaults(fromScratch: false).maxLength)
        case .toumanfen: InputForm(maxLength: 32, appendsSeparator: false)
        }
    }

    /// Dropout before the classifier; nil for what the model's configuration says.
    public var headDropout: Float? {
        self == .toumanfen ? 0 : nil
    }

    /// Batch size of the development loss as a mean of batch means; 0 for the plain mean.
    var evaluationBatch: Int {
        self == .toumanfen ? 128 : 0
    }

    /// The choices in words, for reports: what a reader compares two recipes by.
    public func choices(fromScratch: Bool) -> [(name: String, value: String)] {
        let options = options(fromScratch: fromScratch)
        let form = inputForm()
        return [
            ("input", form.appendsSeparator ? "[CLS] text [SEP]" : "[CLS] text, no [SEP]"),
            ("longest input", "\(form.maxLength) tokens"),
            ("head", headDropout == 0 ? "no dropout before the classifier" : "dropout as in config.json"),
            ("optimizer", options.rule.summary),
            ("weight decay", "\(options.weightDecay), not on biases and LayerNorm"),
            ("gradient clipping", options.clipping.summary),
            ("peak learning rate", "\(options.learningRate)"),
            ("schedule", "\(options.schedule.rawValue), \(options.warmup * 100) % warm-up"),
            ("batch size", "\(options.batchSize)"),
            ("order", options.order.rawValue),
            ("best checkpoint by", "dev \(options.selection.measure)"),
            ("early stop", options.patience == 0 ? "none" : "\(options.patience) steps without improvement"),
        ]
    }

    /// Where the two recipes differ, each with the reason for the recommendation.
    public static func differences(fromScratch: Bool) -> [RunReportContent.RecipeDifference] {
        zip(toumanfen.choices(fromScratch: fromScratch), `default`.choices(fromScratch: fromScratch)).compactMap {
            reference, recommended in
            guard reference.value != recommended.value else { return nil }
            return RunReportContent.RecipeDifference(
                setting: recommended.name, toumanfen: reference.value, standard: recommended.value,
                reason: reasons[recommended.name] ?? "")
        }
    }

    private static let reasons = [
        "input": "the encoders were pre-trained with [SEP] at the end",
        "longest input": "packed batches make longer texts cost only what they hold",
        "head": "as the pre-trained models' own configuration has it",
        "optimizer": "bias correction steadies the first steps (Mosbach et al. 2021)",
        "gradient clipping": "keeps the direction of the whole gradient",
        "peak learning rate": "random weights learn at a higher rate than pre-trained ones",
        "schedule": "a longer warm-up costs nothing and avoids early divergence",
        "batch size": "more steps for the same epochs",
        "order": "a sorted file would otherwise train on one class at a time",
        "best checkpoint by": "the measure that is reported in the end",
        "early stop": "three epochs are short enough to finish",
    ]
}

extension Optimizer.Rule {
    /// For reports.
    public var summary: String {
        switch self {
        case .adamW(let beta1, let beta2, let epsilon): "AdamW (β \(beta1), \(beta2), ε \(epsilon))"
        case .bertAdam(let beta1, let beta2, let epsilon):
            "BertAdam without bias correction (β \(beta1), \(beta2), ε \(epsilon))"
        case .sgd(let momentum): "SGD (momentum \(momentum))"
        }
    }
}

extension GradientClipping {
    /// For reports.
    public var summary: String {
        switch self {
        case .none: "none"
        case .globalNorm(let limit): "global norm \(limit)"
        case .perTensor(let limit): "norm \(limit) for each tensor"
        }
    }
}
