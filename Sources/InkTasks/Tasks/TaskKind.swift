import Foundation
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkTraining

/// What distinguishes one understanding task from another: its data, its head, its loss, its answers and measures.
///
/// A value of a conforming type is a task as one data set poses it: it knows the classes. Everything that tasks share
/// (start, training loop, resume, report, evaluation, prediction) is in `FineTuning` and `TaskModel`.
public protocol TaskKind: Sendable {
    /// One record of the data: what is asked and, where it is known, the right answer.
    associatedtype Example: Sendable
    /// The right answer in the model's terms.
    associatedtype Target: Sendable
    /// The encoder with its head.
    associatedtype Model: Sendable
    /// What the model computes for one encoded example.
    associatedtype Output: TaskOutput
    /// What is said to the user about one example.
    associatedtype Answer: TaskAnswer

    static var name: TaskName { get }
    /// What is said about the task.
    static var profile: TaskProfile { get }
    /// What a run uses where the user says nothing.
    static func defaults(fromScratch: Bool) -> TaskDefaults
    /// The head of the model; decides which tensors may start at random.
    static var head: HeadKind { get }
    /// transformers' class for a model of the task.
    static func architecture(_ family: ModelFamily) -> String
    /// What the user may choose for this task only; `FineTuningSettings.optionValues()` has the values. What a model
    /// needs again when it answers belongs into `parameters`.
    static var options: [TaskOption] { get }
    /// `problem_type` of `config.json`, where transformers has one for the task.
    static var problemType: String? { get }

    /// Reads the training file and learns from it what the task has to know, such as its classes.
    /// - Throws: `InputError` naming file and line.
    static func prepare(_ settings: FineTuningSettings) throws -> (kind: Self, train: TaskData<Example>)
    /// The task of a fine-tuned folder; `description` is nil for folders of other makers.
    /// - Throws: `InputError` when the folder is not for this task.
    init(_ folder: ModelFolder, _ description: RunDescription?) throws

    /// Class names in the order of their ids; empty where a task has none.
    var labels: [String] { get }
    /// What `inkstone.json` keeps of the task beside the labels.
    var parameters: [String: String] { get }

    /// Reads a file with right answers.
    /// - Throws: `InputError` naming file and line.
    func read(_ file: URL) throws -> TaskData<Example>
    /// One line of `predict`'s input, a question without an answer.
    /// - Throws: `InputError` naming the place and the field.
    func question(_ line: String, at location: String) throws -> Example
    /// The task with what a tab in a question means, for folders that do not say it.
    /// - Throws: `InputError` (`.usage`) where a tab has a meaning already.
    func reading(tab: TabMeaning) throws -> Self
    /// All text of an example: for a vocabulary, and to find examples that stand in two files.
    func texts(of example: Example) -> [String]
    /// The labels that an example's right answer has, classes or types of spans, to see which no file has.
    func usedLabels(of example: Example) -> [String]
    /// The line of an example in its file, from 1; nil for a question that comes from none.
    func line(of example: Example) -> Int?
    /// The right answer in words; two equal questions with different ones contradict each other.
    func gold(of example: Example) -> String

    /// - Parameter headDropout: dropout before the head; nil for what the configuration says.
    /// - Throws: `InputError` when the checkpoint lacks a tensor or has another shape.
    func model(_ config: any EncoderConfig, headDropout: Float?, _ scope: ParameterScope) throws -> Model
    /// The inputs of the model; an example may give several, in order (windows of a long passage).
    /// - Throws: `InputError` when the longest length has no room for the example.
    func encode(_ examples: [Example], _ encoder: InputEncoder) throws -> [EncodedExample<Target>]
    /// What of the examples their inputs leave out for another reason than the longest input, a line each.
    func inputNotes(_ examples: [Example], _ encoded: [EncodedExample<Target>], place: (Int) -> String) -> [String]
    /// What an example counts for in the mean loss of a batch.
    func weight(of example: EncodedExample<Target>) -> Double
    /// The mean loss of a batch.
    func loss(_ model: Model, _ batch: [EncodedExample<Target>], _ pass: Pass) throws -> BatchLoss
    /// What the model says of each encoded example.
    func outputs(_ model: Model, _ batch: [EncodedExample<Target>], _ pass: Pass) throws -> [Output]
    /// The answer to one example from what was computed for its inputs, of which there is at least one.
    func answer(_ example: Example, _ encoded: ArraySlice<EncodedExample<Target>>, _ outputs: ArraySlice<Output>)
        -> Answer
    /// Whether an answer is right; nil for a task whose answers are no right or wrong ones.
    func isRight(_ answer: Answer, to example: Example) -> Bool?
    /// What decides which checkpoint is kept on this development set; nil for the task's usual measure.
    func selection(on examples: [Example]) -> TrainingOptions.Selection?
    /// Measures the answers against the data.
    /// - Throws: `InputError` when there is nothing to measure.
    func evaluation(_ examples: [Example], _ answers: [Answer]) throws -> TaskEvaluation

    /// Whether a batch's loss is the mean of its examples' losses, so that a large batch can be computed in parts.
    /// Losses that compare the examples of a batch with each other cannot.
    static var canSplitBatches: Bool { get }
}

extension TaskKind {
    public static func architecture(_ family: ModelFamily) -> String { family.architecture(head) }
    public static var options: [TaskOption] { [] }
    public static var problemType: String? { nil }
    public static var canSplitBatches: Bool { true }
    public func weight(of example: EncodedExample<Target>) -> Double { 1 }
    public var parameters: [String: String] { [:] }
    public func usedLabels(of example: Example) -> [String] { [] }
    public func selection(on examples: [Example]) -> TrainingOptions.Selection? { nil }

    public func reading(tab: TabMeaning) throws -> Self {
        throw InputError(
            .usage, at: "--tab", "does not go with a model for \(Self.name.rawValue)",
            remedy: "leave it out; inkstone tasks \(Self.name.rawValue) shows what a question looks like")
    }

    public func inputNotes(
        _ examples: [Example], _ encoded: [EncodedExample<Target>], place: (Int) -> String
    ) -> [String] {
        []
    }
}

/// Output of a model for one encoded example.
public protocol TaskOutput: Sendable {
    /// The loss where the right answer is known.
    var loss: Float? { get }
}

/// An answer as `predict` prints it.
public protocol TaskAnswer: Sendable {
    /// Columns of the text form.
    var columns: [String] { get }
    /// Fields of the JSON form.
    var fields: JSONObject { get }
    /// The best answer in words.
    var summary: String { get }
    /// The probability of it; nil where there is none.
    var confidence: Double? { get }
    /// The same with at most `count` alternatives, the best first.
    func top(_ count: Int) -> Self
}

extension TaskAnswer {
    public func top(_ count: Int) -> Self { self }
}

/// An answer that is the first of several, the best first.
public protocol RankedAnswer: TaskAnswer {
    associatedtype Candidate: Sendable
    var candidates: [Candidate] { get set }
}

extension RankedAnswer {
    public func top(_ count: Int) -> Self {
        var result = self
        result.candidates = Array(candidates.prefix(max(count, 1)))
        return result
    }
}

extension String {
    /// The text on one line and without tabs, which would shift columns.
    var inOneColumn: String { String(map { $0 == "\t" || $0.isNewline ? " " : $0 }) }
}

/// The examples of a file.
public struct TaskData<Example: Sendable>: Sendable {
    public var examples: [Example]
    /// What a careful user would want to know of the file, a line each: repaired labels, answers not found.
    public var notes: [String]

    public init(_ examples: [Example], notes: [String] = []) {
        self.examples = examples
        self.notes = notes
    }
}

/// What a run of a task uses where the user says nothing.
public struct TaskDefaults: Sendable, Equatable {
    public var learningRate: Float
    public var batchSize: Int
    public var epochs: Int
    /// Most tokens of an input.
    public var maxLength: Int
    /// What decides which checkpoint is kept.
    public var selection: TrainingOptions.Selection

    public init(
        learningRate: Float, batchSize: Int, epochs: Int, maxLength: Int, selection: TrainingOptions.Selection
    ) {
        self.learningRate = learningRate
        self.batchSize = batchSize
        self.epochs = epochs
        self.maxLength = maxLength
        self.selection = selection
    }
}
