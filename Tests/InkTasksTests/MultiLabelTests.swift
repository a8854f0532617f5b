import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTestSupport
import Testing

@Suite struct MultiLabelTests {
    /// Titles with the labels 甲, 乙, both or none, in turn.
    private static let labels = [["甲"], ["甲", "乙"], [], ["乙"]]
    private static func jsonl(_ count: Int) throws -> String {
        try TinyTask.jsonl((0..<count).map { ["text": TinyTask.titles[$0], "labels": labels[$0 % 4]] })
    }

    @Test func learnsLabelsByHeart() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyTaskRun.settings(
                in: folder, .multiLabel, train: try Self.jsonl(24), extension: ".jsonl")
            let result = try #require(try FineTuning(settings).run())
            let metrics = result.dev.metrics
            #expect(metrics.headline?.name == "micro F1")
            #expect(try #require(metrics["micro F1"]) >= 0.9)
            #expect(metrics.scores.map(\.name) == ["甲", "乙"])
            #expect(metrics.scores.map(\.scores.support) == [12, 12])
            #expect(metrics.averages.map(\.name) == ["micro avg", "macro avg", "weighted avg"])
            #expect(result.description.parameters == ["threshold": "0.5"])
            let config = try ModelConfigFile(contentsOf: settings.output)
            #expect(config.fields["problem_type"] == .string("multi_label_classification"))
            #expect(config.fields["architectures"] == .array([.string("BertForSequenceClassification")]))
            #expect(try config.section("id2label")?.value("1", String.self) == "乙")

            // The folder of another maker, without inkstone.json, is of the same task by its problem_type.
            let titles = Array(TinyTask.titles.prefix(24))
            let answers = try TinyTask.answers(settings.output, titles).compactMap { $0 as? LabelSelection }
            try FileManager.default.removeItem(at: settings.output.appending(path: "inkstone.json"))
            #expect(try FolderTask.name(of: settings.output) == .multiLabel)
            #expect(try TinyTask.answers(settings.output, titles).compactMap { $0 as? LabelSelection } == answers)
            let right = answers.indices.count { Set(answers[$0].labels.map(\.label)) == Set(Self.labels[$0 % 4]) }
            #expect(Double(right) / 24 == metrics["subset accuracy"])
            for answer in answers {
                // All labels given are shown, however few are asked for; each has its own probability.
                #expect(answer.top(1).columns.count == 2 * answer.labels.count)
                #expect(answer.top(1).candidates.count == max(1, answer.labels.count))
                #expect(answer.ids.allSatisfy { answer.probabilities[$0] >= 0.5 })
            }
        }
    }

    @Test func theThresholdIsKept() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .multiLabel, train: try Self.jsonl(8), extension: ".jsonl")
            settings.epochs = 1
            settings.taskOptions = ["threshold": "0"]
            let result = try #require(try FineTuning(settings).run())
            #expect(result.description.parameters == ["threshold": "0.0"])
            // From 0 on every label is given: recall is 1, precision the share of the labels.
            #expect(result.dev.metrics.averages[0].scores.recall == 1)
            #expect(result.dev.metrics.averages[0].scores.precision == 0.5)
            let answer = try TinyTask.answers(settings.output, ["国足"]).first as? LabelSelection
            #expect(answer?.ids == [0, 1])
            for value in ["2", "-0.1", "nan", "半"] {
                settings.taskOptions = ["threshold": value]
                settings.policy = .replace
                let error = try #require(throws: InputError.self) { try FineTuning(settings) }
                #expect(error.location == "--task-option threshold")
            }
        }
    }

    @Test func labelsOutsideTheListAreRefused() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .multiLabel, train: try Self.jsonl(8), extension: ".jsonl")
            settings.dev = folder.appending(path: "dev.tsv")
            try Data("国足\t甲\n股市\t甲,丙\n".utf8).write(to: settings.dev)
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.location.hasSuffix("dev.tsv:2"))
            #expect(error.found?.contains("丙") == true)
        }
    }
}
