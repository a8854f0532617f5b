import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTestSupport
import InkText
import InkTraining
import Testing

@Suite struct PassageExtractionTests {
    private static let titles = TinyTaskRun.plainTitles(10)

    /// Two questions on each title: one is answered by its first three characters, one by its last two.
    private static func squad(_ titles: [String], passage: (String) -> String = { $0 }, extra: String = "") -> String {
        let paragraphs = titles.enumerated().map { index, title in
            let context = passage(title)
            let scalars = Array(context.unicodeScalars)
            func answer(_ range: Range<Int>) -> String {
                let text = String(String.UnicodeScalarView(scalars[range]))
                return #"[{"text": "\#(text)", "answer_start": \#(range.lowerBound)}]"#
            }
            return """
                {"context": "\(context)", "qas": [
                {"id": "\(index)a", "question": "一", "answers": \(answer(0..<3))},
                {"id": "\(index)b", "question": "中国", "answers": \(answer(scalars.count - 2..<scalars.count))}]}
                """
        }
        return
            #"{"data": [{"paragraphs": [\#((paragraphs + (extra.isEmpty ? [] : [extra])).joined(separator: ","))]}]}"#
    }

    @Test func learnsByHeartAndAnswersFromThePassage() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .extraction, train: Self.squad(Self.titles), extension: ".json")
            settings.taskOptions = ["longest-answer": "9"]
            let result = try #require(try FineTuning(settings).run())
            #expect(try #require(result.dev.metrics["exact match"]) >= 0.8)
            #expect(try #require(result.dev.metrics["F1"]) >= 0.85)
            #expect(result.description.labels.isEmpty)
            #expect(
                result.description.parameters == ["overlap": "128", "longest-answer": "9", "empty-answers": "false"])

            let config = try ModelConfigFile(contentsOf: settings.output)
            #expect(config.fields["architectures"] == .array([.string("BertForQuestionAnswering")]))
            #expect(!config.has("id2label"))
            let weights = try Checkpoint(contentsOf: settings.output)
            #expect(weights.shape(of: "qa_outputs.weight") == [2, 24])

            for isForeign in [false, true] {
                let file = settings.output.appending(path: RunDescription.fileName)
                if isForeign { try FileManager.default.removeItem(at: file) }
                #expect(try FolderTask.name(of: settings.output) == .extraction)
                let model = try TaskModel<PassageExtraction>(contentsOf: settings.output)
                var right = 0
                for title in Self.titles {
                    let line = #"{"context": "\#(title)", "question": "一"}"#
                    let answer = try model.answers(to: [model.kind.question(line, at: "line 1")])[0]
                    let scalars = Array(title.unicodeScalars)
                    for candidate in answer.candidates {
                        let (start, end) = (try #require(candidate.start), try #require(candidate.end))
                        #expect(candidate.text == String(String.UnicodeScalarView(scalars[start..<end])))
                        if !isForeign { #expect(end - start <= 9) }
                    }
                    #expect(abs(answer.candidates.map(\.probability).reduce(0, +) - 1) < 1e-4)
                    #expect(answer.top(1).columns.count == 2)
                    #expect(answer.fields["answer"] == .string(answer.text))
                    if answer.text == String(title.prefix(3)) { right += 1 }
                }
                #expect(right >= 7)
            }
        }
    }

    private func encoder(_ text: String, _ maxLength: Int) throws -> InputEncoder {
        let vocabulary = try VocabularyBuilder(size: 100).build(from: [text])
        return InputEncoder(try BertTokenizer(vocabulary: vocabulary), InputForm(maxLength: maxLength))
    }

    /// A window with the answer points to its tokens, one without to `[CLS]`.
    @Test func windowsPointToTheAnswer() throws {
        try withTemporaryFolder { folder in
            let passage = String(repeating: "国足再次冲出亚洲", count: 5)
            let train = """
                {"context": "\(passage)", "question": "何时 冲出亚洲", "answers": [{"text": "出亚", "answer_start": 21}]}
                {"context": "\(passage)", "question": "何时", "id": "b", "answers": [{"text": "没有", "answer_start": -1}]}
                {"context": "\(passage)", "question": "何时", "id": "c", "answers": []}
                """
            var settings = try TinyTaskRun.settings(in: folder, .extraction, train: train, extension: ".jsonl")
            settings.taskOptions = ["overlap": "4"]
            let (kind, data) = try PassageExtraction.prepare(settings)
            #expect(data.notes.contains { $0.contains("not in the passage") && $0.contains(": 1,") })
            #expect(kind.parameters["empty-answers"] == "true")
            let encoded = try kind.encode(data.examples, encoder(passage, 21))
            // 6 question tokens and 3 special ones leave 12; the next window begins 8 later.
            let first = encoded.filter { $0.example == 0 }
            #expect(first.map { $0.target.passage.count } == [12, 12, 12, 12, 8])
            #expect(first.allSatisfy { $0.target.passage.lowerBound == 8 && $0.sequences[0].ids.count <= 21 })
            #expect(first.map(\.target.first) == [0, 0, 13, 0, 0])
            #expect(first.map(\.target.last) == [0, 0, 14, 0, 0])
            #expect(
                first[2].sequences[0].tokenTypeIDs == [Int32](repeating: 0, count: 8) + [Int32](repeating: 1, count: 13)
            )
            for (example, label) in [(1, Int32(-100)), (2, 0)] {
                let windows = encoded.filter { $0.example == example }
                #expect(windows.count > 1 && windows.allSatisfy { $0.target.first == label && $0.target.last == label })
                #expect(windows.allSatisfy { kind.weight(of: $0) == (label < 0 ? 0 : 1) })
            }
            #expect(throws: InputError.self) { try kind.encode(data.examples, encoder(passage, 4)) }
        }
    }

    @Test func longPassagesAreAnsweredFromAnyWindow() throws {
        try withTemporaryFolder { folder in
            let pair = Self.squad(Array(Self.titles.prefix(2))) {
                $0 + "。" + Self.titles[7] + "，" + Self.titles[8] + $0
            }
            var settings = try TinyTaskRun.settings(in: folder, .extraction, train: pair, extension: ".json")
            settings.maxLength = 24
            settings.epochs = 25
            settings.taskOptions = ["overlap": "5"]
            let tuning = try FineTuning(settings)
            #expect(tuning.exampleCount > 4)
            let result = try #require(try tuning.run())
            #expect(try #require(result.dev.metrics["F1"]) >= 0.7)
            #expect(result.dev.metrics.count == 4)
        }
    }

    @Test func unusableDataIsRefused() throws {
        let wrong = [
            ("国足再次冲出亚洲\t体育\n", ""), (#"{"context": "国足", "question": "谁", "answers": ["亚洲"]}"#, "no answer stands"),
            (#"{"text": "国足", "entities": []}"#, "passage is missing"),
            (#"{"context": "国足", "question": "谁"}"#, "missing"),
        ]
        for (text, problem) in wrong {
            try withTemporaryFolder { folder in
                let settings = try TinyTaskRun.settings(in: folder, .extraction, train: text, extension: ".json")
                let error = try #require(throws: InputError.self) { try FineTuning(settings) }
                #expect(problem.isEmpty || error.problem.contains(problem), "\(error)")
                #expect(error.location.contains("train.json"))
            }
        }
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .extraction, train: Self.squad(Self.titles), extension: ".json")
            for option in [["overlap": "-1"], ["longest-answer": "0"], ["overlap": "x"], ["stride": "1"]] {
                settings.taskOptions = option
                #expect(throws: InputError.self) { try FineTuning(settings) }
            }
            settings.taskOptions = [:]
            let kind = try PassageExtraction.prepare(settings).kind
            for line in ["谁？", "[]", "{}", #"{"context": " ", "question": "谁"}"#, #"{"context": "国足"}"#, "{} {}"] {
                let error = try #require(throws: InputError.self) { try kind.question(line, at: "line 7") }
                #expect(error.location.hasPrefix("line 7"))
            }
        }
    }

    @Test func resumingIsExact() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .extraction, train: Self.squad(Array(Self.titles.prefix(6))), extension: ".json",
                fields: ["hidden_dropout_prob": .number("0.2")])
            settings.epochs = 2
            settings.evaluateEvery = 2
            try TinyTaskRun.expectExactResume(settings)
        }
    }
}
