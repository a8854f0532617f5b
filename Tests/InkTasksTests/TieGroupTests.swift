import Foundation
import InkCheckpoint
import InkSupport
import InkTensor
import InkTestSupport
import Testing

@testable import InkTasks

@Suite struct TieGroupTests {
    /// Every order of the indices.
    private static func orders(_ items: [Int]) -> [[Int]] {
        items.isEmpty ? [[]] : items.flatMap { first in orders(items.filter { $0 != first }).map { [first] + $0 } }
    }

    /// Scores with ties and which are relevant.
    private static let questions: [([Double], [Bool])] = [
        ([1, 1, 1, 1], [true, false, false, false]), ([1, 1, 1, 1], [true, false, true, false]),
        ([3, 2, 2, 2, 1], [false, true, false, true, true]), ([2, 2, 1, 1, 1], [true, false, false, true, true]),
        ([5, 4, 3, 2, 1], [false, true, false, false, true]), ([2, 2, 2], [true, true, true]),
        ([.infinity, 0, 0, -.infinity], [false, true, false, true]),
    ]

    @Test(arguments: questions)
    func measuresAreTheMeanOverAllOrders(scores: [Double], relevant: [Bool]) throws {
        let cutoffs = [1, 2, 4]
        var sums = [Double](repeating: 0, count: 2 + cutoffs.count)
        let orders = Self.orders(Array(scores.indices)).filter { order in
            zip(order, order.dropFirst()).allSatisfy { scores[$0] >= scores[$1] }
        }
        for order in orders {
            let ranks = order.indices.filter { relevant[order[$0]] }.map { $0 + 1 }
            sums[0] += 1 / Double(ranks[0])
            sums[1] +=
                ranks.enumerated().reduce(0) { $0 + Double($1.offset + 1) / Double($1.element) } / Double(ranks.count)
            for (slot, cutoff) in cutoffs.enumerated() where ranks[0] <= cutoff { sums[2 + slot] += 1 }
        }
        let metrics = try RankingMetrics(scores: [scores], relevant: [relevant], cutoffs: cutoffs)
        let found = [metrics.meanReciprocalRank, metrics.meanAveragePrecision] + metrics.hits.map(\.rate)
        for (sum, value) in zip(sums, found) { #expect(abs(sum / Double(orders.count) - value) < 1e-12) }

        // recall@k and MRR of a search, whose results after the second place do not count.
        let groups = TieGroup.groups(scores) { relevant[$0] }
        let recall = try CorpusRecall([groups], relevant: [relevant.count { $0 }], cutoffs: cutoffs, depth: 2)
        for (cutoff, value) in zip(cutoffs, recall.recalls) {
            let mean = orders.reduce(0.0) { sum, order in
                sum + Double(order.prefix(cutoff).count { relevant[$0] }) / Double(relevant.count { $0 })
            }
            #expect(abs(mean / Double(orders.count) - value.recall) < 1e-12)
        }
        let reciprocal = orders.reduce(0.0) { sum, order in
            sum + (order.prefix(2).firstIndex { relevant[$0] }.map { 1 / Double($0 + 1) } ?? 0)
        }
        #expect(abs(reciprocal / Double(orders.count) - recall.meanReciprocalRank) < 1e-12)
    }

    /// A model whose output layer is zero gives every candidate, choice and class one probability.
    @Test func aCollapsedModelIsMeasuredAsGuessing() throws {
        try withTemporaryFolder { folder in
            for isFirst in [true, false] {
                let choices = isFirst ? #"["七点", "八点", "九点", "十点"]"# : #"["八点", "九点", "十点", "七点"]"#
                let line = #"{"context": "店七点开门。", "question": "几点？", "choices": \#(choices), "answer": "七点"}"#
                var settings = try TinyTaskRun.settings(
                    in: folder, .choice, train: line + "\n" + line, extension: ".jsonl")
                settings.output = folder.appending(path: "run\(isFirst)")
                settings.epochs = 1
                settings.learningRate = 0
                _ = try FineTuning(settings).run()
                try TinyModel.flattenHead(settings.output)
                let metrics = try TaskName.choice.evaluate(settings.output, data: settings.dev).metrics
                #expect(metrics["accuracy"] == 0.25)
                #expect(metrics.notes.contains { $0.contains("2 of 2 questions") && $0.contains("line 1") })
            }
        }
    }

    @Test func partnersOfOneVectorAreNotInOrderOfTheFile() throws {
        try withTemporaryFolder { folder in
            let pairs = (0..<6).map { "\(TinyTask.titles[2 * $0])\t\(TinyTask.titles[2 * $0 + 1])\n" }
            var settings = try TinyTaskRun.settings(in: folder, .similarity, train: pairs.joined(), extension: ".tsv")
            settings.epochs = 1
            settings.learningRate = 0
            _ = try FineTuning(settings).run()
            try TinyModel.flattenEncoder(settings.output)
            let metrics = try TaskName.similarity.evaluate(settings.output, data: settings.dev).metrics
            #expect(abs(try #require(metrics["recall@1"]) - 1.0 / 6) < 1e-6)
            #expect(abs(try #require(metrics["recall@5"]) - 5.0 / 6) < 1e-6)
            #expect(metrics.notes.contains { $0.contains("6 of 6 texts") })
        }
    }

    @Test func classesThatStandNowhereAreTold() throws {
        let metrics = try ClassificationMetrics(gold: [0, 1, 0], predicted: [0, 1, 3], classCount: 5)
        #expect(
            metrics.taskMetrics(labels: ["甲", "乙", "丙", "丁", "戊"]).notes == [
                "2 classes stand neither in the gold labels nor in the answers and count as 0 in macro averages: 丙, 戊",
                "1 class was given as an answer but stands nowhere in the gold labels: its scores are 0: 丁",
            ])
        let all = try ClassificationMetrics(gold: [0, 1], predicted: [0, 1], classCount: 2)
        #expect(all.taskMetrics(labels: ["甲", "乙"]).notes.isEmpty)
        let several = try MultiLabelMetrics(gold: [[0], []], predicted: [[0], [1]], classCount: 3)
        #expect(several.taskMetrics(labels: ["甲", "乙", "丙"]).notes.count == 2)
    }
}

extension TinyModel {
    /// Sets tensors of a folder's weights to zero.
    private static func zero(_ folder: URL, where matches: (String) -> Bool) throws {
        let weights = folder.appending(path: "model.safetensors")
        let checkpoint = try Checkpoint(contentsOf: weights)
        let items = try checkpoint.entries.map { entry in
            let tensor = try checkpoint.tensor(entry.key).copy()
            return SafetensorsWriter.Item(
                entry.key, matches(entry.key) ? Tensor(repeating: 0, shape: tensor.shape) : tensor)
        }
        try SafetensorsWriter.write(items, to: weights)
    }

    /// A head that gives every input the same score.
    static func flattenHead(_ folder: URL) throws { try zero(folder) { $0.hasPrefix("classifier.") } }

    /// An encoder whose last state is the same for every token: the last norm's bias alone.
    static func flattenEncoder(_ folder: URL) throws {
        try zero(folder) { $0.contains("layer.1.output.LayerNorm.weight") }
    }
}
