import Foundation
import InkSupport
import InkTasks
import InkTestSupport
import InkTraining
import Testing

@Suite struct TextSimilarityTests {
    private static let titles = TinyTaskRun.plainTitles(24)

    /// Each title with itself without its last character (5), with its second half replaced (2), with another (0).
    private static let graded = titles.indices.flatMap { index -> [(String, String, Int)] in
        let title = titles[index]
        let other = titles[(index + 7) % titles.count]
        return [
            (title, String(title.dropLast()), 5),
            (title, String(title.prefix(title.count / 2) + other.suffix(other.count / 2)), 2),
            (title, other, 0),
        ]
    }

    private static func tsv(_ rows: [(String, String, Int)]) -> String {
        rows.map { "\($0.0)\t\($0.1)\t\($0.2)\n" }.joined()
    }

    @Test func gradesAreLearntAsAnOrder() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .similarity, train: Self.tsv(Self.graded), extension: ".tsv")
            settings.batchSize = 24
            settings.epochs = 20
            let tuning = try FineTuning(settings)
            #expect(tuning.account.new.isEmpty, "the task needs no head")
            let result = try #require(try tuning.run())
            #expect(result.description.parameters["objective"] == "cosent")
            #expect(try #require(result.dev.metrics["Spearman"]) > 0.85)
            #expect(result.dev.metrics["recall@1"] == nil, "grades say how alike, not what belongs together")
            #expect(!result.dev.mistakes.isEmpty)

            let model = try TaskModel<TextSimilarity>(contentsOf: settings.output)
            let near = try model.kind.question("\(Self.titles[0])\t\(Self.titles[0])", at: "line 1")
            let far = try model.kind.question("\(Self.titles[0])\t\(Self.titles[7])", at: "line 2")
            let answers = try model.answers(to: [near, far])
            #expect(abs(answers[0].cosine - 1) < 1e-5)
            #expect(answers[1].cosine < 0.9)
            #expect(throws: InputError.self) { try model.kind.question("nur ein Text", at: "line 3") }
        }
    }

    @Test func partnersFindEachOther() throws {
        try withTemporaryFolder { folder in
            let pairs = Self.titles.map { #"{"sentence1": "\#($0)", "sentence2": "\#($0.dropFirst(2))"}"# + "\n" }
            var settings = try TinyTaskRun.settings(
                in: folder, .similarity, train: pairs.joined(), extension: ".jsonl")
            settings.batchSize = 12
            settings.taskOptions = ["pooling": "cls", "prefix": "问"]
            let result = try #require(try FineTuning(settings).run())
            #expect(
                result.description.parameters
                    == ["objective": "multiple-negatives", "pooling": "cls", "prefix": "问"])
            #expect(try #require(result.dev.metrics["recall@1"]) > 0.9)
            #expect(result.dev.metrics.notes.contains { $0.contains("same grade") })
            let again = try TaskModel<TextSimilarity>(contentsOf: settings.output)
            #expect(again.kind.pooling == .cls && again.kind.prefix == "问")

            // Vectors for a search are made as in training.
            let vectors = try TextEncoder(contentsOf: settings.output, pooling: .cls)
            #expect(vectors.prefix == "问")
            let plain = try TextEncoder(contentsOf: settings.output, pooling: .cls, prefix: "")
            let title = Self.titles[0]
            #expect(try vectors.encode([title])[0].values == plain.encode(["问" + title])[0].values)
            #expect(try vectors.encode([title])[0].values != plain.encode([title])[0].values)
        }
    }

    @Test func labelsGiveBothMeasures() throws {
        try withTemporaryFolder { folder in
            let rows = Self.graded.filter { $0.2 != 2 }.map { ($0.0, $0.1, $0.2 / 5) }
            var settings = try TinyTaskRun.settings(in: folder, .similarity, train: Self.tsv(rows), extension: ".tsv")
            settings.batchSize = 16
            settings.epochs = 4
            settings.taskOptions = ["objective": "multiple-negatives"]
            let tuning = try FineTuning(settings)
            #expect(tuning.exampleCount == Self.titles.count)
            #expect(tuning.warnings.contains { $0.contains("\(Self.titles.count) pairs that do not belong") })
            let result = try #require(try tuning.run())
            #expect(result.dev.metrics.count == rows.count)
            #expect(result.dev.metrics["Spearman"] != nil && result.dev.metrics["recall@10"] != nil)
        }
    }

    /// Where the pairs have one grade there is no correlation that could choose a checkpoint.
    @Test func partnersChooseTheCheckpoint() throws {
        try withTemporaryFolder { folder in
            let rows = Self.titles.map { ($0, $0 + "？", 1) }
            var settings = try TinyTaskRun.settings(in: folder, .similarity, train: Self.tsv(rows), extension: ".tsv")
            settings.batchSize = 8
            settings.epochs = 3
            let tuning = try FineTuning(settings)
            #expect(tuning.options.selection.measure == "MRR")
            let result = try #require(try tuning.run())
            #expect(result.dev.metrics.headline?.name == "MRR" && result.dev.metrics["Spearman"] == nil)
            let evaluations = try MetricsLog.read(contentsOf: RunFolder(settings.output).metrics).filter {
                $0.kind == .dev
            }
            let best = evaluations.compactMap { $0.measures?["MRR"] }.max()
            #expect(evaluations.first { $0.step == result.description.bestStep }?.measures?["MRR"] == best)

            settings.output = folder.appending(path: "one")
            settings.batchSize = 1
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.location == "--batch-size")
        }
    }

    @Test func equalPartnersAndEqualCosinesAreTold() throws {
        try withTemporaryFolder { folder in
            let rows = Self.titles.prefix(8).enumerated().map { ($1, $0 < 2 ? "同一" : $1, 1) }
            let settings = try TinyTaskRun.settings(in: folder, .similarity, train: Self.tsv(rows), extension: ".tsv")
            let tuning = try FineTuning(settings)
            #expect(
                tuning.warnings.contains {
                    $0.contains("1 pairs have the second text of an earlier pair, the first on line 2")
                })
            _ = try tuning.run()
            let same = folder.appending(path: "same.tsv")
            try Self.tsv([("花", "花", 5), ("开", "开", 1)]).write(to: same, atomically: true, encoding: .utf8)
            let metrics = try TaskName.similarity.evaluate(settings.output, data: same).metrics
            #expect(metrics["Spearman"] != 1 && metrics.notes.contains { $0.contains("all cosines are equal") })
        }
    }

    @Test func dataWithoutAnOrderAreRefused() throws {
        try withTemporaryFolder { folder in
            let rows = Self.titles.map { ($0, $0, 1) }
            var settings = try TinyTaskRun.settings(in: folder, .similarity, train: Self.tsv(rows), extension: ".tsv")
            settings.taskOptions = ["objective": "cosent"]
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.remedy?.contains("multiple-negatives") == true)
            settings.taskOptions = ["objektive": "cosent"]
            #expect(throws: InputError.self) { try FineTuning(settings) }
        }
    }

    @Test func resumesExactly() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .similarity, train: Self.tsv(Array(Self.graded.prefix(24))), extension: ".tsv")
            settings.epochs = 2
            settings.batchSize = 12
            settings.evaluateEvery = 2
            try TinyTaskRun.expectExactResume(settings)
        }
    }
}
