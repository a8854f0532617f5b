import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct QualityTrainingTests {
    private static let folder = FileManager.default.temporaryDirectory

    private static func file(_ text: String, _ ending: String = "jsonl") throws -> URL {
        let url = folder.appending(path: "quality-\(UUID().uuidString).\(ending)")
        try Data(text.utf8).write(to: url)
        return url
    }

    @Test func judgementsAreRead() throws {
        let candidates = [
            QualityCandidate(
                id: "a", text: "一\n\"二\"", candidate: .high, reason: "typical", perplexity: 3.5, order: 2, density: 0,
                cluster: 1)
        ]
        let file = try Self.file("")
        defer { try? FileManager.default.removeItem(at: file) }
        try QualityCandidate.write(candidates, to: file)
        let written = try String(contentsOf: file, encoding: .utf8)
        #expect(throws: InputError.self) { try QualityJudgements(contentsOf: file) }

        let judged = written.replacing("\"label\":null", with: "\"label\":\"disfluent\"")
        try Data((judged + "\n" + written).utf8).write(to: file)
        let judgements = try QualityJudgements(contentsOf: file)
        #expect(judgements.sample.labels == [1])
        #expect(judgements.sample.ids == ["a"])
        #expect(String(decoding: judgements.sample.utf8(0), as: UTF8.self) == "一\n\"二\"")
        #expect(judgements.unjudged == 1)
    }

    @Test(arguments: [
        #"{"text": "二", "label": "hihg"}"#, #"{"label": "high"}"#, #"{"text": "二", "label": ["high"]}"#,
        #"{"text": 2, "label": "high"}"#, #"{"text": "二", "label""#,
    ]) func wrongJudgementsAreNamed(line: String) throws {
        let file = try Self.file("{\"text\": \"一\", \"label\": \"high\"}\n\(line)\n")
        defer { try? FileManager.default.removeItem(at: file) }
        let error = #expect(throws: InputError.self) { try QualityJudgements(contentsOf: file) }
        #expect(error?.location.contains("\(file.path):2") == true)
    }

    @Test func roundsAddWhatTheModelIsSureOf() throws {
        let fluent = QualityLabelingTests.fluent(120)
        let broken = QualityLabelingTests.fluent(120).map(QualityLabelingTests.shuffled)
        func advertisement(_ index: Int) -> String {
            let offers = ["特价", "包邮", "优惠", "秒杀", "红包"], ways = ["扫码", "加微信", "来电", "点击链接"]
            return "本店\(offers[index % 5])，\(ways[index % 4])领\(offers[index / 5 % 5])，第\(index)期！"
        }
        var judged = DocumentSample()
        for index in 0..<12 {
            judged.add(Array(fluent[index].utf8), label: 0)
            judged.add(Array(broken[index].utf8), label: 1)
            judged.add(Array(advertisement(index).utf8), label: 2)
        }
        let lines = (20..<120).flatMap { [fluent[$0], broken[$0], advertisement($0)] }
        let file = try Self.file(lines.joined(separator: "\n"), "txt")
        defer { try? FileManager.default.removeItem(at: file) }
        let input = DocumentInput(files: [.init(file, format: .lines)])
        var training = QualityTraining(
            LinearQualityTrainer(
                features: try FeatureHashing(bits: 14), options: LinearTrainer.Options(epochs: 10, threads: 2)))
        training.rounds = 2
        training.addedPerRound = 15
        training.confidence = 0.6
        training.heldShare = 0
        let context = StageContext(threads: 2, workFolder: Self.folder)
        let (model, rounds, joined) = try training.train(judged, unjudged: input, context)
        #expect(rounds.count == 3)
        #expect(rounds[0].documents == [12, 12, 12])
        #expect(rounds[0].added == [0, 0, 0])
        #expect(rounds[1].added[2] == 15)
        // A third of the judged documents is good, and of those that join.
        for round in rounds[1...] {
            #expect(round.added[0] <= (round.added[1] + round.added[2] + 1) / 2)
        }
        #expect(joined.count == rounds[1...].map { $0.added.reduce(0, +) }.reduce(0, +))
        #expect(joined.filter { $0.round == 1 && $0.label == "advertisement" }.count == 15)
        #expect(Set(joined.map(\.utf8)).count == joined.count)
        #expect(rounds[2].documents[2] == 12 + rounds[1].added[2] + rounds[2].added[2])
        #expect(rounds[0].accuracy == nil)

        // Documents that the first model did not see.
        var unseen = DocumentSample()
        for index in 12..<20 {
            unseen.add(Array(fluent[index].utf8), label: 0)
            unseen.add(Array(advertisement(index).utf8), label: 2)
        }
        training.rounds = 0
        let first = try training.train(judged, context).model
        let before = try QualityPredictions(first, unseen, threads: 1)
        let after = try QualityPredictions(model, unseen, threads: 1)
        #expect(try #require(after.accuracy) >= (try #require(before.accuracy)))
        #expect(try #require(after.accuracy) > 0.9)

        training.rounds = 1
        #expect(throws: InputError.self) { try training.train(judged, context) }
    }
}
