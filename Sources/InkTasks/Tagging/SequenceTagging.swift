import Foundation
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkTraining

/// The spans of a text with their types: named entities, words, terms.
public struct SequenceTagging: TaskKind {
    public static let name = TaskName.tagging
    public static let head = HeadKind.tokenClassification

    /// The rate at which BERT-like encoders are usually tuned; random weights want a higher one and more passes.
    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 5e-4 : 3e-5, batchSize: 32, epochs: fromScratch ? 10 : 4, maxLength: 128,
            selection: .init("F1", higherIsBetter: true))
    }

    public static let options = [
        TaskOption(
            "scheme", default: "auto", "How tags spell spans; auto: as the training file does, bio where it has spans.",
            values: ["auto"] + TagScheme.allCases.map(\.rawValue))
    ]

    /// The tags.
    public let tags: TagLabels
    public var labels: [String] { tags.names }
    private let decoder: TagDecoder
    /// Whether a tab in a question is white space.
    private var tabIsSpace = false

    /// A task of these tags.
    public init(_ tags: TagLabels) {
        self.tags = tags
        decoder = TagDecoder(tags.tags)
    }

    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        let names = try TaskHead(Self.head, of: folder.config).labels(folder)
        self.init(try TagLabels(names: names, location: "\(folder.configFile.path): id2label"))
    }

    // MARK: Data

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: SequenceTagging, train: TaskData<TaggingExample>) {
        let names = try settings.labels.map { try LabelSet(contentsOf: $0).names } ?? []
        let data = try TaggingReader(tagNames: names.contains("O") ? names : []).read(contentsOf: settings.train)
        let scheme = TagScheme(rawValue: try settings.optionValues()["scheme"]) ?? data.scheme ?? .bio
        let tags =
            try settings.labels.map { try TagLabels(contentsOf: $0, scheme: scheme) }
            ?? TagLabels(types: data.types, scheme: scheme, location: settings.train.path)
        let kind = SequenceTagging(tags)
        var train = try kind.checked(data, settings.train)
        let unused = Set(kind.tags.types).subtracting(data.types).sorted()
        if !unused.isEmpty { train.notes.insert("no training text has a span of \(LabelSet.excerpt(unused))", at: 0) }
        return (kind, train)
    }

    public func read(_ file: URL) throws -> TaskData<TaggingExample> {
        try checked(TaggingReader(tagNames: tags.names).read(contentsOf: file), file)
    }

    /// The texts, all of whose spans are of types that the labels have.
    private func checked(_ data: TaggingData, _ file: URL) throws -> TaskData<TaggingExample> {
        let types = Set(tags.types)
        if !types.isSuperset(of: data.types) {
            let known = try LabelSet(names: tags.types, location: file.path)
            for example in data.examples {
                guard let span = example.spans.first(where: { !types.contains($0.type) }) else { continue }
                throw known.unknown(
                    [span.type], at: "\(file.path):\(example.line)",
                    remedy: "correct the type, or give all types or tags with --labels when training")
            }
        }
        return TaskData(data.examples, notes: data.oddities.map(\.description))
    }

    public func question(_ line: String, at location: String) throws -> TaggingExample {
        let question = try TextQuestion(line, at: location, .text, tabIsSpace: tabIsSpace, labels: tags.names)
        let fields = question.text.split(separator: " ", omittingEmptySubsequences: false)
        if fields.count == 2, fields[0].count == 1, tags.names.contains(String(fields[1])) {
            throw InputError(
                at: location, "the line is a character with its tag, not a text", expected: "one text a line",
                found: Excerpt.of(line), remedy: "measure a tagged file with evaluate")
        }
        return TaggingExample(text: question.text, spans: [], line: 0)
    }

    public func reading(tab: TabMeaning) throws -> Self {
        var result = self
        result.tabIsSpace = try TextInput.reading(tab, .text).tabIsSpace
        return result
    }

    public func texts(of example: TaggingExample) -> [String] { [example.text] }
    public func line(of example: TaggingExample) -> Int? { example.line }

    public func usedLabels(of example: TaggingExample) -> [String] { example.spans.map(\.type) }

    public func gold(of example: TaggingExample) -> String {
        let text = ScalarText(example.text)
        return TypedSpan.summary(example.spans.map { ($0.type, text.piece($0.start..<$0.end)) })
    }

    // MARK: Model

    public func model(
        _ config: any EncoderConfig, headDropout: Float?, _ scope: ParameterScope
    ) throws -> TokenClassifier {
        try TokenClassifier(config, labelCount: labels.count, headDropout: headDropout, scope)
    }

    /// A long text in windows that overlap by a quarter; each token counts in the window that owns it.
    public func encode(_ examples: [TaggingExample], _ encoder: InputEncoder) throws -> [EncodedExample<TagTarget>] {
        let room = try encoder.room(isPair: false)
        return examples.enumerated().flatMap { index, example in
            let analysis = encoder.tokenizer.analyze(example.text)
            let (names, cut) = tags.scheme.encode(example.spans, units: analysis.offsets)
            let ids = names.map(tags.id)
            return TokenWindow.windows(count: ids.count, room: room, overlap: room / 4).map { window in
                let (sequence, start) = encoder.sequence([analysis.ids[window.tokens]])
                let shift = start - window.tokens.lowerBound
                var labels = [Int32](repeating: -100, count: sequence.ids.count)
                for token in window.owned { labels[token + shift] = ids[token] }
                let target = TagTarget(
                    labels: labels, owned: window.owned.lowerBound + shift..<window.owned.upperBound + shift,
                    offsets: analysis.offsets[window.owned], cutSpans: window.owned.lowerBound == 0 ? cut : 0)
                return EncodedExample(example: index, sequences: [sequence], target: target)
            }
        }
    }

    /// The loss is a mean over tokens.
    public func weight(of example: EncodedExample<TagTarget>) -> Double { Double(example.target.known) }

    private func crossEntropy(
        _ model: TokenClassifier, _ batch: [EncodedExample<TagTarget>], _ pass: Pass
    ) throws -> CrossEntropy {
        pass.crossEntropy(try model(EncoderInput(batch), pass), labels: batch.flatMap(\.target.labels))
    }

    public func loss(
        _ model: TokenClassifier, _ batch: [EncodedExample<TagTarget>], _ pass: Pass
    ) throws -> BatchLoss {
        BatchLoss(loss: try crossEntropy(model, batch, pass).loss)
    }

    public func outputs(
        _ model: TokenClassifier, _ batch: [EncodedExample<TagTarget>], _ pass: Pass
    ) throws -> [TagScores] {
        TagScores.rows(try crossEntropy(model, batch, pass), batch.map(\.target))
    }

    public func answer(
        _ example: TaggingExample, _ encoded: ArraySlice<EncodedExample<TagTarget>>, _ outputs: ArraySlice<TagScores>
    ) -> TaggedText {
        let scores = outputs.flatMap(\.logProbabilities)
        let offsets = encoded.flatMap(\.target.offsets)
        let path = decoder.decode(scores)
        let text = ScalarText(example.text)
        let entities = TagScheme.spans(of: path.map { tags.tags[$0] }).compactMap { span -> TaggedText.Entity? in
            let tokens = span.start..<span.end
            // A token without a character of its own, such as a lone mark of SentencePiece, adds nothing.
            guard let start = tokens.lazy.map({ offsets[$0].lowerBound }).min(),
                let end = tokens.lazy.map({ offsets[$0].upperBound }).max(), start < end
            else { return nil }
            let lowest = tokens.map { scores[$0 * labels.count + path[$0]] }.min() ?? 0
            return TaggedText.Entity(
                type: span.type, text: text.piece(start..<end), start: start, end: end, probability: exp(lowest))
        }
        var agreement = TaggedText.Agreement()
        for (label, tag) in zip(encoded.flatMap { $0.target.labels[$0.target.owned] }, path) where label >= 0 {
            agreement.known += 1
            if Int(label) == tag { agreement.right += 1 }
        }
        agreement.cut = encoded.reduce(0) { $0 + $1.target.cutSpans }
        return TaggedText(entities: entities, agreement: agreement)
    }

    // MARK: Measures

    public func isRight(_ answer: TaggedText, to example: TaggingExample) -> Bool? {
        Set(example.spans) == Set(answer.entities.map(\.span))
    }

    public func evaluation(_ examples: [TaggingExample], _ answers: [TaggedText]) throws -> TaskEvaluation {
        let scores = try EntityMetrics(gold: examples.map(\.spans), predicted: answers.map { $0.entities.map(\.span) })
        let micro = scores.microAverage
        let right = answers.reduce(0) { $0 + $1.agreement.right }
        let known = answers.reduce(0) { $0 + $1.agreement.known }
        let cut = answers.reduce(0) { $0 + $1.agreement.cut }
        let metrics = TaskMetrics(
            count: examples.count,
            measures: [
                .init("F1", micro.f1), .init("precision", micro.precision), .init("recall", micro.recall),
                .init("macro F1", scores.macroAverage.f1),
                .init("token accuracy", known == 0 ? 0 : Double(right) / Double(known)),
            ],
            scores: scores.types.map { .init($0.type, $0.scores) },
            averages: [
                .init("micro avg", micro), .init("macro avg", scores.macroAverage),
                .init("weighted avg", scores.weightedAverage),
            ],
            notes: cut == 0 ? [] : ["spans that begin or end inside a token: \(cut), cannot be found exactly"])
        return TaskEvaluation(metrics: metrics, mistakes: mistakes(examples, answers))
    }

    /// Texts whose spans are not those of the data, by the surest wrong one; texts that only miss some come last.
    private func mistakes(_ examples: [TaggingExample], _ answers: [TaggedText]) -> [Mistake] {
        zip(examples, answers).compactMap { example, answer -> Mistake? in
            guard isRight(answer, to: example) == false else { return nil }
            let gold = Set(example.spans)
            let wrong = answer.entities.filter { !gold.contains($0.span) }.map { Double($0.probability) }
            return Mistake(
                text: example.text, gold: self.gold(of: example),
                predicted: answer.summary, probability: wrong.max(),
                line: example.line)
        }.sorted { ($0.probability ?? 0) > ($1.probability ?? 0) }
    }
}
