import Foundation
import InkCheckpoint
import InkModels
import InkSupport

/// Which task a model folder was fine-tuned for.
public enum FolderTask {
    /// The task of a run folder, or of a folder of another maker by its `architectures`.
    /// - Throws: `InputError` when neither says.
    public static func name(of folder: URL) throws -> TaskName {
        if let description = try RunDescription.read(from: folder) { return description.task }
        let files = try ModelFolder(contentsOf: folder)
        let config = files.configFile
        let architecture = try config.optional("architectures", [String].self)?.first ?? ""
        let isMultiLabel = try config.optional("problem_type", String.self) == "multi_label_classification"
        let family = files.config.family
        let matches = TaskName.allCases.filter { $0.architecture(family) == architecture }
        // Several tasks share a head; the plainest one of each comes first in the list.
        return matches.first { ($0.problemType == "multi_label_classification") == isMultiLabel } ?? .classification
    }
}

extension TaskName {
    /// Measures a folder of this task on a file with right answers.
    /// - Parameter predictions: a file to write with the answer to each example; see `PredictionFile`.
    /// - Returns: the measures, and the seconds that the model took.
    /// - Throws: `InputError` naming file and line.
    public func evaluate(
        _ folder: URL, data: URL, maxLength: Int? = nil, threshold: Double? = nil, predictions: URL? = nil
    ) throws -> (metrics: TaskMetrics, seconds: Double) {
        func evaluate<Kind: TaskKind>(_ kind: Kind.Type) throws -> (TaskMetrics, Double) {
            let model = try TaskModel<Kind>(contentsOf: folder, maxLength: maxLength, threshold: threshold)
            let examples = try model.kind.read(data)
            let start = Date()
            let (evaluation, answers) = try model.measured(examples.examples, from: data.lastPathComponent)
            let seconds = Date().timeIntervalSince(start)
            if let predictions {
                try PredictionFile.write(
                    model.kind, examples.examples, answers, of: data.lastPathComponent, to: predictions)
            }
            var metrics = evaluation.metrics
            metrics.notes += examples.notes
            return (metrics, seconds)
        }
        return try evaluate(kind)
    }

    /// Opens a folder of this task to answer questions given as lines.
    /// - Parameter tab: what a tab in a question means, for folders that do not say it.
    /// - Throws: `InputError` as `TaskModel`, or where a tab has a meaning already.
    public func answerer(
        _ folder: URL, maxLength: Int? = nil, threshold: Double? = nil, tab: TabMeaning? = nil
    ) throws -> any LineAnswerer {
        func open<Kind: TaskKind>(_ kind: Kind.Type) throws -> any LineAnswerer {
            let model = try TaskModel<Kind>(contentsOf: folder, maxLength: maxLength, threshold: threshold)
            return ModelLineAnswerer(model: model, kind: try tab.map(model.kind.reading) ?? model.kind)
        }
        return try open(kind)
    }
}

/// A question given as a line.
public struct QuestionLine: Sendable {
    public let text: String
    /// Where it stands, for messages: `line 3`, `questions.txt:3`.
    public let location: String

    public init(_ text: String, at location: String) {
        self.text = text
        self.location = location
    }
}

/// Answers questions given as lines.
public protocol LineAnswerer: Sendable {
    /// The answers, in order; what is odd about the questions is counted in `notes`.
    /// - Throws: `InputError` naming the line, and the field, of what is no question.
    func answers(to lines: [QuestionLine], noting notes: inout InputNotes) throws -> [any TaskAnswer]
    /// A counter for `answers`.
    var inputNotes: InputNotes { get }
    /// What is to be said of the questions, a line each.
    func lines(of notes: InputNotes) -> [String]
}

extension LineAnswerer {
    /// The answers, in order.
    /// - Throws: `InputError` naming the line, and the field, of what is no question.
    public func answers(to lines: [QuestionLine]) throws -> [any TaskAnswer] {
        var notes = inputNotes
        return try answers(to: lines, noting: &notes)
    }
}

private struct ModelLineAnswerer<Kind: TaskKind>: LineAnswerer {
    let model: TaskModel<Kind>
    /// The task as questions are read.
    let kind: Kind

    var inputNotes: InputNotes { InputNotes(Kind.profile) }

    func answers(to lines: [QuestionLine], noting notes: inout InputNotes) throws -> [any TaskAnswer] {
        try model.answers(
            to: lines.map { try kind.question($0.text, at: $0.location) }, noting: &notes
        ) { lines[$0].location }
    }

    func lines(of notes: InputNotes) -> [String] { notes.lines(model.encoder) }
}
