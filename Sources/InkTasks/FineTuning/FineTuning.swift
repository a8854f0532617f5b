import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkTraining

/// Fine-tunes a model for a task: reads the data, makes or opens the model, trains, and leaves a run folder.
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
    /// Class names in the order of their ids; empty where the task has none.
    public var labels: [String] { data.labels }
    /// The encoder's shape.
    public let config: any EncoderConfig
    /// What was loaded, new and ignored.
    public let account: LoadAccount
    /// What the run will not do and what is odd about its data, a line each.
    public var warnings: [String] { startNotices + data.leaks.map(\.sentence) + (description.notes ?? []) }

    private let data: any FineTuningData
    private let session: any FineTuningSession
    private let folder: RunFolder
    private var description: RunDescription
    /// What was found in the output folder, a line each.
    private var startNotices: [String]
    private let vocabularyDigest: String

    /// Reads everything and checks it; nothing is written yet.
    /// - Throws: `InputError` when a file, a setting or the model cannot be used.
    public init(_ settings: FineTuningSettings) throws {
        if case .folder(let model) = settings.model, Self.isSameFolder(model, settings.output) {
            throw InputError(
                .usage, at: "--output", "is the folder of the model itself", found: settings.output.path,
                remedy: "give another folder: the run would overwrite what it starts from")
        }
        try settings.check()
        self.settings = settings
        folder = RunFolder(settings.output)
        // Before all data are read: nobody waits for them to hear that there is no place for the result.
        let earlierProcess = try folder.check(settings.policy)
        let task = settings.task
        data = try task.readData(settings)
        let start = try FineTuningStart(settings, trainingTexts: data.trainingTexts)
        config = start.config
        let source = try start.parameterSource(
            task.head, for: data.labels, seed: settings.seed ?? TrainingOptions().seed)
        session = try data.session(start, settings, source)
        var options = try settings.options(exampleCount: session.exampleCount)
        if settings.recipe == .default, let selection = data.selection { options.selection = selection }
        self.options = options
        account = source.account()
        let output = try ModelFolderWriter(
            task, start, labels: data.labels, headDropout: settings.recipe.headDropout)
        let parameters = source.parameters
        session.write = { try output.write(parameters, to: $0) }
        vocabularyDigest = output.tokenizerDigest
        description = RunDescription(
            version: InkstoneVersion.current, task: task, parameters: data.parameters, recipe: settings.recipe,
            options: options, inputForm: try settings.inputForm(maxPositions: start.config.maxPositions),
            labels: data.labels, base: try start.base(), data: data.files, loadAccount: account,
            threads: Parallelism.threadCount, instructionSet: Parallelism.instructionSet, command: settings.command,
            request: try RunRequest(
                settings, digests: Dictionary(data.files.map { ($0.role, $0.sha256) }) { first, _ in first }))
        var notices = earlierProcess.map { ["\(settings.output.relativePath): \($0.takeOver)"] } ?? []
        if settings.policy == .resume, folder.isUnstarted {
            notices.append("the run in \(settings.output.relativePath) had saved nothing yet; it starts anew")
        }
        startNotices = notices
        let further = [
            try start.headWarning(task.head, for: data.labels),
            Self.idleStepsWarning(options, of: totalSteps),
        ]
        // A file that is given twice has its notes once.
        let notes = start.tokenizer.warnings + data.notes + session.notes + further.compactMap { $0 }
        description.notes = notes.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// Number of training inputs, and of steps.
    public var exampleCount: Int { session.exampleCount }
    /// Optimizer steps of the run.
    public var totalSteps: Int { BatchPlan(exampleCount: exampleCount, options: options).totalSteps }
    /// Examples of the development set.
    public var developmentCount: Int { data.counts.dev }
    /// Trained numbers of the model.
    public var parameterCount: Int { session.parameters.reduce(0) { $0 + $1.count } }

    /// Trains from the start, or from where an interrupted run stopped, and evaluates the best checkpoint.
    /// - Parameters:
    ///   - interrupt: raised to stop early; the run can be resumed then.
    ///   - progress: where the progress line goes; nil for none.
    /// - Returns: nil when the run was interrupted.
    /// - Throws: `InputError` when the loss is no number or a file cannot be written.
    public func run(
        interrupt: InterruptSignal = InterruptSignal(), progress: (any ProgressSink)? = nil
    ) throws -> FineTuningResult? {
        let workspace = try RunWorkspace(folder, settings.policy)
        defer { workspace.close() }
        let resuming = workspace.hasState
        if settings.policy == .resume, !resuming, let begun = try RunDescription.read(from: workspace.files.url) {
            try TrainingState.requireSame(begun.fingerprint, description.fingerprint)
        }
        let watcher = TrainingWatcher(
            files: workspace.files, options: options, totalSteps: totalSteps, developmentCount: developmentCount,
            itemName: settings.task.profile.itemName, sink: progress)
        let trainer = Trainer(
            session, options: options, workspace: workspace, fingerprint: fingerprint(), interrupt: interrupt,
            saveInterval: settings.saveInterval, observe: watcher.observe)
        if resuming, try !trainer.restore() {
            startNotices.append(
                "the saved state is of an earlier version, without a checksum: damage would not be noticed")
        }
        try description.write(to: workspace.files.url)
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
        if outcome == .stoppedEarly {
            description.notes?.append(
                "training ended at step \(trainer.state.step) of \(totalSteps): no improvement for \(options.patience) steps"
            )
        }
        return try evaluateBest(trainer.state, watcher)
    }

    /// Shares of a run below this are lost at rate 0 in every run with a warm-up, and not worth a word.
    private static let smallIdleShare = 0.05

    /// What to tell of steps at learning rate 0.
    private static func idleStepsWarning(_ options: TrainingOptions, of total: Int) -> String? {
        let idle = options.idleSteps(of: total)
        if idle == total {
            return "every step of this run has learning rate 0, so the model stays as it is; "
                + (options.learningRate == 0
                    ? "give a --learning-rate above 0" : "give --warmup 0, more --epochs or a smaller --batch-size")
        }
        guard Double(idle) >= smallIdleShare * Double(total), idle > 0 else { return nil }
        return
            "\(idle) of the \(total) steps has learning rate 0, with which the warm-up begins; --warmup 0 uses it too"
    }

    private static func isSameFolder(_ one: URL, _ other: URL) -> Bool {
        one.resolvingSymlinksInPath().standardizedFileURL.path
            == other.resolvingSymlinksInPath().standardizedFileURL.path
    }

    private func evaluateBest(_ state: TrainingState, _ watcher: TrainingWatcher) throws -> FineTuningResult {
        let (dev, test) = try data.evaluate(folder.url)
        description.results = ["dev": dev.metrics]
        if let test { description.results["test"] = test.metrics }
        description.bestStep = state.bestStep
        description.seconds = state.seconds
        try description.write(to: folder.url)
        let result = FineTuningResult(
            folder: folder.url, description: description, dev: dev, test: test, notes: warnings,
            examplesPerSecond: watcher.examplesPerSecond)
        let content = RunReportContent(
            result, config: config, parameterCount: parameterCount, leaks: data.leaks,
            history: try MetricsLog.read(contentsOf: folder.metrics))
        try RunReport(content).write(to: folder.report)
        try ModelCard(content).write(to: folder.card)
        return result
    }

    /// What a resumed run must share with the interrupted one, by the name that an error would give.
    private func fingerprint() -> [String: String] {
        var fingerprint = description.fingerprint
        fingerprint["vocabulary"] = vocabularyDigest
        for name in config.fields.names { fingerprint[name] = config.fields[name]?.serialized(indented: false) }
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
    public let dev: TaskEvaluation
    /// The best checkpoint on the test set; nil without one.
    public let test: TaskEvaluation?
    /// What the run did not do and what is odd about its data, a line each; the evaluations have notes of their own.
    public let notes: [String]
    /// Training speed, evaluations not counted.
    public let examplesPerSecond: Double
}
