import Foundation
import InkSupport
import InkText
import Testing

@Suite struct VocabularyTests {
    private func withFile<Result>(_ bytes: [UInt8], _ body: (URL) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "vocab-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        return try body(file)
    }

    private func read(_ text: String) throws -> Vocabulary {
        try withFile(Array(text.utf8)) { try Vocabulary(contentsOf: $0) }
    }

    private func failure(_ bytes: [UInt8]) throws -> InputError {
        try withFile(bytes) { file in
            try #require(throws: InputError.self) { try Vocabulary(contentsOf: file) }
        }
    }

    @Test func lineNumbersAreIds() throws {
        for text in ["[PAD]\n[UNK]\n中\n##国", "[PAD]\r\n[UNK]\r\n中\r\n##国\r\n", "\u{FEFF}[PAD]\n[UNK]\n中\n##国\n"] {
            let vocabulary = try read(text)
            #expect(vocabulary.tokens == ["[PAD]", "[UNK]", "中", "##国"])
            #expect(vocabulary.id(of: "##国") == 3)
            #expect(vocabulary.token(of: 2) == "中")
            #expect(vocabulary.token(of: 4) == nil)
            #expect(vocabulary.token(of: -1) == nil)
        }
    }

    @Test func idsComeFromTheTabForm() throws {
        let vocabulary = try read("[UNK]\t2\n[PAD]\t0\n中\t1\n")
        #expect(vocabulary.tokens == ["[PAD]", "中", "[UNK]"])
    }

    @Test func equivalentSpellingsAreDifferentTokens() throws {
        let vocabulary = try read("\u{8C48}\n\u{F900}\né\ne\u{301}\n")
        #expect(vocabulary.warnings.isEmpty)
        #expect(vocabulary.id(of: "\u{F900}") == 1)
        #expect(vocabulary.id(of: "e\u{301}") == 3)
        #expect(try vocabulary != Vocabulary(tokens: ["\u{8C48}", "\u{8C48}", "é", "e\u{301}"]))
    }

    @Test func theLastOfTwoEqualTokensCounts() throws {
        let vocabulary = try read("[PAD]\n$\nx\n$\n\n\n")
        #expect(vocabulary.id(of: "$") == 3)
        #expect(vocabulary.token(of: 1) == "$")
        #expect(vocabulary.warnings.count == 1)
        #expect(vocabulary.count == 6)
    }

    @Test func errorsNameTheLine() throws {
        #expect(try failure([]).problem.contains("no token"))
        #expect(try failure(Array("[PAD]\n".utf8) + [0xE4, 0xB8, 0x0A]).location.hasSuffix(":2"))
        #expect(try failure(Array("a\t0\nb\n".utf8)).location.hasSuffix(":2"))
        #expect(try failure(Array("a\t0\nb\tx\n".utf8)).location.hasSuffix(":2"))
        #expect(try failure(Array("a\t0\nb\t0\n".utf8)).problem.contains("twice"))
        #expect(try failure(Array("a\t0\nb\t2\n".utf8)).problem.contains("gap"))
        #expect(try failure(Array("a\t0\nb\t99999999999999999999\n".utf8)).location.hasSuffix(":2"))
        #expect(try failure([UInt8](repeating: 0x61, count: 5000)).problem.contains("not a WordPiece"))
        #expect(throws: InputError.self) { try Vocabulary(contentsOf: URL(filePath: "/nowhere/vocab.txt")) }
    }

    @Test func writingAndReadingGivesTheSame() throws {
        let fixture = try TokenizerFixture()
        let file = FileManager.default.temporaryDirectory.appending(path: "vocab-\(UUID().uuidString).txt")
        defer { try? FileManager.default.removeItem(at: file) }
        try fixture.vocabulary.write(to: file)
        #expect(try Vocabulary(contentsOf: file) == fixture.vocabulary)
        let original = try Data(contentsOf: TokenizerFixture.folder.appending(path: "vocab.txt"))
        #expect(try Data(contentsOf: file) == original)
        #expect(throws: InputError.self) { try Vocabulary(tokens: ["a\nb"]).write(to: file) }
    }

    @Test func specialTokensMustBeThereOnce() throws {
        let tokens = ["[PAD]", "[CLS]", "[SEP]", "[MASK]", "中", "[UNK]"]
        let tokenizer = try BertTokenizer(vocabulary: Vocabulary(tokens: tokens))
        #expect(tokenizer.paddingID == 0)
        #expect(tokenizer.classificationID == 1)
        #expect(tokenizer.separatorID == 2)
        #expect(tokenizer.maskID == 3)
        #expect(tokenizer.unknownID == 5)
        for name in ["[PAD]", "[CLS]", "[SEP]", "[UNK]"] {
            let error = try #require(throws: InputError.self) {
                try BertTokenizer(vocabulary: Vocabulary(tokens: tokens.filter { $0 != name }))
            }
            #expect(error.expected == name)
            #expect(throws: InputError.self) { try BertTokenizer(vocabulary: Vocabulary(tokens: tokens + [name])) }
        }
        let maskless = try BertTokenizer(vocabulary: Vocabulary(tokens: tokens.filter { $0 != "[MASK]" }))
        #expect(maskless.maskID == nil)
    }
}
