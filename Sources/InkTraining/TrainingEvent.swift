/// What the trainer tells those who watch a run.
public enum TrainingEvent: Sendable {
    case step(StepReport)
    /// An evaluation is under way; the share done, 0 to 1.
    case evaluating(Double)
    case evaluation(EvaluationReport)
}

/// One optimizer step.
public struct StepReport: Sendable, Equatable {
    /// Steps done, this one included.
    public let step: Int
    /// Steps of the whole run.
    public let totalSteps: Int
    /// The epoch the step belongs to, counted from 1.
    public let epoch: Int
    /// Mean loss of the batch.
    public let loss: Double
    /// Examples of the batch predicted right; nil where the task cannot say.
    public let correct: Int?
    /// Examples in the batch.
    public let examples: Int
    /// Real tokens in the batch.
    public let tokens: Int
    /// The learning rate of this step.
    public let learningRate: Float
    /// Norm of all gradients before clipping.
    public let gradientNorm: Float
    public let seconds: Double
}

/// One evaluation on the development set.
public struct EvaluationReport: Sendable, Equatable {
    /// Steps done before it.
    public let step: Int
    /// What was measured.
    public let evaluation: Evaluation
    /// Whether this is the best so far; the model has been written then.
    public let isBest: Bool
    /// The selection's measure at the best step so far; nil while none was finite.
    public let bestValue: Double?
    /// Steps done before that evaluation.
    public let bestStep: Int?
    /// Seconds the evaluation took.
    public let seconds: Double
}
