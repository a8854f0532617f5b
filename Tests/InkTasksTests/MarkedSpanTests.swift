import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTestSupport
import Testing

@Suite struct MarkedSpanTests {
    /// Titles with their first two and last two characters marked, the relation that of the title's class.
    private static let relations: [Relation] = (0..<24).map { index in
        let length = TinyTask.titles[index].unicodeScalars.count
        return (TinyTask.titles[index], [0, 2], [length - 2, length], ["位于", "NA", "属于"][index % 3])
    }
    private typealias Relation = (text: String, head: [Int], tail: [Int], label: String)

    private static func record(
        _ example: Relation, withLabel: Bool = true
    ) -> [String: Any] {
        var record: [String: Any] = ["text": example.text, "head": example.head, "tail": example.tail]
        if withLabel { record["relation"] = example.label }
        return record
    }

    @Test func learnsRelationsByHeart() throws {
        try withTemporaryFolder { folder in
            let data = try TinyTask.jsonl(Self.relations.map { Self.record($0) })
            let settings = try TinyTaskRun.settings(in: folder, .relation, train: data, extension: ".jsonl")
            let result = try #require(try FineTuning(settings).run())
            let metrics = result.dev.metrics
            #expect(metrics.headline?.name == "micro F1")
            #expect(try #require(metrics["micro F1"]) >= 0.9)
            #expect(try #require(metrics["accuracy"]) >= 0.9)
            // NA says that there is no relation: 16 of the 24 count.
            #expect(metrics.averages.first { $0.name == "micro avg" }?.scores.support == 16)
            #expect(result.description.parameters == ["negative": "NA"])
            let config = try ModelConfigFile(contentsOf: settings.output)
            #expect(config.fields["problem_type"] == .string("single_label_classification"))
            #expect(try FolderTask.name(of: settings.output) == .relation)

            let lines = try Self.relations.map {
                String(try TinyTask.jsonl([Self.record($0, withLabel: false)]).dropLast())
            }
            let answers = try TinyTask.answers(settings.output, lines).compactMap { $0 as? Classification }
            let right = zip(answers, Self.relations).count { $0.label == $1.label }
            #expect(Double(right) / 24 == metrics["accuracy"])
            let wrong = ["国足", #"{"text": "国足", "start": 0, "end": 1}"#, #"{"text": "国足", "head": [0, 1]}"#]
            for line in wrong {
                let error = try #require(throws: InputError.self) { try TinyTask.answers(settings.output, [line]) }
                #expect(error.location.hasPrefix("line 1"))
            }
        }
    }

    @Test func microF1LeavesOutTheLabelOfNoRelation() throws {
        let classes = try LabelSet(names: ["甲", "无", "乙"])
        // Counted by hand without 无: right 1 (甲), predicted 3 (甲, 乙, 甲), gold 2 (甲, 乙).
        let gold = [0, 1, 2, 1]
        let predicted = [0, 2, 1, 0]
        let metrics = try RelationClassification(classes, negative: "无").metrics(gold: gold, predicted: predicted)
        #expect(metrics["micro F1"] == 2.0 / 5)
        #expect(metrics["accuracy"] == 0.25)
        let all = try RelationClassification(classes).metrics(gold: gold, predicted: predicted)
        #expect(all["micro F1"] == all["accuracy"])
    }

    @Test func theLabelOfNoRelationIsChosen() throws {
        try withTemporaryFolder { folder in
            let data = try TinyTask.jsonl(Self.relations.prefix(9).map { Self.record($0) })
            var settings = try TinyTaskRun.settings(in: folder, .relation, train: data, extension: ".jsonl")
            settings.epochs = 1
            settings.taskOptions = ["negative": "属于"]
            #expect(try FineTuning(settings).run()?.description.parameters == ["negative": "属于"])
            settings.policy = .replace
            settings.taskOptions = ["negative": "无"]
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.location == "--task-option negative")
        }
    }

    @Test func learnsTypesByHeart() throws {
        try withTemporaryFolder { folder in
            let types = [["人"], ["人", "地"], ["地"]]
            let records = (0..<24).map { index in
                ["text": "<e>" + TinyTask.titles[index] + "</e>", "labels": types[index % 3]] as [String: Any]
            }
            let settings = try TinyTaskRun.settings(
                in: folder, .typing, train: try TinyTask.jsonl(records), extension: ".jsonl")
            let result = try #require(try FineTuning(settings).run())
            #expect(try #require(result.dev.metrics["micro F1"]) >= 0.9)
            #expect(result.description.labels == ["人", "地"])
            #expect(try FolderTask.name(of: settings.output) == .typing)
            let lines = try records.map { String(try TinyTask.jsonl([["text": $0["text"] ?? ""]]).dropLast()) }
            let answers = try TinyTask.answers(settings.output, lines).compactMap { $0 as? LabelSelection }
            let right = answers.indices.count { Set(answers[$0].labels.map(\.label)) == Set(types[$0 % 3]) }
            #expect(Double(right) / 24 == result.dev.metrics["subset accuracy"])
        }
    }

    private func tokens(_ example: MarkedText, maxLength: Int) throws -> String {
        let encoder = try TinyTask.encoder("甲乙丙丁戊己#$", maxLength: maxLength)
        let task = RelationClassification(try LabelSet(names: ["位于", "属于"]))
        return encoder.text(try task.encode([example], encoder)[0].sequences[0])
    }

    @Test func marksStandAroundTheSpansAndStay() throws {
        let text = "甲甲甲甲乙丙丙丙丙丙丙丁戊戊戊戊"
        let example = MarkedText(text: text, marks: [4..<5, 11..<12], labels: [], line: 7)
        #expect(try tokens(example, maxLength: 40) == "[CLS]甲甲甲甲#乙#丙丙丙丙丙丙$丁$戊戊戊戊[SEP]")
        // Ten tokens: the two spans with their marks, and one on each side of each.
        #expect(try tokens(example, maxLength: 12) == "[CLS]甲#乙#丙丙$丁$戊[SEP]")
        #expect(try tokens(example, maxLength: 8) == "[CLS]#乙#$丁$[SEP]")
        let error = try #require(throws: InputError.self) { try tokens(example, maxLength: 7) }
        #expect(error.location == "line 7")
        #expect(error.expected == "at most 7 tokens" && error.found == "8")
        // The tail before the head, one in the other, and at the ends.
        let reversed = MarkedText(text: "甲乙丙丁", marks: [3..<4, 0..<1], labels: [], line: 1)
        #expect(try tokens(reversed, maxLength: 20) == "[CLS]$甲$乙丙#丁#[SEP]")
        let nested = MarkedText(text: "甲乙丙丁", marks: [1..<2, 0..<3], labels: [], line: 1)
        #expect(try tokens(nested, maxLength: 20) == "[CLS]$甲#乙#丙$丁[SEP]")
        #expect(try tokens(nested, maxLength: 9) == "[CLS]$甲#乙#丙$[SEP]")
    }

    @Test func dataOfAnotherTaskIsRefused() throws {
        let one = #"{"text": "厦门", "start": 0, "end": 1, "labels": ["甲", "乙"]}"# + "\n"
        let two = #"{"text": "厦门", "head": [0, 1], "tail": [1, 2], "labels": ["甲"]}"# + "\n"
        let many = #"{"text": "厦门", "head": [0, 1], "tail": [1, 2], "labels": ["甲", "乙"]}"# + "\n"
        let cases: [(TaskName, String, String)] = [
            (.relation, two + one, "--task typing"), (.typing, one + two, "--task relation"),
        ]
        for (task, data, remedy) in cases {
            try withTemporaryFolder { folder in
                let settings = try TinyTaskRun.settings(in: folder, task, train: data, extension: ".jsonl")
                let error = try #require(throws: InputError.self) { try FineTuning(settings) }
                #expect(error.location.hasSuffix("train.jsonl:2"))
                #expect(error.remedy?.contains(remedy) == true)
            }
        }
        try withTemporaryFolder { folder in
            let settings = try TinyTaskRun.settings(in: folder, .relation, train: two + many, extension: ".jsonl")
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.location.hasSuffix("train.jsonl:2"))
            #expect(error.found == "2")
        }
    }
}
