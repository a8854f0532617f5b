import Foundation
import InkTasks
import InkTestSupport
import Testing

@Suite("The answers of an evaluation")
struct PredictionFileTests {
    private func records(_ task: TaskName, _ folder: URL, _ data: URL) throws -> (TaskMetrics, [[String: Any]]) {
        let file = folder.appending(path: "answers.jsonl")
        let metrics = try task.evaluate(folder, data: data, predictions: file).metrics
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let records = try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        return (metrics, records)
    }

    /// Every example has its line, in order, and what is correct is what was measured.
    @Test func classes() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyModel.settings(in: folder)
            _ = try FineTuning(settings).run()
            let (metrics, records) = try records(.classification, settings.output, settings.dev)
            #expect(records.compactMap { $0["line"] as? Int } == Array(1...15))
            #expect(records.allSatisfy { $0["file"] as? String == "dev.txt" })
            let right = records.count { $0["correct"] as? Bool == true }
            #expect(Double(right) / 15 == metrics["accuracy"])
            for (record, row) in zip(records, TinyModel.titles(.dev, 15)) {
                #expect(record["question"] as? [String] == [row.text])
                #expect(record["gold"] as? String == TinyModel.labels[row.label])
                #expect((record["answer"] as? String == record["gold"] as? String) == (record["correct"] as? Bool))
                #expect(record["probability"] as? Double != nil && record["candidates"] != nil)
            }
        }
    }

    @Test func rankingsAndSpans() throws {
        try withTemporaryFolder { folder in
            let train = TinyTaskRun.plainTitles(6).enumerated().map { index, title in
                "问\(index)\t\(title)\t\(index % 2)\n问\(index)\t国足\t\(1 - index % 2)\n"
            }.joined()
            var settings = try TinyTaskRun.settings(in: folder, .retrieval, train: train, extension: ".tsv")
            settings.epochs = 1
            _ = try FineTuning(settings).run()
            let (metrics, records) = try records(.retrieval, settings.output, settings.dev)
            #expect(records.count == 6 && records.map { $0["line"] as? Int } == [1, 3, 5, 7, 9, 11])
            let first = records.count { $0["correct"] as? Bool == true }
            #expect(Double(first) / 6 == metrics["hit@1"])
            #expect(records.allSatisfy { ($0["candidates"] as? [Any])?.count == 2 })
        }
        try withTemporaryFolder { folder in
            let settings = try TinyTaskRun.trainedTagger(in: folder)
            let (_, records) = try records(.tagging, settings.output, settings.dev)
            #expect(records.count == 4)
            #expect(
                records.allSatisfy { $0["entities"] is [Any] && ($0["gold"] as? String)?.hasPrefix("TEAM ") == true })
        }
    }
}
