import InkSupport

/// How well predicted scores follow the gold ones.
public struct SimilarityMetrics: Codable, Equatable, Sendable {
    /// The rank correlation; nil where all gold or all predicted scores are equal.
    public let spearman: Double?
    /// The linear correlation; nil where all gold or all predicted scores are equal.
    public let pearson: Double?
    /// The number of pairs.
    public let count: Int

    /// Throws `InputError` when the lists differ in length or are empty, or a score is not a finite number.
    public init(gold: [Double], predicted: [Double]) throws {
        guard gold.count == predicted.count, !gold.isEmpty, (gold + predicted).allSatisfy(\.isFinite) else {
            throw InputError(
                .run, at: "evaluation", "gold and predicted scores must be equally many finite numbers",
                found: "\(gold.count) gold, \(predicted.count) predicted")
        }
        count = gold.count
        pearson = Self.pearson(gold, predicted)
        spearman = Self.pearson(Self.ranks(gold), Self.ranks(predicted))
    }

    /// Ranks from 1; equal values share the mean of theirs.
    static func ranks(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var ranks = [Double](repeating: 0, count: values.count)
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
            for place in start..<end { ranks[order[place]] = Double(start + end + 1) / 2 }
            start = end
        }
        return ranks
    }

    private static func pearson(_ left: [Double], _ right: [Double]) -> Double? {
        let leftMean = left.reduce(0, +) / Double(left.count)
        let rightMean = right.reduce(0, +) / Double(right.count)
        var product = 0.0
        var leftSquares = 0.0
        var rightSquares = 0.0
        for (x, y) in zip(left, right) {
            product += (x - leftMean) * (y - rightMean)
            leftSquares += (x - leftMean) * (x - leftMean)
            rightSquares += (y - rightMean) * (y - rightMean)
        }
        let scale = leftSquares.squareRoot() * rightSquares.squareRoot()
        return scale > 0 ? min(1, max(-1, product / scale)) : nil
    }
}
