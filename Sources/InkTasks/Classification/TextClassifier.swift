import Foundation
import InkCheckpoint
import InkSupport

/// Classifies texts with a fine-tuned model folder.
///
/// ```swift
/// let classifier = try TextClassifier(contentsOf: folder)
/// let answer = try classifier.classify("国足再次冲出亚洲", topK: 3)
/// ```
///
/// Safe to call from many tasks at once: each call runs its own pass over shared, unchanging weights.
public final class TextClassifier: Sendable {
    /// The folder as a model of its task.
    public let model: TaskModel<TextClassification>

    /// Opens a run folder, or any Hugging Face folder of a supported sequence classifier.
    /// - Parameter maxLength: most tokens of a text; nil for what the run folder says, else what the model allows.
    /// - Throws: `InputError` when a file is missing or damaged, or the model has no classification head.
    public init(contentsOf folder: URL, maxLength: Int? = nil) throws {
        model = try TaskModel(contentsOf: folder, maxLength: maxLength)
    }

    /// Class names in the order of their ids.
    public var labels: [String] { model.kind.labels }
    /// How a text becomes ids.
    public var inputForm: InputForm { model.encoder.form }
    /// What was loaded and what was ignored.
    public var account: LoadAccount { model.account }

    /// The most probable classes of a text.
    /// - Throws: `InputError` when the text cannot be used.
    public func classify(_ text: String, topK: Int = 1) throws -> Classification {
        try classify([text], topK: topK)[0]
    }

    /// The most probable classes of each text, in their order.
    /// - Throws: `InputError` when a text cannot be used.
    public func classify(_ texts: [String], topK: Int = 1) throws -> [Classification] {
        try model.answers(to: texts.map { LabelledText(text: $0, label: -1) }).map { $0.top(topK) }
    }

    /// Measures the model on labelled texts; `progress` is told the share done.
    /// - Throws: `InputError` when a text cannot be used.
    public func evaluate(
        _ texts: [LabelledText], progress: (Double) -> Void = { _ in }
    ) throws -> TaskEvaluation {
        try model.evaluate(texts, progress: progress)
    }
}
