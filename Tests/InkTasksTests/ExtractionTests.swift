import Foundation
import InkSupport
import InkTasks
import Testing

@Suite struct ExtractionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ contents: String) throws -> ExtractionData {
        try ExtractionReader().read(contentsOf: folder.file("qa.json", contents))
    }

    /// Expected values: the official script of CMRC 2018.
    @Test func scoresAsTheOfficialScript() throws {
        let items = try TaskMetricsFixture.read().extraction
        for item in items {
            let scores = ExtractionMetrics.scores(item.prediction, answers: item.answers)
            let pieces = AnswerSegmentation.pieces(of: item.prediction).map { String(String.UnicodeScalarView($0)) }
            #expect(pieces == item.pieces, "\(item.prediction)")
            #expect(scores.exactMatch == (item.exactMatch == 1), "\(item.prediction) \(item.answers)")
            #expect(abs(scores.f1 - item.f1) < 1e-12, "\(item.prediction) \(item.answers)")
        }
        let metrics = try ExtractionMetrics(
            answers: items.map(\.answers) + [["甲"]], predictions: items.map(\.prediction) + [nil])
        let count = Double(items.count + 1)
        #expect(abs(metrics.f1 - items.map(\.f1).reduce(0, +) / count) < 1e-12)
        #expect(abs(metrics.exactMatch - Double(items.map(\.exactMatch).reduce(0, +)) / count) < 1e-12)
        #expect(metrics.skipped == 1)
        #expect(abs(metrics.average - (metrics.f1 + metrics.exactMatch) / 2) < 1e-15)
        #expect(throws: InputError.self) { try ExtractionMetrics(answers: [], predictions: []) }
    }

    @Test func questionsWithoutAnswer() {
        #expect(ExtractionMetrics.scores("", answers: []) == (true, 1))
        #expect(ExtractionMetrics.scores("甲", answers: []) == (false, 0))
    }

    @Test func readsTheFormOfSQuAD() throws {
        let data = try read(
            """
            {"version": "v1", "data": [{"title": "船", "paragraphs": [{
              "context": "𠮷号三月从厦门开出，五月到达。",
              "qas": [
                {"id": "Q1", "question": "何时开出？",
                 "answers": [{"text": "三月", "answer_start": 2}, {"text": "三月从厦门", "answer_start": 2}]},
                {"id": "Q2", "question": "从哪里？", "answers": [{"text": "厦门", "answer_start": 9}]},
                {"id": "Q3", "question": "到哪里？", "answers": [{"text": "泉州", "answer_start": -1}]},
                {"id": "Q4", "question": "几月？", "answers": [{"text": "月", "answer_start": 0}]},
                {"id": "Q5", "question": "谁？", "answers": []}]}]}]}
            """)
        #expect(data.examples.map(\.id) == ["Q1", "Q2", "Q3", "Q4", "Q5"])
        #expect(data.examples.map(\.line) == [4, 6, 7, 8, 9])
        #expect(data.examples.map { $0.answers.map(\.start) } == [[2, 2], [5], [nil], [nil], []])
        #expect(data.examples[0].answers[1].range == 2..<7)
        #expect(data.oddities.map(\.count) == [1, 1, 1, 1])
        #expect(data.oddities[0].firstLocation.hasSuffix("qa.json:6: data[0].paragraphs[0].qas[1].answers[0]"))
        #expect(data.oddities[0].treatment == "moved to the only place that has them")
        #expect(data.oddities[1].problem == "answers that are not in the passage")
    }

    @Test func readsTheOlderFormAndRecords() throws {
        let older = try read(
            """
            [{"context_id": "T0", "context_text": "甲乙丙乙", "qas": [
              {"query_id": "T0_0", "query_text": "问？", "answers": ["甲", "乙", "丁"]}]}]
            """)
        #expect(older.examples.first?.answers.map(\.start) == [0, 1, nil])
        #expect(older.oddities.count == 2)
        let records = try read(
            #"{"context": "甲乙", "question": "问？", "answers": [{"text": "乙", "answer_start": 1}]}"# + "\n"
                + #"{"context": "丙", "question": "问？", "answers": ["丙"]}"#)
        #expect(records.examples.map(\.id) == ["0", "1"])
        #expect(records.examples.map { $0.answers.first?.start } == [1, 0])
        #expect(records.oddities.isEmpty)
    }

    private static let wrong: [(String, String, String)] = [
        (#"{"data": []}"#, "qa.json", "no question"),
        (#"{"data": [{"paragraphs": [{"qas": []}]}]}"#, ":1: data[0].paragraphs[0]", "context or context_text"),
        ("{\"context\": \"甲\",\n\"qas\": [\n{\"id\": 1, \"question\": \"问\"}]}", ":3: qas[0]", "answers"),
        (
            #"{"context": "甲", "question": "问", "answers": [{"text": "甲", "answer_start": "0"}]}"#,
            ":1: answers[0].answer_start", "an integer"
        ),
        (#"{"context": "甲", "question": "问", "answers": [{"text": 5}]}"#, ":1: answers[0].text", "a string"),
        (#"{"context": " ", "question": "问", "answers": []}"#, ":1: context", "the passage is empty"),
        (
            "{\"context\": \"甲\", \"qas\": [{\"id\": 1, \"question\": \"问\", \"answers\": []},\n"
                + "{\"id\": \"1\", \"question\": \"问\", \"answers\": []}]}", ":2: qas[1]", "used twice"
        ),
        (#"{"text": "甲", "label": 1}"#, ":1", "fields text, label"),
        ("{\"data\": [\n", ":2", "invalid JSON"),
    ]

    @Test(arguments: wrong)
    func errorsNameLineAndField(contents: String, location: String, message: String) throws {
        let error = #expect(throws: InputError.self) { try read(contents) }
        #expect(error?.location.hasSuffix(location) == true, "\(error?.location ?? "")")
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
