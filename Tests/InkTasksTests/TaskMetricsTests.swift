import Foundation
import InkSupport
import InkTasks
import Testing

/// Expected values: scikit-learn 1.9.1 and SciPy 1.17.1.
@Suite struct TaskMetricsTests {
    private func close(_ scores: ClassificationMetrics.Scores, _ expected: [Double]) -> Bool {
        zip([scores.precision, scores.recall, scores.f1], expected).allSatisfy { abs($0 - $1) < 1e-12 }
    }

    @Test func ranking() throws {
        let item = try TaskMetricsFixture.read().ranking
        let relevant = item.relevant.map { $0.map { $0 == 1 } }
        let metrics = try RankingMetrics(scores: item.scores, relevant: relevant, cutoffs: [3, 1])
        #expect(abs(metrics.meanReciprocalRank - item.meanReciprocalRank) < 1e-12)
        #expect(abs(metrics.meanAveragePrecision - item.meanAveragePrecision) < 1e-12)
        #expect(metrics.hits.map(\.cutoff) == [1, 3])
        #expect(zip(metrics.hits, item.hits).allSatisfy { abs($0.rate - $1) < 1e-12 })
        #expect(close(metrics.relevant, item.positive))
        #expect(metrics.withoutRelevant == item.without && metrics.count == item.scores.count)
    }

    @Test func equalScoresHaveNoOrder() throws {
        for relevant in [[true, false, false], [false, true, false], [false, false, true]] {
            let metrics = try RankingMetrics(scores: [[0.5, 0.5, 0.5]], relevant: [relevant])
            #expect(abs(metrics.meanReciprocalRank - (1 + 0.5 + 1.0 / 3) / 3) < 1e-12)
            #expect(metrics.tied == [0])
            #expect(metrics.relevant.precision == 0)
        }
        #expect(try RankingMetrics(scores: [[0.9, 0.9, 0.1]], relevant: [[true, true, false]]).tied.isEmpty)
        #expect(throws: InputError.self) { try RankingMetrics(scores: [], relevant: []) }
        #expect(throws: InputError.self) { try RankingMetrics(scores: [[1]], relevant: [[]]) }
        #expect(throws: InputError.self) { try RankingMetrics(scores: [[.nan]], relevant: [[true]]) }
    }

    @Test func recallOverACorpus() throws {
        let recall = try CorpusRecall(results: [[4, 2, 0], [1, 3, 5]], relevant: [[2, 9], [1]], cutoffs: [2, 1])
        #expect(recall.recalls.map(\.cutoff) == [1, 2])
        #expect(recall.recalls.map(\.recall) == [0.5, 0.75])
        #expect(recall.meanReciprocalRank == 0.75)
        #expect(throws: InputError.self) { try CorpusRecall(results: [[1]], relevant: [[]]) }
    }

    @Test func similarity() throws {
        let item = try TaskMetricsFixture.read().similarity
        let metrics = try SimilarityMetrics(gold: item.gold, predicted: item.predicted)
        #expect(abs(try #require(metrics.spearman) - item.spearman) < 1e-12)
        #expect(abs(try #require(metrics.pearson) - item.pearson) < 1e-12)
        let constant = try SimilarityMetrics(gold: [1, 2], predicted: [3, 3])
        #expect(constant.spearman == nil && constant.pearson == nil && constant.count == 2)
        #expect(throws: InputError.self) { try SimilarityMetrics(gold: [1], predicted: []) }
        #expect(throws: InputError.self) { try SimilarityMetrics(gold: [1], predicted: [.infinity]) }
    }

    @Test func labels() throws {
        let item = try TaskMetricsFixture.read().labels
        let metrics = try MultiLabelMetrics(gold: item.gold, predicted: item.predicted, classCount: 5)
        let averages = [metrics.microAverage, metrics.macroAverage, metrics.weightedAverage]
        #expect(zip(averages, item.averages).allSatisfy(close))
        #expect(abs(metrics.exactMatch - item.exactMatch) < 1e-12)
        let single = try MultiLabelMetrics(
            gold: item.single.map { [$0] }, predicted: item.guess.map { [$0] }, classCount: 5, excluded: [0])
        let withoutZero = [single.microAverage, single.macroAverage, single.weightedAverage]
        #expect(zip(withoutZero, item.withoutZero).allSatisfy(close))
        #expect(single.classes.count == 5)
        #expect(throws: InputError.self) { try MultiLabelMetrics(gold: [[5]], predicted: [[0]], classCount: 5) }
        #expect(throws: InputError.self) {
            try MultiLabelMetrics(gold: [[0]], predicted: [[0]], classCount: 1, excluded: [0])
        }
        #expect(throws: InputError.self) { try MultiLabelMetrics(gold: [], predicted: [], classCount: 2) }
    }

    @Test func surviveJSON() throws {
        func copy<Value: Codable & Equatable>(_ value: Value) throws -> Bool {
            try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value)) == value
        }
        #expect(try copy(SimilarityMetrics(gold: [1, 1], predicted: [1, 2])))
        #expect(try copy(RankingMetrics(scores: [[1, 0]], relevant: [[true, false]])))
        #expect(try copy(EntityMetrics(gold: [[TypedSpan(type: "a", start: 0, end: 1)]], predicted: [[]])))
        #expect(try copy(ExtractionMetrics(answers: [["甲"]], predictions: ["甲"])))
        #expect(try copy(MultiLabelMetrics(gold: [[0]], predicted: [[]], classCount: 1)))
    }
}
