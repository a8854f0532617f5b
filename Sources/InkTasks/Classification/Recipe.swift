import InkLayers
import InkTraining

/// A named set of choices for fine-tuning a classifier.
public enum Recipe: String, CaseIterable, Codable, Sendable {
    /// What we recommend today.
    case `default`
    /// The reference recipe of the published 94 % numbers, to the letter: `649453932/Bert-Chinese-Text-Classification`
    /// and the course built on it.
    case toumanfen

    /// - Parameter fromScratch: whether the encoder starts from random weights, which wants a higher learning rate.
    public func options(fromScratch: Bool) -> TrainingOptions {
        var options = TrainingOptions()
        switch self {
        case .default:
            options.learningRate = fromScratch ? 5e-4 : 5e-5
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

    public var inputForm: InputForm {
        switch self {
        case .default: InputForm(maxLength: 64)
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
        let form = inputForm
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

    /// Where the two recipes differ: name, this recipe's choice, the other's.
    public func differences(
        from other: Recipe, fromScratch: Bool
    ) -> [(name: String, ours: String, theirs: String)] {
        zip(choices(fromScratch: fromScratch), other.choices(fromScratch: fromScratch)).compactMap { ours, theirs in
            ours.value == theirs.value ? nil : (ours.name, ours.value, theirs.value)
        }
    }
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
