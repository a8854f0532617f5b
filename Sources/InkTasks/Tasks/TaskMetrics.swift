/// How well a model does a task on a data set.
public struct TaskMetrics: Codable, Equatable, Sendable {
    /// A named number.
    public struct Measure: Codable, Equatable, Sendable {
        /// Name as in reports and in `--json`, such as `accuracy` or `macro F1`.
        public var name: String
        public var value: Double
        /// A share is printed in percent.
        public var isShare: Bool

        public init(_ name: String, _ value: Double, isShare: Bool = true) {
            self.name = name
            self.value = value
            self.isShare = isShare
        }
    }

    /// Precision, recall and F1 of a class, of an entity type, or of an average.
    public struct ScoreRow: Codable, Equatable, Sendable {
        public var name: String
        public var scores: ClassificationMetrics.Scores

        public init(_ name: String, _ scores: ClassificationMetrics.Scores) {
            self.name = name
            self.scores = scores
        }
    }

    /// Number of examples.
    public var count: Int
    /// The mean loss, where it was computed.
    public var loss: Double?
    /// The task's measures, the one that counts most first.
    public var measures: [Measure]
    /// Scores of each class or type.
    public var scores: [ScoreRow]
    /// Averages over them.
    public var averages: [ScoreRow]
    /// Counts of examples, row = gold class, column = predicted class, named as `scores`; nil where there is none.
    public var confusion: [[Int]]?
    /// What the numbers leave out, a line each.
    public var notes: [String]

    public init(
        count: Int, loss: Double? = nil, measures: [Measure], scores: [ScoreRow] = [], averages: [ScoreRow] = [],
        confusion: [[Int]]? = nil, notes: [String] = []
    ) {
        self.count = count
        self.loss = loss
        self.measures = measures
        self.scores = scores
        self.averages = averages
        self.confusion = confusion
        self.notes = notes
    }

    /// The value of a measure; `loss` is one too.
    public subscript(name: String) -> Double? {
        name == "loss" ? loss : measures.first { $0.name == name }?.value
    }

    /// The measure that counts most.
    public var headline: Measure? { measures.first }

    /// A pair of classes that are taken for one another.
    public struct Confusion: Codable, Equatable, Sendable {
        /// The class of the texts.
        public let gold: String
        /// The class they were taken for.
        public let predicted: String
        /// How many there are.
        public let count: Int
    }

    /// The most frequent mistakes, largest first, ties in the order of the classes; nil without a confusion matrix.
    public func largestConfusions(_ limit: Int) -> [Confusion]? {
        guard let confusion else { return nil }
        var all: [(count: Int, gold: Int, predicted: Int)] = []
        for (gold, row) in confusion.enumerated() {
            for (predicted, count) in row.enumerated() where predicted != gold && count > 0 {
                all.append((count, gold, predicted))
            }
        }
        all.sort { ($1.count, $0.gold, $0.predicted) < ($0.count, $1.gold, $1.predicted) }
        return all.prefix(limit).map {
            Confusion(gold: scores[$0.gold].name, predicted: scores[$0.predicted].name, count: $0.count)
        }
    }
}

extension TaskMetrics.Measure {
    /// The value as it is printed.
    public var text: String { String(format: isShare ? "%.2f%%" : "%.4f", isShare ? 100 * value : value) }
}

extension ClassificationMetrics {
    /// The same as measures of a task whose classes have these names.
    public func taskMetrics(labels: [String]) -> TaskMetrics {
        TaskMetrics(
            count: count, loss: loss,
            measures: [
                .init("accuracy", accuracy), .init("macro F1", macroAverage.f1),
                .init("weighted F1", weightedAverage.f1),
            ],
            scores: zip(labels, classes).map { .init($0, $1) },
            averages: [.init("macro avg", macroAverage), .init("weighted avg", weightedAverage)],
            confusion: confusion,
            notes: ClassCoverage.notes(
                labels, gold: classes.map(\.support),
                predicted: classes.indices.map { column in confusion.reduce(0) { $0 + $1[column] } }))
    }
}

/// The measures of a model on a data set, and what it got wrong.
public struct TaskEvaluation: Sendable {
    public var metrics: TaskMetrics
    /// Wrong answers, the most confident first.
    public var mistakes: [Mistake]

    public init(metrics: TaskMetrics, mistakes: [Mistake] = []) {
        self.metrics = metrics
        self.mistakes = mistakes
    }
}

/// An example whose answer was wrong.
public struct Mistake: Codable, Equatable, Sendable {
    /// The question as it stands in the file.
    public var text: String
    /// The right answer.
    public var gold: String
    /// What the model said.
    public var predicted: String
    /// The model's probability of its answer; nil where it gives none.
    public var probability: Double?
    /// Its line in the file, from 1.
    public var line: Int?

    public init(text: String, gold: String, predicted: String, probability: Double? = nil, line: Int? = nil) {
        self.text = text
        self.gold = gold
        self.predicted = predicted
        self.probability = probability
        self.line = line
    }
}
