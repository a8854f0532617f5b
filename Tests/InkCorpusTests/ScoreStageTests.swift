import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct ScoreStageTests {
    /// Scores a text by the share of 好 in it.
    private struct ShareScorer: DocumentScorer {
        let labels = ["poor", "high"]

        func makeSession() -> any ScoringSession { Session() }

        private final class Session: ScoringSession {
            func probabilities(of texts: [[UInt8]]) -> [[Float]] {
                texts.map { text in
                    let characters = String(decoding: text, as: UTF8.self)
                    let share = Float(characters.filter { $0 == "好" }.count) / Float(max(characters.count, 1))
                    return [1 - share, share]
                }
            }
        }
    }

    private static func process(_ stage: ScoreStage, _ documents: [Document]) throws -> (kept: [Document], StageTally) {
        let worker = try stage.makeWorker()
        var tally = StageTally()
        var kept: [Document] = []
        for var document in documents {
            if try worker.process(&document, &tally) == .keep { kept.append(document) }
        }
        return (kept, tally)
    }

    @Test(arguments: [0.0, 0.5, 0.9, 1.0]) func paretoSharesFollowTheClosedForm(score: Double) {
        for alpha in [3.0, 9.0] {
            let selection = ParetoSelection(alpha: alpha, seed: 7)
            let count = 20_000
            let kept = (0..<count).filter { selection.keeps(id: "doc-\($0)", score: score) }.count
            let share = pow(2 - score, -alpha)
            let deviation = (share * (1 - share) / Double(count)).squareRoot()
            #expect(abs(Double(kept) / Double(count) - share) <= 4 * deviation + 1e-4, "alpha \(alpha)")
        }
    }

    @Test func drawsDependOnSeedAndDocument() {
        let ids = (0..<200).map { "doc-\($0)" }
        func kept(_ seed: UInt64) -> [String] {
            let selection = ParetoSelection(alpha: 3, seed: seed)
            return ids.filter { selection.keeps(id: $0, score: 0.8) }
        }
        #expect(kept(1) == kept(1))
        #expect(kept(1) != kept(2))
    }

    @Test func thresholdAndHistograms() throws {
        let stage = try ScoreStage(ShareScorer(), keep: .threshold(0.5))
        let documents = [
            Document(text: "好好好好", id: "a"), Document(text: "好坏坏坏", id: "b"), Document(text: "好坏", id: "c"),
        ]
        let (kept, tally) = try Self.process(stage, documents)
        #expect(kept.map(\.id) == ["a", "c"])
        #expect(kept.first?.meta["quality"] == .number("1.0"))
        #expect(kept.first?.meta["quality-class"] == .string("high"))
        #expect(tally.histograms["score"] == [19: 1, 5: 1, 10: 1])
        #expect(tally.histograms["score kept"] == [19: 1, 10: 1])
        #expect(throws: InputError.self) { try ScoreStage(ShareScorer(), className: "advertisement") }
    }

    @Test func settings() throws {
        var sample = DocumentSample()
        sample.add(Array("好文章".utf8), label: 1)
        sample.add(Array("坏文章".utf8), label: 0)
        let model = try LinearTrainer.train(
            sample, labels: ["negative", "positive"], features: try FeatureHashing(bits: 10))
        let file = FileManager.default.temporaryDirectory.appending(path: "score-\(UUID().uuidString).bin")
        defer { try? FileManager.default.removeItem(at: file) }
        try model.write(to: file)
        func make(_ more: JSONObject) throws -> StageKind.Stage {
            var object = more
            object["model"] = .string(file.path)
            return try ScoreStage.kind.make(StageSettings(object, location: "test"))
        }
        #expect(try make(["keep": .string("pareto"), "alpha": .number("3")].object).name == "score")
        for wrong in [
            ["keep": JSONValue.string("best")], ["alpha": .number("0")], ["threshold": .number("2")],
            ["class": .string("high")], ["seed": .number("-1")], ["modle": .string("x")],
        ] {
            let error = #expect(throws: InputError.self, "\(wrong)") { try make(wrong.object) }
            #expect(error?.kind == .usage)
        }
    }
}

extension [String: JSONValue] {
    /// The fields as a JSON object.
    fileprivate var object: JSONObject {
        var object = JSONObject()
        for (name, value) in self { object[name] = value }
        return object
    }
}
