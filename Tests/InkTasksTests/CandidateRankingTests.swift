import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTestSupport
import InkTraining
import Testing

@Suite struct CandidateRankingTests {
    /// Each question has three candidates; the one of the question's own class of titles is relevant.
    private static let groups: [(question: String, candidates: [(text: String, label: Int)])] = {
        let titles = TinyModel.titles(.train, 36)
        return (0..<9).map { index in
            let own = index % 3
            let others = titles[9 + 3 * index..<12 + 3 * index]
            return ("\(titles[index].text)", others.map { ($0.text, $0.label == own ? 1 : 0) })
        }
    }()

    private static let rows = groups.flatMap { group in
        group.candidates.map { "\(group.question)\t\($0.text)\t\($0.label)\n" }
    }.joined()

    @Test func learnsByHeartAndRanks() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(in: folder, .retrieval, train: Self.rows, extension: ".tsv")
            settings.epochs = 40
            let tuning = try FineTuning(settings)
            #expect(tuning.exampleCount == 27)
            let result = try #require(try tuning.run())
            #expect(result.dev.metrics.count == 9)
            #expect(try #require(result.dev.metrics["MRR"]) >= 0.9)
            #expect(result.dev.metrics["hit@3"] == 1)
            #expect(
                try ModelConfigFile(contentsOf: settings.output).section("id2label")?.value("1", String.self)
                    == "relevant")

            #expect(try FolderTask.name(of: settings.output) == .retrieval)
            let model = try TaskModel<CandidateRanking>(contentsOf: settings.output)
            let questions = try Self.groups.map { group in
                let candidates = group.candidates.map { "\"\($0.text)\"" }.joined(separator: ", ")
                return try model.kind.question(
                    #"{"question": "\#(group.question)", "candidates": [\#(candidates)]}"#, at: "line 1")
            }
            let answers = try model.answers(to: questions)
            var reciprocal = 0.0
            for (answer, group) in zip(answers, Self.groups) {
                #expect(Set(answer.candidates.map(\.text)) == Set(group.candidates.map(\.text)))
                #expect(
                    zip(answer.candidates, answer.candidates.dropFirst()).allSatisfy {
                        $0.probability >= $1.probability
                    })
                #expect(answer.candidates.allSatisfy { group.candidates[$0.index].text == $0.text })
                let rank = answer.candidates.firstIndex { group.candidates[$0.index].label == 1 }
                reciprocal += 1 / Double(1 + (try #require(rank)))
            }
            #expect(abs(reciprocal / 9 - (result.dev.metrics["MRR"] ?? 0)) < 1e-9)
            #expect(
                answers[0].top(1).columns == [answers[0].candidates[0].text, "\(answers[0].candidates[0].probability)"])
        }
    }

    @Test func unusableDataIsRefused() throws {
        for text in ["国足\t亚洲\t1\n国足\t再次\t1\n", "国足\t亚洲\t0\n", "国足再次冲出亚洲\n", "国足\t亚洲\t体育\n"] {
            try withTemporaryFolder { folder in
                let settings = try TinyTaskRun.settings(in: folder, .retrieval, train: text, extension: ".tsv")
                let error = try #require(throws: InputError.self) { try FineTuning(settings) }
                #expect(error.location.contains("train.tsv"))
            }
        }
        try withTemporaryFolder { folder in
            let settings = try TinyTaskRun.settings(in: folder, .retrieval, train: Self.rows, extension: ".tsv")
            let kind = try CandidateRanking.prepare(settings).kind
            for line in [
                "何时", #"{"question": "何时"}"#, #"{"question": "何时", "candidates": []}"#, #"{"candidates": ["甲"]}"#,
            ] {
                #expect(throws: InputError.self) { try kind.question(line, at: "line 2") }
            }
        }
    }

    @Test func resumingIsExact() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .retrieval, train: Self.rows, extension: ".tsv",
                fields: ["hidden_dropout_prob": .number("0.2")])
            settings.epochs = 2
            settings.evaluateEvery = 3
            try TinyTaskRun.expectExactResume(settings)
        }
    }
}
