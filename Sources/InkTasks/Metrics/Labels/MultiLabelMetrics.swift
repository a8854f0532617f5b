import InkSupport

/// How well predicted sets of labels agree with the gold ones, counted as scikit-learn does (`zero_division=0`): for
/// several labels a text, and for single ones of which some do not count (`no_relation`).
public struct MultiLabelMetrics: Codable, Equatable, Sendable {
    /// Precision, recall, F1 and the number of gold labels.
    public typealias Scores = ClassificationMetrics.Scores

    /// Over all labels together.
    public let microAverage: Scores
    /// The plain mean over the classes that count.
    public let macroAverage: Scores
    /// The mean over them weighted by their gold labels.
    public let weightedAverage: Scores
    /// Each class in the order of the ids, also those that do not count.
    public let classes: [Scores]
    /// How often each class was predicted.
    public let predictedCounts: [Int]
    /// The share of texts all of whose labels are right and none too many.
    public let exactMatch: Double
    /// The number of texts.
    public let count: Int

    /// Compares ids text by text; `excluded` classes are in no average. Throws `InputError` when the lists differ in
    /// length or are empty, hold an id outside `0..<classCount`, or all classes are excluded.
    public init(gold: [[Int]], predicted: [[Int]], classCount: Int, excluded: Set<Int> = []) throws {
        guard gold.count == predicted.count, !gold.isEmpty else {
            throw InputError(
                .run, at: "evaluation", "gold and predicted labels must be of equally many texts and at least one",
                found: "\(gold.count) gold, \(predicted.count) predicted")
        }
        let ids = 0..<max(classCount, 0)
        let counted = ids.filter { !excluded.contains($0) }
        guard !counted.isEmpty else {
            throw InputError(
                .run, at: "evaluation", "no class counts", found: "\(classCount) classes, \(excluded.count) excluded")
        }
        var counts = [AgreementCounts](repeating: AgreementCounts(), count: ids.count)
        var exact = 0
        for (index, (gold, predicted)) in zip(gold, predicted).enumerated() {
            let gold = Set(gold)
            let predicted = Set(predicted)
            guard gold.union(predicted).allSatisfy(ids.contains) else {
                throw InputError(
                    .run, at: "evaluation: text \(index)", "a label outside the list of classes",
                    expected: "0…\(classCount - 1)", found: "gold \(gold.sorted()), predicted \(predicted.sorted())")
            }
            for id in gold { counts[id].gold += 1 }
            for id in predicted { counts[id].predicted += 1 }
            for id in gold.intersection(predicted) { counts[id].right += 1 }
            if gold == predicted { exact += 1 }
        }
        classes = counts.map(\.scores)
        predictedCounts = counts.map(\.predicted)
        let scores = counted.map { counts[$0].scores }
        microAverage = counted.reduce(into: AgreementCounts()) { $0.add(counts[$1]) }.scores
        macroAverage = AgreementCounts.mean(of: scores) { _ in 1 }
        weightedAverage = AgreementCounts.mean(of: scores) { Double($0.support) }
        exactMatch = Double(exact) / Double(gold.count)
        count = gold.count
    }
}
