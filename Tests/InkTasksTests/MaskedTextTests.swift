import Foundation
import InkSupport
import InkTasks
import InkTestSupport
import Testing

/// Against transformers: `Tools/fixtures/cloze.py`.
@Suite struct MaskedTextTests {
    private struct Expected: Decodable {
        struct Candidate: Decodable {
            let token: String
            let probability: Float
        }
        struct Gap: Decodable {
            let text: String
            let masks: [[Candidate]]
        }
        struct Score: Decodable {
            let text: String
            let logProbabilities: [Float]
        }
        let gaps: [Gap]
        let scores: [Score]
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/cloze")

    private func expected() throws -> Expected {
        try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: Self.folder.appending(path: "expected.json")))
    }

    @Test func fillsGaps() throws {
        let model = try MaskedText(contentsOf: Self.folder)
        for gap in try expected().gaps {
            let found = try model.fill(gap.text, topK: 3)
            #expect(found.map { $0.map(\.token) } == gap.masks.map { $0.map(\.token) }, "\(gap.text)")
            expectClose(
                found.flatMap { $0.map(\.probability) }, gap.masks.flatMap { $0.map(\.probability) }, tolerance: 1e-6)
        }
        #expect(throws: InputError.self) { try model.fill("没有空格") }
        #expect(throws: InputError.self) { try model.fill(String(repeating: "[MASK]", count: 30)) }
    }

    @Test func scoresTexts() throws {
        let model = try MaskedText(contentsOf: Self.folder)
        for wanted in try expected().scores {
            let score = try model.score(wanted.text)
            expectClose(score.tokens.map(\.logProbability), wanted.logProbabilities, tolerance: 1e-5, wanted.text)
            let sum = wanted.logProbabilities.reduce(0) { $0 + Double($1) }
            let count = Double(wanted.logProbabilities.count)
            expectClose([Float(score.perplexity / exp(-sum / count))], [1], tolerance: 1e-5)
            #expect(score.isTruncated == (wanted.text.count > 18))
        }
        #expect(try model.score("").perplexity == 1)
    }

    @Test func aFolderWithoutTheHeadIsRefused() throws {
        let bert = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "InkModelsTests/Fixtures/bert-gelu")
        let error = try #require(throws: InputError.self) { try MaskedText(contentsOf: bert) }
        #expect(error.problem.contains("masked-language head"))
    }
}
