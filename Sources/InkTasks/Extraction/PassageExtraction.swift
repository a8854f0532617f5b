import Foundation
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkText
import InkTraining

/// The piece of a passage that answers a question.
public struct PassageExtraction: TaskKind {
    public static let name = TaskName.extraction
    public static let head = HeadKind.questionAnswering

    /// Rate, batch and length of Mengzi's table for CMRC 2018 (5e-5, 8, 512 tokens), with three of its five epochs.
    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 3e-4 : 5e-5, batchSize: 8, epochs: 3, maxLength: 512,
            selection: .init("F1", higherIsBetter: true))
    }

    public static let options = [
        TaskOption("overlap", default: "128", "Tokens that two windows of a long passage share."),
        TaskOption("longest-answer", default: "50", "Most tokens of an answer."),
    ]

    /// Most tokens of a question, as in BERT's `run_squad.py`; the rest is not read.
    private static let longestQuestion = 64

    public let labels: [String] = []
    public let parameters: [String: String]
    private let overlap: Int
    private let search: SpanSearch
    /// Whether the training data has questions without an answer; then an empty one may be the best.
    private let allowsEmpty: Bool

    private init(overlap: Int, longestAnswer: Int, allowsEmpty: Bool) {
        self.overlap = overlap
        search = SpanSearch(longestAnswer: longestAnswer)
        self.allowsEmpty = allowsEmpty
        parameters = [
            "overlap": "\(overlap)", "longest-answer": "\(longestAnswer)", "empty-answers": "\(allowsEmpty)",
        ]
    }

    private init(_ values: TaskOptionValues, allowsEmpty: Bool) throws {
        self.init(
            overlap: Int(try values.number("overlap", in: 0...10_000)),
            longestAnswer: Int(try values.number("longest-answer", in: 1...10_000)), allowsEmpty: allowsEmpty)
    }

    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        var given = description?.parameters ?? [:]
        let allowsEmpty = given.removeValue(forKey: "empty-answers") == "true"
        try self.init(TaskOptionValues(given, for: Self.name), allowsEmpty: allowsEmpty)
    }

    // MARK: Data

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: PassageExtraction, train: TaskData<ExtractionExample>) {
        let data = try ExtractionReader().read(contentsOf: settings.train)
        guard data.examples.contains(where: { $0.answers.isEmpty || $0.answers.contains { $0.start != nil } }) else {
            throw InputError(
                at: settings.train.path, "no answer stands in its passage",
                expected: "answers that are pieces of the passage, with answer_start", remedy: "see inkstone tasks")
        }
        let allowsEmpty = data.examples.contains(where: \.answers.isEmpty)
        return (try PassageExtraction(settings.optionValues(), allowsEmpty: allowsEmpty), taskData(data))
    }

    public func read(_ file: URL) throws -> TaskData<ExtractionExample> {
        Self.taskData(try ExtractionReader().read(contentsOf: file))
    }

    private static func taskData(_ data: ExtractionData) -> TaskData<ExtractionExample> {
        TaskData(data.examples, notes: data.oddities.map(\.description))
    }

    public func question(_ line: String, at location: String) throws -> ExtractionExample {
        let record = try JSONQuestion.record(line, at: location, form: #"{"context": "…", "question": "…"}"#)
        let context = try record.required("context", "passage", "context_text")
        guard try !context.string().allSatisfy(\.isWhitespace) else {
            throw InputError(at: context.location, "the passage is empty")
        }
        return ExtractionExample(
            id: location, context: try context.string(),
            question: try record.required("question", "query_text").string(), answers: [], line: record.line)
    }

    public func texts(of example: ExtractionExample) -> [String] { [example.question, example.context] }
    public func line(of example: ExtractionExample) -> Int? { example.line }

    public func gold(of example: ExtractionExample) -> String {
        var seen: Set<String> = []
        return example.answers.map(\.text).filter { seen.insert($0).inserted }.joined(separator: " | ")
    }

    // MARK: Model

    public func model(
        _ config: any EncoderConfig, headDropout: Float?, _ scope: ParameterScope
    ) throws -> SpanExtractor {
        try SpanExtractor(config, scope)
    }

    public func encode(
        _ examples: [ExtractionExample], _ encoder: InputEncoder
    ) throws -> [EncodedExample<SpanTarget>] {
        let room = try encoder.room(isPair: true)
        var passage = (text: "", analysis: TextAnalysis())
        return examples.enumerated().flatMap { index, example in
            // The questions on a passage stand side by side.
            if passage.text != example.context {
                passage = (example.context, encoder.tokenizer.analyze(example.context))
            }
            let analysis = passage.analysis
            let wholeQuestion = encoder.tokenizer.analyze(example.question).ids
            let question = wholeQuestion.prefix(min(Self.longestQuestion, room / 2))
            let left = room - question.count
            let answer = answerTokens(example, analysis.offsets)
            return TokenWindow.windows(count: analysis.count, room: left, overlap: min(overlap, left / 2)).map {
                window in
                let (sequence, start) = encoder.sequence([question, analysis.ids[window.tokens]])
                let shift = start - window.tokens.lowerBound
                let (first, last): (Int32, Int32) =
                    switch answer {
                    case .unknown: (-100, -100)
                    case .tokens(let tokens) where window.tokens.contains(tokens):
                        (Int32(tokens.lowerBound + shift), Int32(tokens.upperBound + shift))
                    case .tokens, .none: (0, 0)
                    }
                let base = window.tokens.lowerBound
                var target = SpanTarget(
                    first: first, last: last, passage: start..<start + window.tokens.count,
                    owned: window.owned.lowerBound - base..<window.owned.upperBound - base,
                    offsets: analysis.offsets[window.tokens])
                target.questionCut = wholeQuestion.count - question.count
                return EncodedExample(example: index, sequences: [sequence], target: target)
            }
        }
    }

    /// Questions that are cut, and right answers that cannot be given.
    public func inputNotes(
        _ examples: [ExtractionExample], _ encoded: [EncodedExample<SpanTarget>], place: (Int) -> String
    ) -> [String] {
        var cut: [Int] = []
        var torn: [Int] = []
        var long: [Int] = []
        var next = 0
        for index in examples.indices {
            let start = next
            while next < encoded.count, encoded[next].example == index { next += 1 }
            let targets = encoded[start..<next].lazy.map(\.target)
            if targets.contains(where: { $0.questionCut > 0 }) { cut.append(index) }
            if let answer = targets.first(where: { $0.first > 0 }) {
                if Int(answer.last - answer.first) + 1 > search.longestAnswer { long.append(index) }
            } else if !examples[index].answers.isEmpty, targets.allSatisfy({ $0.first == 0 }) {
                torn.append(index)
            }
        }
        func note(_ indices: [Int], _ what: String, _ remedy: String) -> [String] {
            guard let first = indices.first else { return [] }
            return ["\(indices.count) of \(examples.count) \(what), the first at \(place(first)); \(remedy)"]
        }
        return note(
            cut, "questions are longer than \(Self.longestQuestion) tokens, or half the input, and are cut",
            "put what is asked first")
            + note(
                torn, "right answers are in no window whole and cannot be learnt or found",
                "a larger --max-length or --task-option overlap has them whole")
            + note(
                long, "right answers are longer than \(search.longestAnswer) tokens and cannot be given",
                "--task-option longest-answer=… allows them")
    }

    private enum AnswerPlace {
        case none, unknown
        case tokens(ClosedRange<Int>)
    }

    /// The tokens of the first answer that the passage has.
    private func answerTokens(_ example: ExtractionExample, _ offsets: [Range<Int>]) -> AnswerPlace {
        guard !example.answers.isEmpty else { return .none }
        guard let range = example.answers.lazy.compactMap(\.range).first,
            let first = offsets.firstIndex(where: { $0.upperBound > range.lowerBound }),
            let last = offsets.lastIndex(where: { $0.lowerBound < range.upperBound }), first <= last
        else { return .unknown }
        return .tokens(first...last)
    }

    /// A window whose answer is not known has no loss.
    public func weight(of example: EncodedExample<SpanTarget>) -> Double { example.target.first < 0 ? 0 : 1 }

    private func batch(
        _ model: SpanExtractor, _ batch: [EncodedExample<SpanTarget>], _ pass: Pass
    ) throws -> SpanBatch {
        let input = EncoderInput(batch)
        return SpanBatch(try model(input, pass), input.layout, batch.map(\.target), pass)
    }

    public func loss(
        _ model: SpanExtractor, _ batch: [EncodedExample<SpanTarget>], _ pass: Pass
    ) throws -> BatchLoss {
        BatchLoss(loss: try self.batch(model, batch, pass).loss)
    }

    public func outputs(
        _ model: SpanExtractor, _ batch: [EncodedExample<SpanTarget>], _ pass: Pass
    ) throws -> [SpanScores] {
        try self.batch(model, batch, pass).scores(batch.map(\.target))
    }

    public func answer(
        _ example: ExtractionExample, _ encoded: ArraySlice<EncodedExample<SpanTarget>>,
        _ outputs: ArraySlice<SpanScores>
    ) -> ExtractedAnswer {
        var best = search.best(zip(encoded.map(\.target), outputs).lazy.map { (target: $0, scores: $1) })
        if allowsEmpty, let empty = outputs.map(\.empty).min() {
            // As in run_squad.py: the window that is least sure of having no answer decides.
            let place = best.firstIndex { $0.score < empty } ?? best.count
            best.insert(SpanSearch.Candidate(range: 0..<0, score: empty), at: place)
        }
        return ExtractedAnswer(best, in: example.context)
    }

    // MARK: Measures

    public func isRight(_ answer: ExtractedAnswer, to example: ExtractionExample) -> Bool? {
        ExtractionMetrics.scores(answer.text, answers: example.answers.map(\.text)).exactMatch
    }

    public func evaluation(_ examples: [ExtractionExample], _ answers: [ExtractedAnswer]) throws -> TaskEvaluation {
        let scores = try ExtractionMetrics(
            answers: examples.map { $0.answers.map(\.text) }, predictions: answers.map(\.text))
        let metrics = TaskMetrics(
            count: examples.count,
            measures: [
                .init("F1", scores.f1), .init("exact match", scores.exactMatch), .init("average", scores.average),
            ])
        let mistakes = zip(examples, answers).compactMap { example, answer -> Mistake? in
            guard isRight(answer, to: example) == false else { return nil }
            return Mistake(
                text: "\(example.question) ‖ \(DisplayWidth.truncate(example.context, to: 120))",
                gold: gold(of: example), predicted: answer.text, probability: Double(answer.probability),
                line: example.line)
        }
        return TaskEvaluation(
            metrics: metrics, mistakes: mistakes.sorted { ($0.probability ?? 0) > ($1.probability ?? 0) })
    }
}

extension Range<Int> {
    fileprivate func contains(_ other: ClosedRange<Int>) -> Bool {
        contains(other.lowerBound) && contains(other.upperBound)
    }
}
