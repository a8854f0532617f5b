import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkText
import InkTraining

/// Fine-tunes a classifier: reads the data, makes or opens the model, trains, and leaves a run folder.
///
/// ```swift
/// var settings = FineTuningSettings(model: .folder(ernie), train: train, dev: dev, output: runs)
/// settings.epochs = 3
/// let result = try FineTuning(settings).run()
/// ```
public final class FineTuning {
    /// What the user asked for.
    public let settings: FineTuningSettings
    /// The recipe's options with the user's changes.
    public let options: TrainingOptions
    /// The classes.
    public let labels: LabelSet
    /// The encoder's shape.
    public let config: any EncoderConfig
    /// What was loaded, new and ignored.
    public let account: LoadAccount
    /// Things the user should know about the data, a line each.
    public private(set) var warnings: [String] = []

    private let task: TextClassificationTask
    private let folder: RunFolder
    private var description: RunDescription
    private let texts: FineTuningTexts
    private let vocabularyDigest: String

    /// Reads everything and checks it; nothing is written yet.
    /// - Throws: `InputError` when a file, a setting or the model cannot be used.
    public init(_ settings: FineTuningSettings) throws {
        if case .folder(let model) = settings.model, Self.isSameFolder(model, settings.output) {
            throw InputError(
                .usage, at: "--output", "is the folder of the model itself", found: settings.output.path,
                remedy: "give another folder: the run would overwrite what it starts from")
        }
        self.settings = settings
        folder = RunFolder(settings.output)
        texts = try FineTuningTexts(settings)
        labels = texts.labels
        options = try settings.options(exampleCount: texts.train.count)
        let start = try FineTuningStart(settings, trainingTexts: texts.train.map(\.text))
        config = start.config
        let form = try settings.inputForm(maxPositions: start.config.maxPositions)
        let source = ParameterSource(
            start.folder?.checkpoint, use: .training, basePrefix: start.config.keyPrefix,
            allowedNew: start.config.headKeys(.sequenceClassification),
            renewed: start.hasHead(for: labels) ? [] : ["classifier."],
            initializerRange: start.config.initializerRange, seed: options.seed)
        let model = try SequenceClassifier(
            start.config, classCount: labels.count, headDropout: settings.recipe.headDropout, .init(source))
        account = source.account()
        let output = try ClassifierFolder(
            start.config, labels: labels, headDropout: settings.recipe.headDropout, base: start.folder,
            tokenizer: start.tokenizer)
        let parameters = source.parameters
        task = TextClassificationTask(
            model, parameters: parameters,
            train: try .init(texts.train, form: form, tokenizer: start.tokenizer),
            dev: try .init(texts.dev, form: form, tokenizer: start.tokenizer),
            evaluationBatch: settings.recipe.evaluationBatch
        ) { try output.write(parameters, to: $0) }
        let tokens = start.tokenizer.tokens(of: 0..<Int32(start.tokenizer.idCount))
        vocabularyDigest = SHA256.hexDigest(of: Data(tokens.joined(separator: "\n").utf8))
        warnings = start.tokenizer.warnings + texts.warnings + (start.headWarning(for: labels).map { [$0] } ?? [])
        description = RunDescription(
            version: InkstoneVersion.current, recipe: settings.recipe, options: options, inputForm: form,
            labels: labels.names, base: try start.base(), data: texts.files, loadAccount: account,
            threads: Parallelism.threadCount, instructionSet: Parallelism.instructionSet, command: settings.command)
    }

    /// Number of training titles, and of steps.
    public var exampleCount: Int { task.exampleCount }
    /// Optimizer steps of the run.
    public var totalSteps: Int { BatchPlan(exampleCount: task.exampleCount, options: options).totalSteps }
    /// Texts of the development set.
    public var developmentCount: Int { texts.dev.count }

    /// Trains from the start, or from where an interrupted run stopped, and evaluates the best checkpoint.
    /// - Parameters:
    ///   - interrupt: raised to stop early; the run can be resumed then.
    ///   - progress: where the progress line goes; nil for none.
    /// - Returns: nil when the run was interrupted.
    /// - Throws: `InputError` when the loss is no number or a file cannot be written.
    public func run(
        interrupt: InterruptSignal = InterruptSignal(), progress: (any ProgressSink)? = nil
    ) throws -> FineTuningResult? {
        try folder.prepare(settings.policy)
        let resuming = settings.policy == .resume
        let watcher = TrainingWatcher(
            folder: folder, options: options, totalSteps: totalSteps, developmentCount: texts.dev.count, sink: progress)
        let trainer = Trainer(
            task, options: options, folder: folder, fingerprint: try fingerprint(), interrupt: interrupt,
            saveInterval: settings.saveInterval, observe: watcher.observe)
        if resuming { try trainer.restore() }
        try description.write(to: folder.url)
        try watcher.begin(resumingAt: resuming ? trainer.state : nil)
        let outcome: Trainer.Outcome
        do {
            outcome = try trainer.run()
        } catch {
            watcher.close()
            throw error
        }
        try watcher.finish()
        guard outcome != .interrupted else { return nil }
        return try evaluateBest(trainer.state, watcher)
    }

    private static func isSameFolder(_ one: URL, _ other: URL) -> Bool {
        one.resolvingSymlinksInPath().standardizedFileURL.path
            == other.resolvingSymlinksInPath().standardizedFileURL.path
    }

    private func evaluateBest(_ state: TrainingState, _ watcher: TrainingWatcher) throws -> FineTuningResult {
        let classifier = try TextClassifier(contentsOf: folder.url)
        let dev = try classifier.evaluate(texts.dev)
        let test = try texts.test.map { try classifier.evaluate($0) }
        description.results = ["dev": dev.metrics]
        if let test { description.results["test"] = test.metrics }
        description.bestStep = state.bestStep
        description.seconds = state.seconds
        try description.write(to: folder.url)
        let result = FineTuningResult(
            folder: folder.url, description: description, dev: dev, test: test, titlesPerSecond: watcher.titlesPerSecond
        )
        let content = try RunReportContent(
            result, config: config, leaks: texts.leaks, history: try MetricsLog.read(contentsOf: folder.metrics))
        try RunReport(content).write(to: folder.report)
        try ModelCard(content).write(to: folder.card)
        return result
    }

    /// What a resumed run must share with the interrupted one, by the name that an error would give.
    private func fingerprint() throws -> [String: String] {
        var fingerprint = [
            "recipe": settings.recipe.rawValue, "labels": labels.names.joined(separator: ", "),
            "model": description.base.name, "vocabulary": vocabularyDigest,
        ]
        // Each setting under its own name, so that an error can say which one differs.
        for group in [Mirror(reflecting: options), Mirror(reflecting: description.inputForm)] {
            for case (let name?, let value) in group.children { fingerprint[name] = "\(value)" }
        }
        for name in config.fields.names { fingerprint[name] = config.fields[name]?.serialized() }
        for (file, digest) in description.base.sha256 { fingerprint["weights \(file)"] = digest }
        for file in description.data where file.role != "test" {
            fingerprint["\(file.role) data"] = file.sha256
        }
        return fingerprint
    }
}

/// How a fine-tuning run ended.
public struct FineTuningResult: Sendable {
    /// The run folder; at its top is the best checkpoint.
    public let folder: URL
    /// What `inkstone.json` says.
    public let description: RunDescription
    /// The best checkpoint on the development set.
    public let dev: ClassifierEvaluation
    /// The best checkpoint on the test set; nil without one.
    public let test: ClassifierEvaluation?
    /// Training speed, evaluations not counted.
    public let titlesPerSecond: Double
}
