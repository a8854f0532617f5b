import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTensor
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
            let perplexity = try #require(score.perplexity)
            let sum = wanted.logProbabilities.reduce(0) { $0 + Double($1) }
            let count = Double(wanted.logProbabilities.count)
            expectClose([Float(perplexity / exp(-sum / count))], [1], tolerance: 1e-5)
            #expect(score.isTruncated == (wanted.text.count > 18))
        }
    }

    /// A text of which the model sees nothing is not the likeliest of all.
    @Test(arguments: ["", " \n", "😂", "龘龘😂", "[SEP][PAD]"])
    func aTextOfWhichNothingIsKnownHasNoScore(text: String) throws {
        let score = try MaskedText(contentsOf: Self.folder).score(text)
        #expect(score.perplexity == nil)
        #expect(score.logLikelihood == nil)
        #expect(score.unknownCount + score.specialCount == score.tokens.count)
    }

    @Test func unknownTokensAreCounted() throws {
        let score = try MaskedText(contentsOf: Self.folder).score("今天龘好")
        #expect(score.tokens.map(\.token) == ["今", "天", "[UNK]", "好"])
        #expect(score.unknownCount == 1)
        #expect(score.perplexity != nil)
    }

    @Test func aFolderWithoutTheHeadIsRefused() throws {
        let bert = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "InkModelsTests/Fixtures/bert-gelu")
        let error = try #require(throws: InputError.self) { try MaskedText(contentsOf: bert) }
        #expect(error.problem.contains("masked-language head"))
    }

    /// A copy of the fixture with an output matrix in which two tokens have changed places.
    private func withSwappedOutput(ties: Bool, _ body: (URL, _ swapped: (String, String)) throws -> Void) throws {
        let checkpoint = try Checkpoint(contentsOf: Self.folder)
        let table = try checkpoint.tensor("bert.embeddings.word_embeddings.weight")
        var rows = (0..<table.rows).map(table.row)
        let swapped = (try #require(expected().gaps.first?.masks.first?.first?.token), "[PAD]")
        let vocabulary = try String(contentsOf: Self.folder.appending(path: "vocab.txt"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        rows.swapAt(
            try #require(vocabulary.firstIndex(of: swapped.0)), try #require(vocabulary.firstIndex(of: swapped.1)))
        let key = "cls.predictions.decoder.weight"
        let kept = try checkpoint.entries.filter { $0.key != key }
            .map { SafetensorsWriter.Item($0.key, try checkpoint.tensor($0.key)) }
        try withTemporaryFolder { folder in
            try SafetensorsWriter.write(
                kept + [.init(key, Tensor(rows.flatMap { $0 }, shape: table.shape))],
                to: folder.appending(path: "model.safetensors"))
            for name in ["vocab.txt", "tokenizer_config.json"] {
                try FileManager.default.copyItem(
                    at: Self.folder.appending(path: name), to: folder.appending(path: name))
            }
            var config = try ModelConfigFile(contentsOf: Self.folder)
            config.set("tie_word_embeddings", .bool(ties))
            try Data(config.text.utf8).write(to: folder.appending(path: "config.json"))
            try body(folder, swapped)
        }
    }

    @Test func anUntiedOutputMatrixIsRead() throws {
        let gap = try #require(expected().gaps.first)
        let best = try #require(gap.masks.first?.first)
        try withSwappedOutput(ties: false) { folder, swapped in
            let model = try MaskedText(contentsOf: folder)
            #expect(model.warnings.isEmpty)
            let found = try model.fill(gap.text, topK: 32)[0]
            // The best token's row is now under another id; biases stay with their ids.
            #expect(found.first { $0.token == swapped.0 }.map { $0.probability < best.probability / 2 } == true)
            #expect(!model.account.tied.contains { $0.key.hasSuffix("decoder.weight") })
        }
    }

    @Test func anUntiedOutputMatrixThatIsMissingIsRefused() throws {
        try withSwappedOutput(ties: false) { folder, _ in
            let whole = try Checkpoint(contentsOf: folder)
            let items = try whole.entries.filter { $0.key != "cls.predictions.decoder.weight" }
                .map { SafetensorsWriter.Item($0.key, try whole.tensor($0.key)) }
            try SafetensorsWriter.write(items, to: folder.appending(path: "model.safetensors"))
            let error = try #require(throws: InputError.self) { try MaskedText(contentsOf: folder) }
            #expect(error.problem.contains("cls.predictions.decoder.weight"))
        }
    }

    @Test func aTiedOutputMatrixThatDiffersIsTold() throws {
        try withSwappedOutput(ties: true) { folder, _ in
            let model = try MaskedText(contentsOf: folder)
            #expect(model.warnings.count == 1)
            #expect(model.warnings.first?.contains("cls.predictions.decoder.weight differs") == true)
            let gap = try #require(expected().gaps.first)
            #expect(try model.fill(gap.text, topK: 3)[0].map(\.token) == gap.masks[0].map(\.token))
        }
        #expect(try MaskedText(contentsOf: Self.folder).warnings.isEmpty)
    }
}
