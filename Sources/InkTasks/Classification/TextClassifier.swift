import Foundation
import InkCheckpoint
import InkModels
import InkSupport
import InkTensor
import InkText

/// Classifies texts with a fine-tuned model folder.
///
/// ```swift
/// let classifier = try TextClassifier(contentsOf: folder)
/// let answer = try classifier.classify("国足再次冲出亚洲", topK: 3)
/// ```
///
/// Safe to call from many tasks at once: each call runs its own pass over shared, unchanging weights.
public final class TextClassifier: Sendable {
    /// Class names in the order of their ids.
    public let labels: [String]
    /// How a text becomes ids.
    public let inputForm: InputForm
    /// What was loaded and what was ignored.
    public let account: LoadAccount
    private let model: SequenceClassifier
    private let tokenizer: any Tokenizer

    /// Opens a run folder, or any Hugging Face folder of a BERT or ERNIE sequence classifier.
    /// - Parameter maxLength: most tokens of a text; nil for what the run folder says, else what the model allows.
    /// - Throws: `InputError` when a file is missing or damaged, or the model has no classification head.
    public init(contentsOf folder: URL, maxLength: Int? = nil) throws {
        let files = try ModelFolder(contentsOf: folder)
        let description = try RunDescription.read(from: folder)
        tokenizer = try Tokenizers.open(folder)
        labels = try Self.labels(files)
        let longest = min(files.config.maxPositions, tokenizer.modelMaxLength ?? .max)
        var form = description?.inputForm ?? InputForm(maxLength: longest)
        if let maxLength { form.maxLength = maxLength }
        guard form.maxLength >= InputForm.shortest, form.maxLength <= files.config.maxPositions else {
            throw InputError(
                .usage, at: "--max-length", "the model cannot use this length",
                expected: "\(InputForm.shortest) to \(files.config.maxPositions)", found: "\(form.maxLength)")
        }
        inputForm = form
        guard files.checkpoint.contains("classifier.weight") else {
            throw InputError(
                at: folder.path, "has no classification head",
                expected: "classifier.weight among its tensors, as in a folder written by finetune",
                remedy: "fine-tune it first: inkstone finetune --model \(folder.path) …")
        }
        let source = files.parameterSource(use: .inference)
        model = try SequenceClassifier(files.config, classCount: labels.count, .init(source))
        account = source.account()
    }

    /// The class names in id order, from `id2label`; `LABEL_<id>` for a folder that names none.
    static func labels(_ files: ModelFolder) throws -> [String] {
        let head = files.checkpoint.shape(of: "classifier.weight")
        guard case .object(let names) = files.configFile.fields["id2label"] else {
            return (0..<(head?.rows ?? 2)).map { "LABEL_\($0)" }
        }
        let labels = try (0..<names.names.count).map { id in
            guard case .string(let name) = names["\(id)"] else {
                throw files.configFile.error(
                    "id2label", "does not name the classes 0 to \(names.names.count - 1)",
                    found: "no text for \"\(id)\"")
            }
            return name
        }
        if let head, head.rows != labels.count {
            throw files.configFile.error(
                "id2label", "contradicts the weights", expected: "\(head.rows) classes, the rows of classifier.weight",
                found: "\(labels.count)")
        }
        return labels
    }

    /// The most probable classes of a text.
    /// - Throws: `InputError` when the text cannot be used.
    public func classify(_ text: String, topK: Int = 1) throws -> Classification {
        try classify([text], topK: topK)[0]
    }

    /// The most probable classes of each text, in their order.
    /// - Throws: `InputError` when a text cannot be used.
    public func classify(_ texts: [String], topK: Int = 1) throws -> [Classification] {
        let encodings = try inputForm.encode(texts, with: tokenizer, threads: texts.count < 256 ? 1 : nil)
        return try ClassifierRunner(model: model).predictions(encodings).map {
            Classification($0.probabilities, labels: labels, topK: topK)
        }
    }

    /// Measures the model on labelled texts; `progress` is told the share done.
    /// - Throws: `InputError` when a text cannot be used.
    public func evaluate(
        _ texts: [LabelledText], progress: (Double) -> Void = { _ in }
    ) throws -> ClassifierEvaluation {
        let encodings = try inputForm.encode(texts.map(\.text), with: tokenizer)
        let predictions = try ClassifierRunner(model: model).predictions(
            encodings, labels: texts.map { Int32($0.label) }, progress: progress)
        return try ClassifierEvaluation(texts, predictions, classCount: labels.count)
    }
}

/// What a classifier says of one text.
public struct Classification: Codable, Equatable, Sendable {
    public struct Candidate: Codable, Equatable, Sendable {
        /// The class's name.
        public let label: String
        /// 0 to 1; all classes together have 1.
        public let probability: Float
    }

    /// The most probable classes, the best first.
    public let candidates: [Candidate]

    /// The best class.
    public var label: String { candidates.first?.label ?? "" }
    public var probability: Float { candidates.first?.probability ?? 0 }

    init(_ probabilities: [Float], labels: [String], topK: Int) {
        // Ties go to the lower id, so that the order never depends on the sort.
        let order = probabilities.indices.sorted {
            (probabilities[$0], $1) > (probabilities[$1], $0)
        }
        candidates = order.prefix(max(topK, 1)).map {
            Candidate(label: labels[$0], probability: probabilities[$0])
        }
    }
}

/// The measures of a classifier on labelled texts, and what it got wrong.
public struct ClassifierEvaluation: Sendable {
    public let metrics: ClassificationMetrics
    /// Wrong predictions, the most confident first.
    public let mistakes: [RunReportContent.Mistake]

    init(_ texts: [LabelledText], _ predictions: [ClassifierRunner.Prediction], classCount: Int) throws {
        let losses = predictions.map { Double($0.loss ?? 0) }
        metrics = try ClassificationMetrics(
            gold: texts.map(\.label), predicted: predictions.map(\.best), classCount: classCount,
            loss: losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count))
        mistakes = zip(texts, predictions).compactMap { text, prediction in
            prediction.best == text.label
                ? nil
                : RunReportContent.Mistake(
                    text: text.text, gold: text.label, predicted: prediction.best,
                    probability: Double(prediction.probabilities[prediction.best]), line: text.line)
        }.sorted { $0.probability > $1.probability }
    }
}
