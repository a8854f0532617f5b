/// Counts behind precision, recall and F1.
struct AgreementCounts {
    var right = 0
    var predicted = 0
    var gold = 0

    mutating func add(_ other: AgreementCounts) {
        right += other.right
        predicted += other.predicted
        gold += other.gold
    }

    /// The scores; 0 where a denominator is.
    var scores: ClassificationMetrics.Scores {
        func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
        return ClassificationMetrics.Scores(
            precision: ratio(right, predicted), recall: ratio(right, gold), f1: ratio(2 * right, predicted + gold),
            support: gold)
    }

    /// The weighted mean of scores; all 0 when the weights are.
    static func mean(
        of scores: [ClassificationMetrics.Scores], weight: (ClassificationMetrics.Scores) -> Double
    ) -> ClassificationMetrics.Scores {
        let total = scores.reduce(0) { $0 + weight($1) }
        func mean(_ value: (ClassificationMetrics.Scores) -> Double) -> Double {
            total == 0 ? 0 : scores.reduce(0) { $0 + value($1) * weight($1) } / total
        }
        return ClassificationMetrics.Scores(
            precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1),
            support: scores.reduce(0) { $0 + $1.support })
    }
}
