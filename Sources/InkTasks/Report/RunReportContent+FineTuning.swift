import Foundation
import InkModels
import InkSupport
import InkTraining

extension RunReportContent {
    /// Mistakes that a report shows.
    private static let shownMistakes = 30

    /// What the report and the model card say of a finished fine-tuning run.
    init(
        _ result: FineTuningResult, config: any EncoderConfig, parameterCount: Int, leaks: [DataLeak],
        history: [MetricsRecord]
    ) {
        let run = result.description
        self.init(
            title: result.folder.lastPathComponent,
            model: "\(config.modelType.uppercased()), \(config.layerCount) layers, hidden size \(config.hiddenSize), "
                + String(format: "%.1f M parameters", Double(parameterCount) / 1e6),
            task: run.task, recipe: run.recipe.rawValue, labels: run.labels,
            command: run.command ?? "inkstone finetune --recipe \(run.recipe.rawValue) …")
        if let (name, digest) = run.base.sha256.sorted(by: { $0.key < $1.key }).first {
            base = File(role: "base", name: "\(run.base.name)/\(name)", sha256: digest)
        }
        hyperParameters = Self.hyperParameters(run)
        if run.task == .classification {
            differences = Recipe.differences(fromScratch: run.base.sha256.isEmpty)
        }
        environment = [
            Fact("seed", "\(run.options.seed)"), Fact("threads", "\(run.threads)"),
            Fact("instruction set", run.instructionSet), Fact("version", run.version),
            Fact("weights", run.loadAccount.summary),
        ]
        data = run.data.map { File(role: $0.role, name: $0.name, count: $0.rows, sha256: $0.sha256) }
        self.leaks = leaks
        notes = run.notes ?? []
        self.history = history
        bestStep = run.bestStep
        let direction = run.options.selection.higherIsBetter ? "higher" : "lower"
        measure = result.dev.metrics.headline?.name ?? measure
        selection = "dev \(run.options.selection.measure), \(direction) is better"
        evaluations = [Evaluation(split: "dev", metrics: result.dev.metrics)]
        mistakes = Array(result.dev.mistakes.prefix(Self.shownMistakes))
        if let test = result.test {
            evaluations.append(Evaluation(split: "test", metrics: test.metrics))
            mistakes = Array(test.mistakes.prefix(Self.shownMistakes))
        }
        wallSeconds = run.seconds
        itemsPerSecond = result.examplesPerSecond
        peakBytes = ProcessMemory.peakBytes()
        maximumLength = run.inputForm.maxLength
    }

    /// What was in force, the user's own settings included.
    private static func hyperParameters(_ run: RunDescription) -> [Fact] {
        let options = run.options
        return [
            Fact("epochs", "\(options.epochs)"), Fact("batch size", "\(options.batchSize)"),
            Fact("peak learning rate", "\(options.learningRate)"),
            Fact(
                "schedule",
                "\(options.schedule.rawValue), \(options.warmup * 100) % warm-up"
                    + (options.warmup > 0 ? ", rate 0 in the first step" : "")),
            Fact("optimizer", options.rule.summary), Fact("weight decay", "\(options.weightDecay)"),
            Fact("gradient clipping", options.clipping.summary), Fact("order", options.order.rawValue),
            Fact("input", run.inputForm.appendsSeparator ? "[CLS] text [SEP]" : "[CLS] text, no [SEP]"),
            Fact("longest input", "\(run.inputForm.maxLength) tokens"),
            Fact("evaluation", "every \(options.evaluateEvery) steps"),
            Fact("early stop", options.patience == 0 ? "none" : "after \(options.patience) steps"),
        ] + run.parameters.sorted { $0.key < $1.key }.map { Fact($0.key, $0.value) }
    }
}
