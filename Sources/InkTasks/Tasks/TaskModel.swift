import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkText

/// A fine-tuned model folder, ready to answer.
///
/// Safe to call from many tasks at once: each call runs its own pass over shared, unchanging weights.
public final class TaskModel<Kind: TaskKind>: Sendable {
    /// The task as the folder poses it.
    public let kind: Kind
    /// How texts become ids.
    public let encoder: InputEncoder
    /// What was loaded and what was ignored.
    public let account: LoadAccount
    private let model: Kind.Model

    /// Opens a run folder, or any Hugging Face folder of a supported encoder with the task's head.
    /// - Parameters:
    ///   - maxLength: most tokens of an input; nil for what the run folder says, else what the model allows.
    ///   - threshold: from which probability on the positive class of two, or a label of several, is given; nil for what
    ///     the run folder says.
    /// - Throws: `InputError` when a file is missing or damaged, the model lacks the head, or the task has no threshold.
    public init(contentsOf folder: URL, maxLength: Int? = nil, threshold: Double? = nil) throws {
        let files = try ModelFolder(contentsOf: folder)
        var description = try RunDescription.read(from: folder)
        if let description, description.task != Kind.name {
            throw InputError(
                .usage, at: folder.path, "was trained for another task", expected: Kind.name.rawValue,
                found: description.task.rawValue)
        }
        if let threshold {
            guard (0...1).contains(threshold), description != nil,
                Kind.options.contains(where: { $0.name == "threshold" })
            else {
                throw InputError(
                    .usage, at: "--threshold", "cannot be used",
                    expected: "0 to 1, and a run folder of a task with a threshold: two classes, multi-label, typing",
                    found: "\(threshold) for \(Kind.name.rawValue)")
            }
            description?.parameters["threshold"] = "\(threshold)"
        }
        let tokenizer = try Tokenizers.open(folder)
        let longest = min(files.config.maxPositions, tokenizer.modelMaxLength ?? .max)
        var form = description?.inputForm ?? InputForm(maxLength: longest)
        if let maxLength { form.maxLength = maxLength }
        guard form.maxLength >= InputForm.shortest, form.maxLength <= files.config.maxPositions else {
            throw InputError(
                .usage, at: "--max-length", "the model cannot use this length",
                expected: "\(InputForm.shortest) to \(files.config.maxPositions)", found: "\(form.maxLength)")
        }
        encoder = InputEncoder(tokenizer, form, maxPositions: files.config.maxPositions)
        try TaskHead(Kind.head, of: files.config).require(in: files)
        kind = try Kind(files, description)
        let source = files.parameterSource(use: .inference)
        model = try kind.model(files.config, headDropout: nil, ParameterScope(source))
        account = source.account()
    }

    /// The answers to examples, in their order; `progress` is told the share done.
    /// - Throws: `InputError` when an example cannot be used.
    public func answers(
        to examples: [Kind.Example], progress: (Double) -> Void = { _ in }
    ) throws -> [Kind.Answer] {
        try run(examples, progress: progress).answers
    }

    /// The same, with what is odd about the inputs counted.
    /// - Parameter place: where an example stands, by its number.
    func answers(
        to examples: [Kind.Example], noting notes: inout InputNotes, place: (Int) -> String
    ) throws -> [Kind.Answer] {
        let (encoded, _, answers) = try run(examples) { _ in }
        kind.look(at: examples, encoded, encoder, place: place, &notes)
        return answers
    }

    /// Measures the model on examples with right answers.
    /// - Parameter file: the name of the file they come from, for notes.
    /// - Throws: `InputError` when an example cannot be used.
    public func evaluate(
        _ examples: [Kind.Example], from file: String? = nil, progress: (Double) -> Void = { _ in }
    ) throws -> TaskEvaluation {
        try measured(examples, from: file, progress: progress).evaluation
    }

    /// As `evaluate`, with the answers that were measured.
    func measured(
        _ examples: [Kind.Example], from file: String?, progress: (Double) -> Void = { _ in }
    ) throws -> (evaluation: TaskEvaluation, answers: [Kind.Answer]) {
        let (encoded, outputs, answers) = try run(examples, progress: progress)
        var evaluation = try kind.evaluation(examples, answers)
        evaluation.metrics.loss = MeanLoss.of(outputs.map(\.loss))
        evaluation.metrics.notes += kind.notes(examples, encoded, encoder, file: file)
        return (evaluation, answers)
    }

    private func run(
        _ examples: [Kind.Example], progress: (Double) -> Void
    ) throws -> (encoded: [EncodedExample<Kind.Target>], outputs: [Kind.Output], answers: [Kind.Answer]) {
        let encoded = try kind.encode(examples, encoder)
        let runner = ModelRunner(kind: kind, model: model)
        let outputs = try runner.outputs(encoded, progress: progress)
        return (encoded, outputs, runner.answers(examples, encoded, outputs))
    }
}

/// Mean of the losses that are known.
enum MeanLoss {
    /// - Parameter batch: the mean of the means of batches of this size, as the reference recipe computes it; 0 for
    ///   the plain mean.
    static func of(_ losses: [Float?], batch: Int = 0) -> Double? {
        let known = losses.compactMap { $0.map(Double.init) }
        guard !known.isEmpty else { return nil }
        let size = batch == 0 ? known.count : batch
        let means = stride(from: 0, to: known.count, by: size).map { start in
            let part = known[start..<min(start + size, known.count)]
            return part.reduce(0, +) / Double(part.count)
        }
        return means.reduce(0, +) / Double(means.count)
    }
}
