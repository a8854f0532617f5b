import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTestSupport
import Testing

@Suite struct MultipleChoiceTests {
    /// Beginnings of titles with two or three answers in changing order, of which 大 is right.
    private static let questions: [ChoiceExample] = (0..<24).map { index in
        var choices = ["大", "人", "年"]
        choices.swapAt(0, index % 3)
        if index % 2 == 0 { choices.removeAll { $0 == (index % 4 == 0 ? "年" : "人") } }
        return ChoiceExample(
            id: "\(index)", context: String(TinyTask.titles[index].prefix(6)), question: "类？", choices: choices,
            answer: choices.firstIndex(of: "大"), line: index + 1)
    }

    private static func record(_ example: ChoiceExample, withAnswer: Bool = true) -> [String: Any] {
        var record: [String: Any] = [
            "context": example.context, "question": example.question, "choices": example.choices,
        ]
        if withAnswer { record["answer"] = example.answer }
        return record
    }

    @Test func learnsQuestionsByHeart() throws {
        try withTemporaryFolder { folder in
            let data = try TinyTask.jsonl(Self.questions.map { Self.record($0) })
            var settings = try TinyTaskRun.settings(in: folder, .choice, train: data, extension: ".jsonl")
            settings.epochs = 20
            let result = try #require(try FineTuning(settings).run())
            let accuracy = try #require(result.dev.metrics["accuracy"])
            #expect(accuracy >= 0.9)
            let config = try ModelConfigFile(contentsOf: settings.output)
            #expect(config.fields["architectures"] == .array([.string("BertForMultipleChoice")]))
            #expect(!config.has("id2label") && !config.has("problem_type"))
            #expect(try Checkpoint(contentsOf: settings.output).shape(of: "classifier.weight") == [1, 24])

            let lines = try Self.questions.map {
                String(try TinyTask.jsonl([Self.record($0, withAnswer: false)]).dropLast())
            }
            let together = try TinyTask.answers(settings.output, lines).compactMap { $0 as? Classification }
            try FileManager.default.removeItem(at: settings.output.appending(path: "inkstone.json"))
            #expect(try FolderTask.name(of: settings.output) == .choice)
            for (index, line) in lines.enumerated() {
                // Alone there are no other questions with more answers beside it.
                let alone = try #require(try TinyTask.answers(settings.output, [line]).first as? Classification)
                #expect(alone.label == together[index].label)
                #expect(alone.candidates.count == Self.questions[index].choices.count)
                expectClose(alone.candidates.map(\.probability), together[index].candidates.map(\.probability))
                expectClose([alone.candidates.reduce(0) { $0 + $1.probability }], [1])
            }
            let right = zip(together, Self.questions).count { $0.label == $1.choices[$1.answer ?? 0] }
            #expect(Double(right) / 24 == accuracy)
        }
    }

    @Test func aHeadForClassesIsReplaced() throws {
        try withTemporaryFolder { folder in
            let first = try TinyModel.settings(in: folder, train: 12, dev: 6)
            _ = try FineTuning(first).run()
            let data = try TinyTask.jsonl(Self.questions.prefix(8).map { Self.record($0) })
            var settings = try TinyTaskRun.settings(in: folder, .choice, train: data, extension: ".jsonl")
            settings.model = .folder(first.output)
            settings.output = folder.appending(path: "choice")
            settings.epochs = 1
            let tuning = try FineTuning(settings)
            #expect(tuning.warnings.contains { $0.contains("classification head") })
            #expect(try tuning.run() != nil)
            let error = try #require(throws: InputError.self) {
                try TaskName.choice.evaluate(first.output, data: settings.train)
            }
            #expect(error.found == "classification")
        }
    }

    private func tokens(_ example: ChoiceExample, _ characters: String, maxLength: Int) throws -> [String] {
        let encoder = try TinyTask.encoder(characters, maxLength: maxLength)
        return try MultipleChoice().encode([example], encoder)[0].sequences.map { encoder.text($0) }
    }

    @Test func thePassageGivesWayAndNeverTheAnswer() throws {
        let example = ChoiceExample(
            id: "", context: "甲乙丙丁甲乙丙丁", question: "戊？", choices: ["己", "己庚"], answer: 0, line: 3)
        let characters = "甲乙丙丁戊己庚？"
        #expect(
            try tokens(example, characters, maxLength: 9) == ["[CLS]甲乙丙[SEP]戊？己[SEP]", "[CLS]甲乙[SEP]戊？己庚[SEP]"])
        let encoder = try TinyTask.encoder(characters, maxLength: 9)
        let types = try MultipleChoice().encode([example], encoder)[0].sequences.map(\.tokenTypeIDs)
        #expect(types == [[0, 0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1, 1]])
        let error = try #require(throws: InputError.self) { try tokens(example, characters, maxLength: 6) }
        #expect(error.location == "line 3")
        #expect(error.found == "7")
    }

    @Test func theGapOfAClozeStays() throws {
        var example = ChoiceExample(
            id: "", context: "甲乙丙丁甲乙#idiom#丙丁甲乙丙丁", question: "", choices: ["戊己", "己戊"], answer: 0, line: 1)
        #expect(
            try tokens(example, "甲乙丙丁戊己", maxLength: 10)
                == ["[CLS]甲乙[MASK]丙丁[SEP]戊己[SEP]", "[CLS]甲乙[MASK]丙丁[SEP]己戊[SEP]"])
        example.context = "#idiom#甲乙丙丁"
        #expect(try tokens(example, "甲乙丙丁戊己", maxLength: 8)[0] == "[CLS][MASK]甲乙[SEP]戊己[SEP]")
        #expect(throws: InputError.self) { try tokens(example, "甲乙丙丁戊己", maxLength: 5) }
    }

    @Test(arguments: [
        ("国足", "line 1"), (#"{"context": "国足", "question": "几点？"}"#, "line 1"),
        (#"{"context": "国足", "question": "几点？", "choices": ["七点"]}"#, "line 1"),
        (#"{"content": "去#idiom#了#idiom1#", "candidates": ["甲", "乙"]}"#, "line 1"),
        (#"{"content": "去了", "candidates": ["甲", "乙"]}"#, "line 1"),
    ])
    func whatIsNoQuestionIsRefused(_ line: String, _ location: String) throws {
        let error = try #require(throws: InputError.self) { try MultipleChoice().question(line, at: "line 1") }
        #expect(error.location.hasPrefix(location))
    }
}
