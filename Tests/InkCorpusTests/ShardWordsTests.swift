import Foundation
import InkCorpus
import InkSupport
import InkText
import Testing

/// Word starts in shards, for tokenizers of every kind.
@Suite struct ShardWordsTests {
    private static let tokenizers = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "InkTextTests/Fixtures")
    private static let lines = [
        "今天天气很好。", "我们去公园 playing 球", "hello world", "今天\u{3000}的公园，Café 100 天", "龘𠮷😀今天", "ＡＢＣ今天",
    ]

    /// For each line its tokens, and whether a word starts there.
    private func marks(_ lines: [String], _ model: URL) throws -> [[(token: String, isStart: Bool)]] {
        let folder = try ShardFolder([("a", lines)])
        let stage = ShardStage(tokenizer: model, output: folder.output, words: try folder.dictionary())
        _ = try stage.run(folder.files.input, CollectingSink(), folder.files.context(threads: 1))
        let shards = try TokenShards.open(folder.output)
        let tokenizer = try Tokenizers.open(model)
        return try lines.indices.map { number in
            let range = try shards.document(number)
            let ids = try shards.tokens(at: range.lowerBound, count: range.count)
            return try zip(ids, range).map { (tokenizer.token(of: $0) ?? "?", try shards.isWordStart($1)) }
        }
    }

    @Test func sentencePieceByHand() throws {
        let marks = try marks(["今天天气 很好 hello"], Self.tokenizers.appending(path: "subword/xlmr"))
        #expect(
            marks[0].map { ($0.isStart ? "|" : "") + $0.token }.joined(separator: " ")
                == "|▁ |<unk> 天 |天 <unk> |▁ |<unk> |▁ |h e <unk> o")
    }

    @Test func byteLevelByHand() throws {
        let marks = try marks(["今天天气 很好 hello"], Self.tokenizers.appending(path: "subword/roberta"))
        #expect(
            marks[0].map { ($0.isStart ? "|" : "") + $0.token }.joined(separator: " ")
                == "|ä » Ĭ å¤ © |å¤ © æ ° Ķ |Ġ |å ¾ Ī |å¥ ½ |Ġ |h e l l o")
    }

    /// A start is the first token that begins in a word, or one of white space alone.
    @Test(arguments: [
        "tokenizer", "subword/bpe", "subword/bpe-bytes", "subword/unigram-bytes", "subword/unigram-spaces",
        "subword/xlmr", "subword/roberta", "subword/roberta-prefix", "subword/json-bpe", "subword/json-unigram",
        "subword/json-wordpiece",
    ]) func startsAreWhereWordsStart(name: String) throws {
        let model = Self.tokenizers.appending(path: name)
        let tokenizer = try Tokenizers.open(model)
        for (line, marks) in zip(Self.lines, try marks(Self.lines, model)) {
            let letters = Array(line.unicodeScalars)
            let offsets = tokenizer.analyze(line).offsets
            #expect(marks.count == offsets.count, "\(name): \(line)")
            // Where words of the dictionary and rows of Latin letters begin.
            let words = ["今天", "天气", "我们", "公园"].map { Array($0.unicodeScalars) }
            var wordOf: [Int] = []
            while wordOf.count < letters.count {
                let rest = letters[wordOf.count...]
                let latin = rest.prefix { $0.isASCII && ($0.properties.isAlphabetic || (48...57).contains($0.value)) }
                    .count
                let length = words.first { rest.starts(with: $0) }?.count ?? max(latin, 1)
                wordOf += [Int](repeating: wordOf.count, count: length)
            }
            var last = -1
            for (mark, range) in zip(marks, offsets) {
                let first = range.first { !letters[$0].properties.isWhitespace }
                let word = first.map { wordOf[$0] } ?? -1
                #expect(mark.isStart == (word != last || word < 0), "\(name): \(line): \(mark.token)")
                last = word
            }
        }
    }

    private func stage(_ words: JSONValue, _ tokenizer: URL) throws -> ShardStage? {
        var settings = StageSettings(
            JSONObject(["tokenizer": .string(tokenizer.path), "folder": .string("/nowhere"), "words": words]),
            location: "corpus shard")
        guard case .corpus(let stage) = try ShardStage.kind.make(&settings) else { return nil }
        try stage.check()
        return stage as? ShardStage
    }

    @Test func theTokenizersOwnDictionary() throws {
        let roformer = Self.tokenizers.appending(path: "roformer")
        #expect(try stage(.bool(true), roformer)?.words?.lastPathComponent == "jieba_dict.txt")
        #expect(try #require(try stage(.bool(false), roformer)).words == nil)
        let bert = Self.tokenizers.appending(path: "tokenizer")
        let none = #expect(throws: InputError.self) { try stage(.bool(true), bert) }
        #expect(none?.remedy?.contains("lexicon build") == true)
        #expect(none?.location == "corpus shard: words")
        let type = #expect(throws: InputError.self) { try stage(.number("3"), bert) }
        #expect(type?.expected == "a file, true or false")
        let missing = #expect(throws: InputError.self) { try stage(.string("/nowhere.txt"), bert) }
        #expect(missing?.location == "/nowhere.txt")
    }
}
