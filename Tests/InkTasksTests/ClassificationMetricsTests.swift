import Foundation
import InkSupport
import InkTasks
import Testing

/// Expected tables and numbers: scikit-learn 1.9.1, `classification_report(labels=range(n), target_names=names,
/// digits=4, zero_division=0)`.
@Suite struct ClassificationMetricsTests {
    private static let gold = [0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 0, 1]
    private static let predicted = [0, 0, 1, 1, 0, 2, 2, 1, 0, 0, 2, 0, 1]

    private func metrics(loss: Double? = nil) throws -> ClassificationMetrics {
        try ClassificationMetrics(gold: Self.gold, predicted: Self.predicted, classCount: 5, loss: loss)
    }

    @Test func numbersAsInScikitLearn() throws {
        let metrics = try metrics()
        #expect(abs(metrics.accuracy - 0.5384615384615384) < 1e-12)
        #expect(abs(metrics.macroAverage.precision - 0.3333333333333333) < 1e-12)
        #expect(abs(metrics.macroAverage.recall - 0.3833333333333333) < 1e-12)
        #expect(abs(metrics.macroAverage.f1 - 0.34857142857142853) < 1e-12)
        #expect(abs(metrics.weightedAverage.precision - 0.47435897435897434) < 1e-12)
        #expect(abs(metrics.weightedAverage.recall - 0.5384615384615384) < 1e-12)
        #expect(abs(metrics.weightedAverage.f1 - 0.4923076923076923) < 1e-12)
        #expect(
            metrics.confusion == [
                [3, 1, 0, 0, 0], [1, 2, 0, 0, 0], [1, 1, 2, 0, 0], [1, 0, 1, 0, 0], [0, 0, 0, 0, 0],
            ])
        #expect(metrics.count == 13)
    }

    @Test func reportAsInScikitLearn() throws {
        let names = ["finance", "realty", "stocks", "long class name x", "empty"]
        #expect(
            ClassificationReport(try metrics(), names: names).text == """
                                   precision    recall  f1-score   support

                          finance     0.5000    0.7500    0.6000         4
                           realty     0.5000    0.6667    0.5714         3
                           stocks     0.6667    0.5000    0.5714         4
                long class name x     0.0000    0.0000    0.0000         2
                            empty     0.0000    0.0000    0.0000         0

                         accuracy                         0.5385        13
                        macro avg     0.3333    0.3833    0.3486        13
                     weighted avg     0.4744    0.5385    0.4923        13

                """)
    }

    @Test func shortNamesTakeTheWidthOfTheAverages() throws {
        let gold = (0..<60).map { ($0 * $0 + $0 / 3) % 5 }
        let predicted = gold.enumerated().map { $0 * 7 % 10 < 7 ? $1 : ($1 + $0) % 4 }
        let metrics = try ClassificationMetrics(gold: gold, predicted: predicted, classCount: 5)
        let report = ClassificationReport(metrics, names: ["财经", "stocks", "education", "股", "空"])
        #expect(
            report.text == """
                              precision    recall  f1-score   support

                        财经     0.6471    0.9167    0.7586        12
                      stocks     0.8571    0.7500    0.8000        16
                   education     0.3333    0.7500    0.4615         4
                          股     0.8571    0.7500    0.8000        16
                          空     1.0000    0.5000    0.6667        12

                    accuracy                         0.7333        60
                   macro avg     0.7389    0.7333    0.6974        60
                weighted avg     0.8088    0.7333    0.7425        60

                """)
        #expect(
            report.confusionArrayText == """
                [[11  0  1  0  0]
                 [ 2 12  2  0  0]
                 [ 1  0  3  0  0]
                 [ 2  0  2 12  0]
                 [ 1  2  1  2  6]]

                """)
        #expect(
            report.confusionText == """
                gold \\ predicted  财经  stocks  education  股  空
                财经                11       0          1   0   0
                stocks               2      12          2   0   0
                education            1       0          3   0   0
                股                   2       0          2  12   0
                空                   1       2          1   2   6

                """)
        let task = metrics.taskMetrics(labels: ["a", "b", "c", "d", "e"])
        #expect(task.largestConfusions(2)?.map(\.count) == [2, 2])
        #expect(task.largestConfusions(99)?.count == 10)
        let largest = try #require(task.largestConfusions(1)?.first)
        #expect((largest.gold, largest.predicted, largest.count) == ("b", "a", 2))
    }

    @Test func survivesJSON() throws {
        let metrics = try metrics(loss: 1.25)
        let data = try JSONEncoder().encode(metrics)
        #expect(try JSONDecoder().decode(ClassificationMetrics.self, from: data) == metrics)
    }

    @Test func refusesWhatItCannotCount() {
        #expect(throws: InputError.self) { try ClassificationMetrics(gold: [], predicted: [], classCount: 2) }
        #expect(throws: InputError.self) { try ClassificationMetrics(gold: [0], predicted: [0, 1], classCount: 2) }
        #expect(throws: InputError.self) { try ClassificationMetrics(gold: [0], predicted: [2], classCount: 2) }
        #expect(throws: InputError.self) { try ClassificationMetrics(gold: [-1], predicted: [0], classCount: 2) }
        #expect(throws: InputError.self) { try ClassificationMetrics(gold: [0], predicted: [0], classCount: -1) }
    }
}
