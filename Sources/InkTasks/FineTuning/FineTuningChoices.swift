import InkText

/// What a user may choose of a fine-tuning run besides task, model, recipe and files. The run folder keeps it as it is,
/// so that the run can go on. Choices left nil are the recipe's.
public struct FineTuningChoices: Codable, Equatable, Sendable {
    /// Choices that only the task offers, by name; see `TaskName.options`.
    public var taskOptions: [String: String] = [:]
    /// Passes over the data.
    public var epochs: Int?
    /// Texts per optimizer step.
    public var batchSize: Int?
    /// Peak learning rate.
    public var learningRate: Float?
    /// Longest input in tokens, special ones included.
    public var maxLength: Int?
    /// How special tokens in a text are read; nil for `keep`.
    public var specialTokensInText: SpecialTokensInText?
    /// Steps between evaluations.
    public var evaluateEvery: Int?
    /// Steps without improvement after which training stops; 0 never stops early.
    public var patience: Int?
    /// Share of all steps in which the learning rate rises.
    public var warmup: Double?
    /// Weight decay; the optimizer's rule says how it is applied.
    public var weightDecay: Float?
    /// Seed of order, dropout and new weights.
    public var seed: UInt64?

    /// Seconds between saves of the resume state.
    public var saveInterval: Double = 120

    /// Nothing chosen.
    public init() {}
}
