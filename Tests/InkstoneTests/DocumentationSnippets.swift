import Foundation
import Inkstone

/// The Swift code of the READMEs and articles, between the markers, word for word. `DocumentationTests` compares and runs it.
enum DocumentationSnippets {
    static func classify(_ folder: URL) throws -> Classification {
        // shown: begin
        let classifier = try TextClassifier(contentsOf: folder)  // Sendable; safe to call from many tasks at once
        let answer = try classifier.classify("国足再次冲出亚洲", topK: 3)
        print(answer.label, answer.probability)
        // shown: end
        return answer
    }

    static func fineTune(_ ernie: URL, train: URL, dev: URL, runs: URL) throws -> FineTuningResult? {
        // shown: begin
        var settings = FineTuningSettings(model: .folder(ernie), train: train, dev: dev, output: runs)
        settings.epochs = 1
        let result = try FineTuning(settings).run()
        print(result?.dev.metrics["accuracy"] ?? 0)
        // shown: end
        return result
    }

    static func tag(_ folder: URL) throws -> TaggedText {
        // shown: begin
        let tagger = try TaskModel<SequenceTagging>(contentsOf: folder)
        let found = try tagger.answers(to: [tagger.kind.question("王莉在杭州", at: "line 1")])[0]
        for entity in found.entities { print(entity.type, entity.text, entity.start, entity.end) }
        // shown: end
        return found
    }

    static func encode(_ ernie: URL) throws -> [Tensor] {
        // shown: begin
        let encoder = try TextEncoder(contentsOf: ernie, pooling: .mean)
        let vectors = try encoder.encode(["国足再次冲出亚洲", "央行下调存款准备金率"])
        print(vectors[0].shape, vectors[0].values)
        // shown: end
        return vectors
    }

    static func fillGap(_ macbert: URL) throws -> (gaps: [[MaskedText.Candidate]], score: MaskedText.Score) {
        // shown: begin
        let model = try MaskedText(contentsOf: macbert)
        let gaps = try model.fill("今天[MASK]气真好", topK: 3)
        let score = try model.score("今天天气真好")
        print(gaps[0].map(\.token), score.perplexity ?? .nan)
        // shown: end
        return (gaps, score)
    }

    static func tokenize(_ ernie: URL) throws -> [Int32] {
        // shown: begin
        let tokenizer = try Tokenizers.open(ernie)  // of whatever kind the folder's is
        let encoding = try tokenizer.encode("国足再次冲出亚洲", maxLength: 32)
        print(encoding.ids, tokenizer.tokens(of: encoding.ids), encoding.offsets)
        // shown: end
        return encoding.ids
    }

    static func segment(_ dictionary: URL) throws -> [String] {
        // shown: begin
        let segmenter = WordSegmenter(dictionary: try WordDictionary(contentsOf: dictionary))
        let words = segmenter.words(of: "国足再次冲出亚洲")
        print(words)
        // shown: end
        return words
    }

    static func readShards(_ folder: URL) throws -> [Int32] {
        // shown: begin
        let shards = try TokenShards.open(folder)  // of inkstone corpus shard; any window in constant time
        var windows = try ShardCursor(shards, windowLength: 16, seed: 1)
        let window = try windows.next()
        print(window.position, window.tokens, windows.state)  // the state goes on exactly here
        // shown: end
        return window.tokens
    }

    /// The marked parts of this file, without their indentation.
    static func texts() throws -> [String] {
        let lines = try String(contentsOfFile: #filePath, encoding: .utf8).components(separatedBy: "\n")
        var texts: [String] = []
        var current: [String]?
        for line in lines {
            switch line.trimmingCharacters(in: .whitespaces) {
            case "// shown: begin": current = []
            case "// shown: end":
                if let current { texts.append(current.joined(separator: "\n")) }
                current = nil
            default: current?.append(String(line.dropFirst(8)))
            }
        }
        return texts
    }
}
