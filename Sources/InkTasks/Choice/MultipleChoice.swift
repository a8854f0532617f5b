import Foundation
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkText
import InkTraining

/// One of several answers to a question on a passage, or for the gap of a cloze.
///
/// Each answer is read with the passage, `[CLS] passage [SEP] question answer [SEP]`, as in the usual set-up of RACE and
/// C3, and gets a score; a softmax over the answers of a question makes them probabilities. The passage of a cloze has
/// `[MASK]` at the gap. A passage that is too long gives way, around the gap where there is one; question and answer
/// never do.
public struct MultipleChoice: TaskKind {
    public static let name = TaskName.choice
    public static let head = HeadKind.multipleChoice

    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 5e-4 : 2e-5, batchSize: 24, epochs: 5, maxLength: 512,
            selection: .init("accuracy", higherIsBetter: true))
    }

    public let labels: [String] = []

    public init() {}
    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        if let count = folder.outputCount(Self.head), count != 1 {
            throw InputError(
                at: folder.url.path, "has no head for this task", expected: "one score for each answer",
                found: "a head for \(count) classes",
                remedy: "fine-tune it first: inkstone finetune --task choice --model \(folder.url.path) …")
        }
    }

    // MARK: Data

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: MultipleChoice, train: TaskData<ChoiceExample>) {
        let kind = MultipleChoice()
        return (kind, try kind.read(settings.train))
    }

    public func read(_ file: URL) throws -> TaskData<ChoiceExample> {
        let data = try ChoiceReader().read(contentsOf: file)
        return TaskData(data.examples, notes: data.oddities.map(\.description))
    }

    public func question(_ line: String, at location: String) throws -> ChoiceExample {
        let examples = try ChoiceReader(allowsUnlabelled: true).read(line, at: location)
        guard examples.count == 1, var question = examples.first else {
            throw InputError(
                at: location, "the line is not one question", expected: "one question, or a text with one gap",
                found: "\(examples.count)", remedy: "write a line for each")
        }
        question.answer = nil
        return question
    }

    public func texts(of example: ChoiceExample) -> [String] { [example.context, example.question] + example.choices }
    public func line(of example: ChoiceExample) -> Int? { example.line }
    public func gold(of example: ChoiceExample) -> String { example.answer.map { example.choices[$0] } ?? "" }

    // MARK: Model

    public func model(
        _ config: any EncoderConfig, headDropout: Float?, _ scope: ParameterScope
    ) throws -> SequenceClassifier {
        try SequenceClassifier(choiceOf: config, headDropout: headDropout, scope)
    }

    public func encode(_ examples: [ChoiceExample], _ encoder: InputEncoder) throws -> [EncodedExample<Int32>] {
        try examples.enumerated().map { index, example in
            EncodedExample(
                example: index, sequences: try sequences(example, encoder),
                target: ClassProbabilities.target(example.answer ?? -1))
        }
    }

    private func sequences(_ example: ChoiceExample, _ encoder: InputEncoder) throws -> [TokenSequence] {
        let tokenizer = encoder.tokenizer
        // Several gaps of one text ask for the same answer; the first one decides what is kept.
        let gap = example.isCloze ? example.context.range(of: ChoiceExample.blank) : nil
        let mark = tokenizer.maskID.flatMap { tokenizer.token(of: $0) } ?? "____"
        let place = gap.map { gap in
            let start = example.context[..<gap.lowerBound].unicodeScalars.count
            return start..<start + mark.unicodeScalars.count
        }
        let passage = tokenizer.analyze(
            gap == nil ? example.context : example.context.replacing(ChoiceExample.blank, with: mark))
        let room = try encoder.room(isPair: true)
        return try example.choices.map { choice in
            let answer = tokenizer.analyze(example.question.isEmpty ? choice : "\(example.question) \(choice)").ids
            guard answer.count <= room,
                let ids = passage.ids(keeping: place.map { [$0] } ?? [], room: room - answer.count)
            else {
                throw encoder.tooLong(
                    "the question with an answer", line: example.line,
                    needed: answer.count + encoder.form.maxLength - room + (place == nil ? 0 : 1))
            }
            var sequence = encoder.sequence([ids[...], answer[...]]).sequence
            sequence.unread = UnreadTokens(first: passage.count - ids.count, second: 0)
            return sequence
        }
    }

    /// One row of scores for each question, [B, answers]; rows of fewer answers are filled up with scores so low that
    /// they have no share in the softmax.
    private func scores(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> Tensor {
        let scores = try model(EncoderInput(batch), pass)
        let width = batch.reduce(0) { max($0, $1.sequences.count) }
        if batch.allSatisfy({ $0.sequences.count == width }) { return pass.reshape(scores, [batch.count, width]) }
        var rows: [Int32] = []
        rows.reserveCapacity(batch.count * width)
        var next: Int32 = 0
        let filler = Int32(scores.rows)
        for example in batch {
            let count = Int32(example.sequences.count)
            rows += next..<next + count
            rows += repeatElement(filler, count: width - example.sequences.count)
            next += count
        }
        let extended = pass.concatenateRows([scores, Tensor([-1e9], shape: [1, 1])])
        return pass.reshape(pass.gatherRows(extended, rows), [batch.count, width])
    }

    public func loss(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> BatchLoss {
        let labels = batch.map(\.target)
        return BatchLoss(pass.crossEntropy(try scores(model, batch, pass), labels: labels), labels: labels)
    }

    public func outputs(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> [ClassProbabilities] {
        let labels = batch.map(\.target)
        return ClassProbabilities.rows(
            pass.crossEntropy(try scores(model, batch, pass), labels: labels), labels: labels)
    }

    public func answer(
        _ example: ChoiceExample, _ encoded: ArraySlice<EncodedExample<Int32>>,
        _ outputs: ArraySlice<ClassProbabilities>
    ) -> Classification {
        let probabilities = outputs[outputs.startIndex].values.prefix(example.choices.count)
        return Classification(Array(probabilities), labels: example.choices)
    }

    public func isRight(_ answer: Classification, to example: ChoiceExample) -> Bool? { answer.best == example.answer }

    public func evaluation(_ examples: [ChoiceExample], _ answers: [Classification]) throws -> TaskEvaluation {
        guard !examples.isEmpty, examples.count == answers.count else {
            throw InputError(.run, at: "evaluation", "there is no question to measure")
        }
        var right = 0.0
        var tied: [Int] = []
        var mistakes: [Mistake] = []
        for (example, answer) in zip(examples, answers) {
            // Of choices with one and the same score each is as good an answer: the order of the file must not decide.
            let best = answer.candidates.prefix { $0.probability == answer.probability }
            let gold = gold(of: example)
            if let found = best.first(where: { $0.label == gold }) {
                right += 1 / Double(best.count)
                if best.count == 1 { continue }
                tied.append(example.line)
                if best.allSatisfy({ $0.label == found.label }) { continue }
            }
            mistakes.append(
                Mistake(
                    text: [example.context, example.question].filter { !$0.isEmpty }.joined(separator: " ‖ "),
                    gold: gold, predicted: best.first { $0.label != gold }?.label ?? answer.label,
                    probability: Double(answer.probability), line: example.line))
        }
        let note = tied.first.map {
            "choices of equal score, the right one among them: \(tied.count) of \(examples.count) questions, each counts as "
                + "its share; the first on line \($0)"
        }
        return TaskEvaluation(
            metrics: TaskMetrics(
                count: examples.count, measures: [.init("accuracy", right / Double(examples.count))],
                notes: note.map { [$0] } ?? []),
            mistakes: mistakes.sorted { ($0.probability ?? 0) > ($1.probability ?? 0) })
    }
}
