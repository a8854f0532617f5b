import Foundation
import InkSupport
import InkTestSupport
import InkText
import Testing

/// Tokenizers of every kind against their references; see Tools/make_subword_fixtures.py.
@Suite struct SubwordTests {
    struct Cases: Decodable {
        let ids: [[Int32]]
        let spans: [[Int]]
        let pieces: [[String]]?
        let decoded: [String]?
        let pair: [Int32]?
    }

    static let root = TokenizerFixture.folder.deletingLastPathComponent().appending(path: "subword")
    static let sentencePiece = ["xlmr", "unigram-bytes", "unigram-suffix", "unigram-spaces", "bpe", "bpe-bytes"]
    static let fast = ["roberta", "roberta-prefix", "json-bpe", "json-wordpiece", "json-unigram"]

    private let texts: [String: [String]]

    init() throws { texts = try Self.read("texts.json") }

    private static func read<Value: Decodable>(_ name: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(contentsOf: root.appending(path: name)))
    }

    private func open(_ name: String) throws -> (any Tokenizer, Cases, [String]) {
        let all = try #require(texts[Self.sentencePiece.contains(name) ? "plain" : "all"])
        let cases: Cases = try Self.read("\(name)/cases.json")
        #expect(cases.ids.count == all.count)
        return (try Tokenizers.open(Self.root.appending(path: name)), cases, all)
    }

    @Test(arguments: sentencePiece + fast) func idsEqualTheReference(_ name: String) throws {
        let (tokenizer, cases, texts) = try open(name)
        for (text, expected) in zip(texts, cases.ids) {
            let ids = tokenizer.analyze(text).ids
            #expect(ids == expected, "\(text.debugDescription)")
        }
        let packed = try tokenizer.encodePacked(texts, addSpecialTokens: false, threads: 2)
        let cut = try tokenizer.encodePacked(texts, maxLength: 5, addSpecialTokens: false, threads: 1)
        for (index, expected) in cases.ids.enumerated() {
            #expect(Array(packed[index]) == expected)
            #expect(Array(cut[index]) == Array(expected.prefix(5)))
        }
    }

    @Test(arguments: sentencePiece) func offsetsEqualSentencePieceWithoutSpaces(_ name: String) throws {
        let (tokenizer, cases, texts) = try open(name)
        for (number, text) in texts.enumerated() {
            let offsets = tokenizer.analyze(text).offsets
            let spans = TokenizerFixture.ranges(cases.spans[number])
            for (index, piece) in (cases.pieces?[number] ?? []).enumerated() {
                let (offset, span) = (offsets[index], spans[index])
                let shown = piece.trimmingCharacters(in: ["\u{2581}"])
                if shown.isEmpty {
                    #expect(offset == span, "\(text.debugDescription) \(piece)")
                } else if shown == piece, !piece.hasPrefix("<0x") {
                    // A character that gave several pieces is covered whole by each.
                    #expect(offset.lowerBound == span.lowerBound, "\(text.debugDescription) \(piece)")
                    #expect(offset.upperBound >= span.upperBound, "\(text.debugDescription) \(piece)")
                } else {
                    #expect(offset.lowerBound >= span.lowerBound, "\(text.debugDescription) \(piece)")
                    #expect(!offset.isEmpty, "\(text.debugDescription) \(piece)")
                }
            }
        }
    }

    @Test(arguments: fast) func decodingAndPairsEqualTheReference(_ name: String) throws {
        let (tokenizer, cases, _) = try open(name)
        for (ids, expected) in zip(cases.ids, cases.decoded ?? []) {
            #expect(Array(tokenizer.decode(ids).utf8) == Array(expected.utf8), "\(ids)")
        }
        #expect(try tokenizer.encode("国足再次", pair: "hello world").ids == cases.pair)
    }

    @Test(arguments: sentencePiece + fast) func aWrittenTokenizerOpensAgain(_ name: String) throws {
        let (tokenizer, _, texts) = try open(name)
        let opened = try TokenizerFolder.reopened(tokenizer)
        #expect(opened.idCount == tokenizer.idCount)
        #expect(opened.template == tokenizer.template)
        for text in texts.prefix(60) { #expect(opened.analyze(text) == tokenizer.analyze(text)) }
        for id in 0..<Int32(tokenizer.idCount) {
            guard let token = tokenizer.token(of: id) else { continue }
            #expect(tokenizer.id(of: token) != nil, "\(token)")
        }
    }

    /// A cut-off file is an error that names the file; a flipped bit is an error or another model, never a crash.
    @Test(arguments: [
        ("unigram-bytes", "spm.model"), ("bpe-bytes", "spm.model"), ("roberta", "vocab.json"),
        ("roberta", "merges.txt"),
        ("json-unigram", "tokenizer.json"), ("json-bpe", "tokenizer.json"), ("json-wordpiece", "tokenizer.json"),
    ]) func damagedFilesAreErrors(_ name: String, _ file: String) throws {
        let source = Self.root.appending(path: name)
        let content = [UInt8](try Data(contentsOf: source.appending(path: file)))
        let texts = try #require(texts["all"]).prefix(20)
        try withTemporaryFolder { folder in
            for other in try FileManager.default.contentsOfDirectory(atPath: source.path) {
                try FileManager.default.copyItem(
                    at: source.appending(path: other), to: folder.appending(path: other))
            }
            var refused = 0
            for step in 1..<24 {
                let length = content.count * step / 24
                try Data(content.prefix(length)).write(to: folder.appending(path: file))
                do {
                    let tokenizer = try Tokenizers.open(folder)
                    for text in texts { _ = tokenizer.analyze(text) }
                } catch let error as InputError {
                    refused += 1
                    #expect(error.location.contains(file) || error.description.contains(file))
                }
                var flipped = content
                flipped[length] ^= UInt8(1 << (step % 8))
                try Data(flipped).write(to: folder.appending(path: file))
                if let tokenizer = try? Tokenizers.open(folder) {
                    for text in texts { _ = tokenizer.analyze(text) }
                }
            }
            // merges.txt may end after any line.
            #expect(refused >= (file == "merges.txt" ? 1 : 23))
        }
    }

    @Test func aCutOffModelNamesTheByte() throws {
        let content = try Data(contentsOf: Self.root.appending(path: "bpe/spm.model"))
        try withTemporaryFolder { folder in
            try Data(content.prefix(content.count - 3)).write(to: folder.appending(path: "spm.model"))
            let error = try #require(throws: InputError.self) { try Tokenizers.open(folder) }
            #expect(error.location.contains("spm.model: byte "))
        }
    }

    @Test func unknownPartsOfAJSONAreNamed() throws {
        let wrong: [(String, String)] = [
            (#"{"model": {"type": "WordLevel", "vocab": {}}}"#, "WordLevel"),
            (#"{"model": {"type": "BPE", "vocab": {"a": 0}}, "pre_tokenizer": {"type": "Digits"}}"#, "Digits"),
            (#"{"model": {"type": "BPE", "vocab": {"a": -1}}, "pre_tokenizer": {"type": "ByteLevel"}}"#, "-1"),
            (
                #"{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["a", 0]]}, "normalizer": {"type": "Odd"}}"#,
                "Odd"
            ),
            (#"{"model": {"type": "Unigram", "unk_id": 3, "vocab": [["a", 0]]}}"#, "unk_id"),
            (#"{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["a"]]}}"#, "vocab[0]"),
            (#"{"model": {"type": "WordPiece", "vocab": {"a": 0}}, "normalizer": {"type": "NFC"}}"#, "NFC"),
            (#"{"vocab": 1}"#, "tokenizer.json"),
        ]
        for (text, part) in wrong {
            try withTemporaryFolder { folder in
                try Data(text.utf8).write(to: folder.appending(path: "tokenizer.json"))
                let error = try #require(throws: InputError.self) { try Tokenizers.open(folder) }
                #expect(error.description.contains(part), "\(error)")
            }
        }
    }

    @Test func aFolderWithoutVocabularyIsAnError() throws {
        try withTemporaryFolder { folder in
            _ = #expect(throws: InputError.self) { try Tokenizers.open(folder) }
        }
    }
}
