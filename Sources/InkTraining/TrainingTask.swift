import Foundation
import InkLayers
import InkTensor

/// What the trainer needs of a task: examples with a loss, an evaluation, and a way to write the model.
public protocol TrainingTask: AnyObject {
    /// The parameters to train.
    var parameters: [Parameter] { get }
    /// Number of training examples; they are called by their index.
    var exampleCount: Int { get }
    /// Number of real tokens of an example: what a batch costs.
    func tokenCount(of example: Int) -> Int
    /// Whether a large batch may be computed in parts. A loss that compares the examples of a batch with each other
    /// needs them all at once.
    var canSplitBatches: Bool { get }
    /// What an example counts for in the mean loss of a batch: 1, or the number of its tokens where each has a loss.
    func weight(of example: Int) -> Double
    /// The mean loss of some examples.
    func loss(of examples: [Int], _ pass: Pass) throws -> BatchLoss
    /// Measures the model on the development set; `progress` is told the share done, 0 to 1.
    func evaluate(progress: (Double) -> Void) throws -> Evaluation
    /// Writes the model as it is now into the run folder, over the previous best one.
    func writeModel(to folder: URL) throws
}

extension TrainingTask {
    public var canSplitBatches: Bool { true }
    public func weight(of example: Int) -> Double { 1 }
}

/// The loss of a part of a batch.
public struct BatchLoss {
    /// Mean over the examples, one value, to run backwards from.
    public let loss: Tensor
    /// How many examples were predicted right; nil where a task cannot say.
    public let correct: Int?

    public init(loss: Tensor, correct: Int? = nil) {
        self.loss = loss
        self.correct = correct
    }
}

/// Measures on the development set.
public struct Evaluation: Codable, Equatable, Sendable {
    /// Named measures, such as `loss` and `accuracy`.
    public var measures: [String: Double]

    public init(_ measures: [String: Double]) {
        self.measures = measures
    }
}
