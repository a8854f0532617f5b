import Foundation

/// Speed of a run as an exponentially weighted mean, and the time that is left.
///
/// Each span of training counts with weight exp(-age / `timeConstant`), so the estimate follows the machine's load
/// within a minute, does not jump from step to step, and is not biased towards zero at the start. Evaluations are kept
/// apart: a pause for an evaluation is not a slow step, and those still to come are part of the time that is left.
public struct SpeedEstimate: Sendable {
    /// Seconds after which a span counts 1/e.
    public static let timeConstant = 30.0

    private var weightedSeconds = 0.0
    private var weightedSteps = 0.0
    private var weightedItems = 0.0
    private var evaluationSeconds: Double?

    public init() {}

    /// Counts a span of training.
    public mutating func addTraining(seconds: Double, steps: Int, items: Int) {
        guard seconds > 0 else { return }
        let decay = exp(-seconds / Self.timeConstant)
        weightedSeconds = weightedSeconds * decay + seconds
        weightedSteps = weightedSteps * decay + Double(steps)
        weightedItems = weightedItems * decay + Double(items)
    }

    /// Counts an evaluation; later ones weigh as much as all before them.
    public mutating func addEvaluation(seconds: Double) {
        evaluationSeconds = evaluationSeconds.map { ($0 + seconds) / 2 } ?? seconds
    }

    /// Training items a second; nil before the first span.
    public var itemsPerSecond: Double? { weightedSeconds > 0 ? weightedItems / weightedSeconds : nil }

    /// Seconds that are left. Before the first evaluation was timed, one over `evaluationItems` items is taken to cost
    /// a third of training on them: the forward pass without the backward one. Nil before the first span.
    public func secondsLeft(steps: Int, evaluations: Int, evaluationItems: Int) -> Double? {
        guard weightedSteps > 0, weightedSeconds > 0 else { return nil }
        let guess = itemsPerSecond.flatMap { $0 > 0 ? Double(evaluationItems) / $0 / 3 : nil } ?? 0
        return Double(steps) * weightedSeconds / weightedSteps + Double(evaluations) * (evaluationSeconds ?? guess)
    }
}
