import InkSupport

/// How well predicted classes agree with the gold ones, counted as scikit-learn does (`zero_division=0`): a precision,
/// recall or F1 whose denominator is zero is 0, and macro averages run over all classes, those without a text too.
public struct ClassificationMetrics: Codable, Equatable, Sendable {
    /// Precision, recall and F1 of a class or of an average over classes; `support` is the number of gold texts.
    public struct Scores: Codable, Equatable, Sendable {
        /// Share of the texts predicted as the class that are of it; 0 where there are none.
        public let precision: Double
        /// Share of the class's texts that were predicted as it; 0 where there are none.
        public let recall: Double
        /// Harmonic mean of the two; 0 where both are.
        public let f1: Double
        /// Texts of the class.
        public let support: Int
    }

    /// The share of texts whose class is right.
    public let accuracy: Double
    /// The mean loss per text, where the caller gave one.
    public let loss: Double?
    /// Scores of each class, in the order of the ids.
    public let classes: [Scores]
    /// The plain mean over the classes.
    public let macroAverage: Scores
    /// The mean over the classes weighted by their support.
    public let weightedAverage: Scores
    /// Counts of texts: row = gold class, column = predicted class.
    public let confusion: [[Int]]

    /// The number of texts.
    public var count: Int { macroAverage.support }

    /// Counts the pairs. Throws `InputError` when the two lists differ in length, are empty, or hold an id outside
    /// `0..<classCount`.
    public init(gold: [Int], predicted: [Int], classCount: Int, loss: Double? = nil) throws {
        guard gold.count == predicted.count, !gold.isEmpty else {
            throw InputError(
                .run, at: "evaluation", "gold and predicted labels must be equally many and at least one",
                found: "\(gold.count) gold, \(predicted.count) predicted")
        }
        let ids = 0..<max(classCount, 0)
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: ids.count), count: ids.count)
        for (index, (gold, predicted)) in zip(gold, predicted).enumerated() {
            guard ids.contains(gold), ids.contains(predicted) else {
                throw InputError(
                    .run, at: "evaluation: text \(index)", "a label outside the list of classes",
                    expected: "0…\(classCount - 1)", found: "gold \(gold), predicted \(predicted)")
            }
            confusion[gold][predicted] += 1
        }
        self.confusion = confusion
        self.loss = loss
        var predictedCounts = [Int](repeating: 0, count: ids.count)
        for row in confusion {
            for (column, count) in row.enumerated() { predictedCounts[column] += count }
        }
        classes = ids.map { id in
            let right = Double(confusion[id][id])
            let support = confusion[id].reduce(0, +)
            return Scores(
                precision: Self.ratio(right, predictedCounts[id]), recall: Self.ratio(right, support),
                f1: Self.ratio(2 * right, predictedCounts[id] + support), support: support)
        }
        accuracy = Self.ratio(Double(ids.reduce(0) { $0 + confusion[$1][$1] }), gold.count)
        macroAverage = Self.average(classes, total: gold.count) { _ in 1 / Double(ids.count) }
        weightedAverage = Self.average(classes, total: gold.count) { Double($0.support) / Double(gold.count) }
    }

    private static func ratio(_ part: Double, _ whole: Int) -> Double { whole == 0 ? 0 : part / Double(whole) }

    private static func average(_ classes: [Scores], total: Int, weight: (Scores) -> Double) -> Scores {
        var precision = 0.0
        var recall = 0.0
        var f1 = 0.0
        for scores in classes {
            precision += scores.precision * weight(scores)
            recall += scores.recall * weight(scores)
            f1 += scores.f1 * weight(scores)
        }
        return Scores(precision: precision, recall: recall, f1: f1, support: total)
    }
}
