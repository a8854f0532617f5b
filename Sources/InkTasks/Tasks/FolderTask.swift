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
    /// - Returns: the measures, and the seconds that the model took.
    /// - Throws: `InputError` naming file and line.
    public func evaluate(
        _ folder: URL, data: URL, maxLength: Int? = nil, threshold: Double? = nil
    ) throws -> (metrics: TaskMetrics, seconds: Double) {
        func evaluate<Kind: TaskKind>(_ kind: Kind.Type) throws -> (TaskMetrics, Double) {
            let model = try TaskModel<Kind>(contentsOf: folder, maxLength: maxLength, threshold: threshold)
            let examples = try model.kind.read(data)
            let start = Date()
            var metrics = try model.evaluate(examples.examples).metrics
            metrics.notes += examples.notes
            return (metrics, Date().timeIntervalSince(start))
        }
        return try evaluate(kind)
    }

    /// Opens a folder of this task to answer questions given as lines.
    /// - Throws: `InputError` as `TaskModel`.
    public func answerer(
        _ folder: URL, maxLength: Int? = nil, threshold: Double? = nil
    ) throws -> any LineAnswerer {
        func open<Kind: TaskKind>(_ kind: Kind.Type) throws -> any LineAnswerer {
            ModelLineAnswerer(
                model: try TaskModel<Kind>(contentsOf: folder, maxLength: maxLength, threshold: threshold))
        }
        return try open(kind)
    }
}

/// Answers questions given as lines.
public protocol LineAnswerer: Sendable {
    /// - Parameter lines: questions, each with its number for messages.
    /// - Throws: `InputError` naming the line, and the field, of what is no question.
    func answers(to lines: [(text: String, number: Int)]) throws -> [any TaskAnswer]
}

private struct ModelLineAnswerer<Kind: TaskKind>: LineAnswerer {
    let model: TaskModel<Kind>

    func answers(to lines: [(text: String, number: Int)]) throws -> [any TaskAnswer] {
        try model.answers(to: lines.map { try model.kind.question($0.text, at: "line \($0.number)") })
    }
}
