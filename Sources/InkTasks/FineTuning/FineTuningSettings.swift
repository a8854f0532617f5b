import Foundation
import InkSupport
import InkText
import InkTraining

/// What a user asks of a fine-tuning run. Settings left nil are the recipe's.
@dynamicMemberLookup
public struct FineTuningSettings: Sendable {
    /// What the model is to do.
    public var task: TaskName = .classification
    /// The settings of a published data set, in place of the task's own.
    public var preset: TaskPreset?
    /// A folder to start from, or the shape of a new model.
    public var model: ModelChoice
    /// Vocabulary of a new model; nil to build one from the training texts. Folders bring their own.
    public var vocabulary: URL?
    /// Words for a tokenizer that cuts text into words first (RoFormer's), in jieba's format; nil for the file that the
    /// model folder has.
    public var dictionary: URL?
    /// The training file.
    public var train: URL
    /// The development file, which chooses the checkpoint.
    public var dev: URL
    /// The test file, measured once at the end.
    public var test: URL?
    /// Class names, one a line in id order; nil to take them from the training file.
    public var labels: URL?
    /// The run folder.
    public var output: URL
    /// What happens to files in it.
    public var policy: RunFolder.Policy = .new
    /// Where the settings below come from when nil.
    public var recipe: Recipe = .default

    /// What else may be chosen; each is also a property of the settings.
    public var choices = FineTuningChoices()

    /// The command that was given, for the report.
    public var command: String?

    /// Settings of the default recipe for a new run.
    public init(model: ModelChoice, train: URL, dev: URL, output: URL) {
        self.model = model
        self.train = train
        self.dev = dev
        self.output = output
    }

    /// A choice, as in `settings.epochs = 3`.
    public subscript<Value>(dynamicMember choice: WritableKeyPath<FineTuningChoices, Value>) -> Value {
        get { choices[keyPath: choice] }
        set { choices[keyPath: choice] = newValue }
    }

    var startsFromScratch: Bool {
        if case .shape = model { true } else { false }
    }

    /// The task's own choices.
    /// - Throws: `InputError` for an option the task does not have.
    func optionValues() throws -> TaskOptionValues { try TaskOptionValues(choices.taskOptions, for: task) }

    /// Longest time between two saves, in seconds: some thirty years.
    private static let longestSaveInterval = 1e9

    /// - Throws: `InputError` for a recipe or an option of another task, and for an impossible time between saves.
    func check() throws {
        _ = try optionValues()
        var interval = choices.saveInterval
        try Self.set(&interval, choices.saveInterval, "--save-every", 0...Self.longestSaveInterval)
        guard recipe == .default || task == .classification else {
            throw InputError(
                .usage, at: "--recipe \(recipe.rawValue)", "is for classification only",
                found: "--task \(task.rawValue)",
                remedy: "leave --recipe out")
        }
    }

    /// The recipe's options with what the user set.
    /// - Throws: `InputError` naming the flag whose value is out of range.
    func options(exampleCount: Int) throws -> TrainingOptions {
        var options = recipe.options(task, fromScratch: startsFromScratch)
        if recipe == .default, let preset {
            if !startsFromScratch { options.learningRate = preset.learningRate }
            options.batchSize = preset.batchSize
            options.epochs = preset.epochs
        }
        try Self.set(&options.epochs, choices.epochs, "--epochs", 1...100_000)
        try Self.set(&options.batchSize, choices.batchSize, "--batch-size", 1...1_000_000)
        try Self.set(&options.learningRate, choices.learningRate, "--learning-rate", 0...10)
        try Self.set(&options.warmup, choices.warmup, "--warmup", 0...1)
        try Self.set(&options.weightDecay, choices.weightDecay, "--weight-decay", 0...10)
        try Self.set(&options.patience, choices.patience, "--patience", 0...Int.max)
        if let seed = choices.seed { options.seed = seed }
        // The default looks four times an epoch, the reference every hundred steps.
        let stepsPerEpoch = (exampleCount + options.batchSize - 1) / options.batchSize
        if recipe == .default {
            options.evaluateEvery = max(1, stepsPerEpoch / 4)
            // A warm-up begins at rate 0: the only step of a run would change nothing.
            if choices.warmup == nil, BatchPlan(exampleCount: exampleCount, options: options).totalSteps == 1 {
                options.warmup = 0
            }
        }
        try Self.set(&options.evaluateEvery, choices.evaluateEvery, "--eval-every", 1...Int.max)
        return options
    }

    func inputForm(maxPositions: Int) throws -> InputForm {
        guard maxPositions >= InputForm.shortest else {
            throw InputError(
                at: "max_position_embeddings", "the model has no room for a text",
                expected: "at least \(InputForm.shortest)", found: "\(maxPositions)", remedy: "use another model")
        }
        var form = recipe.inputForm(task)
        if recipe == .default, let preset { form.maxLength = preset.maxLength }
        form.maxLength = min(form.maxLength, maxPositions)
        try Self.set(&form.maxLength, choices.maxLength, "--max-length", InputForm.shortest...maxPositions)
        form.specialTokensInText = choices.specialTokensInText
        return form
    }

    private static func set<Value: Comparable & Sendable>(
        _ option: inout Value, _ value: Value?, _ flag: String, _ range: ClosedRange<Value>
    ) throws {
        guard let value else { return }
        guard range.contains(value) else {
            throw InputError(
                .usage, at: flag, "out of range", expected: "\(range.lowerBound) to \(range.upperBound)",
                found: "\(value)")
        }
        option = value
    }
}
