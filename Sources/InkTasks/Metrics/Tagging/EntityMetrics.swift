import InkSupport

/// How well predicted spans agree with the gold ones: a span counts as right when type, start and end are, as seqeval
/// counts (`zero_division=0`).
public struct EntityMetrics: Codable, Equatable, Sendable {
    /// Precision, recall, F1 and the number of gold spans.
    public typealias Scores = ClassificationMetrics.Scores

    /// The scores of a type.
    public struct TypeScores: Codable, Equatable, Sendable {
        public let type: String
        public let scores: Scores
    }

    /// Over all spans together.
    public let microAverage: Scores
    /// The plain mean over the types that occur in gold or predicted spans.
    public let macroAverage: Scores
    /// The mean over the types weighted by their gold spans.
    public let weightedAverage: Scores
    /// Each type, sorted by name.
    public let types: [TypeScores]

    /// Compares spans text by text; a span given twice counts once. Throws `InputError` when the lists differ in
    /// length.
    public init(gold: [[TypedSpan]], predicted: [[TypedSpan]]) throws {
        guard gold.count == predicted.count else {
            throw InputError(
                .run, at: "evaluation", "gold and predicted texts must be equally many",
                found: "\(gold.count) gold, \(predicted.count) predicted")
        }
        var counts: [String: AgreementCounts] = [:]
        for (gold, predicted) in zip(gold, predicted) {
            let gold = Set(gold)
            for span in gold { counts[span.type, default: .init()].gold += 1 }
            for span in Set(predicted) {
                counts[span.type, default: .init()].predicted += 1
                if gold.contains(span) { counts[span.type, default: .init()].right += 1 }
            }
        }
        types = counts.sorted { $0.key < $1.key }.map { TypeScores(type: $0.key, scores: $0.value.scores) }
        microAverage = counts.values.reduce(into: AgreementCounts()) { $0.add($1) }.scores
        macroAverage = AgreementCounts.mean(of: types.map(\.scores)) { _ in 1 }
        weightedAverage = AgreementCounts.mean(of: types.map(\.scores)) { Double($0.support) }
    }

    /// Compares sequences of tags; `scheme` nil reads them as conlleval does, otherwise strictly. Throws `InputError`
    /// when the sequences differ in length.
    public init(goldTags: [[TagScheme.Tag]], predictedTags: [[TagScheme.Tag]], strict scheme: TagScheme? = nil) throws {
        for (index, (gold, predicted)) in zip(goldTags, predictedTags).enumerated() where gold.count != predicted.count
        {
            throw InputError(
                .run, at: "evaluation: text \(index)", "gold and predicted tags must be equally many",
                found: "\(gold.count) gold, \(predicted.count) predicted")
        }
        let read = { (tags: [TagScheme.Tag]) in scheme?.strictSpans(of: tags) ?? TagScheme.spans(of: tags) }
        try self.init(gold: goldTags.map(read), predicted: predictedTags.map(read))
    }
}
