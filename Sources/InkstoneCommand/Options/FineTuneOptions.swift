import ArgumentParser
import Foundation
import InkSupport
import InkTasks
import InkText
import InkTraining

/// The flags of a fine-tuning run, shared by `finetune` and `estimate`.
struct FineTuneOptions: ParsableArguments {
    @Option(
        name: [.long, .short],
        help: ArgumentHelp(
            "A model folder, or a shape to start at random: nano, micro, mini, medium, base.", valueName: "dir|shape"))
    var model: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What the model is to do; see inkstone tasks (default: classification).", valueName: "name"))
    var task: TaskArgument?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A choice that only the task offers; see inkstone tasks.", valueName: "name=value"))
    var taskOption: [String] = []

    @Option(name: .long, help: ArgumentHelp("Training data in a form of the task.", valueName: "file"))
    var train: String?

    @Option(name: .long, help: ArgumentHelp("Data that choose the best checkpoint.", valueName: "file"))
    var dev: String?

    @Option(name: .long, help: ArgumentHelp("Data for the final table.", valueName: "file"))
    var test: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Class names, one a line in id order (default: those of the training texts).", valueName: "file"))
    var labels: String?

    @Option(name: [.long, .short], help: ArgumentHelp("The run folder to write.", valueName: "dir"))
    var output: String?

    @Option(
        name: .long,
        help: "default, or toumanfen: the published reference recipe to the letter (default: default).")
    var recipe: Recipe?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "YAML file with any of these flags, such as `epochs: 3`; the command line wins.", valueName: "file"))
    var config: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Vocabulary of a new shape (default: from the training texts).", valueName: "file"))
    var vocab: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Words in jieba's format for a RoFormer tokenizer (default: jieba_dict.txt of the model folder).",
            valueName: "file"))
    var dictionary: String?

    @Option(name: .long, help: ArgumentHelp("Times over the training data.", valueName: "n"))
    var epochs: Int?

    @Option(name: .long, help: ArgumentHelp("Examples of one step.", valueName: "n"))
    var batchSize: Int?

    @Option(name: .long, help: ArgumentHelp("Peak learning rate.", valueName: "x"))
    var learningRate: Float?

    @Option(name: .long, help: ArgumentHelp("Longest input in tokens.", valueName: "n"))
    var maxLength: Int?

    @OptionGroup var specialTokens: SpecialTokensOption

    @Option(name: .long, help: ArgumentHelp("Share of the steps in which the learning rate rises.", valueName: "x"))
    var warmup: Double?

    @Option(name: .long, help: ArgumentHelp("Weight decay, not on biases and LayerNorm.", valueName: "x"))
    var weightDecay: Float?

    @Option(name: .long, help: ArgumentHelp("Steps between evaluations.", valueName: "n"))
    var evalEvery: Int?

    @Option(
        name: .long, help: ArgumentHelp("Stop after this many steps without improvement; 0: never.", valueName: "n"))
    var patience: Int?

    @Option(name: .long, parsing: .unconditional, help: ArgumentHelp("Seed of everything random.", valueName: "n"))
    var seed: UInt64?

    @Option(
        name: .long,
        help: ArgumentHelp("Seconds between saves of the state to resume from (default: 120).", valueName: "seconds"))
    var saveEvery: Double?

    @OptionGroup var threads: ThreadOptions

    @Flag(name: .long, help: "Continue the interrupted run in the output folder, which knows its own settings.")
    var resume = false

    @Flag(name: .long, help: "Replace an earlier run in the output folder.")
    var force = false

    /// - Parameter needsOutput: whether `--output` has to be there.
    /// - Throws: `InputError` for a flag that is missing, or a model that is neither folder nor shape; with `--resume`
    ///   alone, for a file of the run that is gone or has changed.
    func settings(needsOutput: Bool = true) throws -> FineTuningSettings {
        guard !(resume && force) else {
            throw InputError(
                .usage, at: "--resume", "contradicts --force", remedy: "continue the run in the folder, or replace it")
        }
        let folder = URL(filePath: needsOutput ? try Self.required(output, "--output") : output ?? ".")
        var settings = try base(folder)
        if let model { settings.model = try ModelChoice(model) }
        if let train { settings.train = URL(filePath: train) }
        if let dev { settings.dev = URL(filePath: dev) }
        if let task {
            settings.task = task.task
            settings.preset = task.preset
        }
        for option in taskOption {
            let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw InputError(.usage, at: "--task-option \(option)", "no value", expected: "name=value")
            }
            settings.taskOptions[parts[0]] = parts[1]
        }
        for (path, field) in [
            (test, \FineTuningSettings.test), (labels, \.labels), (vocab, \.vocabulary), (dictionary, \.dictionary),
        ] {
            if let path { settings[keyPath: field] = URL(filePath: path) }
        }
        settings.recipe = recipe ?? settings.recipe
        settings.epochs = epochs ?? settings.epochs
        settings.batchSize = batchSize ?? settings.batchSize
        settings.learningRate = learningRate ?? settings.learningRate
        settings.maxLength = maxLength ?? settings.maxLength
        settings.specialTokensInText = specialTokens.reading ?? settings.specialTokensInText
        settings.warmup = warmup ?? settings.warmup
        settings.weightDecay = weightDecay ?? settings.weightDecay
        settings.evaluateEvery = evalEvery ?? settings.evaluateEvery
        settings.patience = patience ?? settings.patience
        settings.seed = seed ?? settings.seed
        settings.saveInterval = saveEvery ?? settings.saveInterval
        settings.policy = resume ? .resume : force ? .replace : .new
        return settings
    }

    /// What the run in the folder was asked for where it is to go on, or the files that a new run needs.
    private func base(_ folder: URL) throws -> FineTuningSettings {
        if resume {
            let run = RunFolder(folder)
            try run.check(.resume)
            let files: KeyValuePairs = [
                "model": model, "train": train, "dev": dev, "test": test, "labels": labels, "vocab": vocab,
                "dictionary": dictionary,
            ]
            let given = Set(files.compactMap { $0.value == nil ? nil : $0.key })
            if let settings = try RunDescription.read(from: run.latest.url)?.settings(output: folder, given: given) {
                return settings
            }
        }
        return FineTuningSettings(
            model: try ModelChoice(Self.required(model, "--model")),
            train: URL(filePath: try Self.required(train, "--train")),
            dev: URL(filePath: try Self.required(dev, "--dev")), output: folder)
    }

    private static func required(_ value: String?, _ flag: String) throws -> String {
        guard let value else {
            throw InputError(
                .usage, at: flag, "is missing", remedy: "give it on the command line or in the --config file")
        }
        return value
    }
}

extension Recipe: ExpressibleByArgument {}
extension TaskName: ExpressibleByArgument {}

/// A task, or a data set with its published settings.
struct TaskArgument: ExpressibleByArgument {
    let task: TaskName
    let preset: TaskPreset?

    init(task: TaskName, preset: TaskPreset?) {
        self.task = task
        self.preset = preset
    }

    init?(argument: String) {
        if let task = TaskName(rawValue: argument) {
            self.init(task: task, preset: nil)
        } else if let preset = TaskPreset.named(argument) {
            self.init(task: preset.task, preset: preset)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { TaskName.allCases.map(\.rawValue) + TaskPreset.all.map(\.name) }
    var defaultValueDescription: String { preset?.name ?? task.rawValue }
}
