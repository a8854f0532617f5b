import Foundation
import InkSupport
import InkTestSupport
import InkText
import Testing

@Suite("RoFormer tokenizer")
struct RoFormerTokenizerTests {
    private struct Fixture: Decodable {
        let texts: [String]
        let ids: [[Int32]]
        let offsets: [[Int]]

        static let folder = SegmenterFixture.folder.deletingLastPathComponent().appending(path: "roformer")

        static func read() throws -> Fixture {
            try JSONDecoder().decode(Self.self, from: Data(contentsOf: folder.appending(path: "cases.json")))
        }
    }

    @Test func idsAndOffsetsAreThoseOfTheReference() throws {
        let fixture = try Fixture.read()
        let tokenizer = try Tokenizers.open(Fixture.folder)
        #expect(tokenizer is RoFormerTokenizer)
        // The text is in small letters, as the reference's is.
        #expect(tokenizer.warnings.count == 1)
        #expect(tokenizer.warnings.first?.contains("5 words are spelt otherwise") == true)
        #expect(tokenizer.warnings.first?.contains("the first in line 57: \"A4\"") == true)
        for (index, text) in fixture.texts.enumerated() {
            let analysis = tokenizer.analyze(text)
            #expect(analysis.ids == fixture.ids[index], "\(text)")
            #expect(analysis.offsets.flatMap { [$0.lowerBound, $0.upperBound] } == fixture.offsets[index], "\(text)")
        }
        let packed = try tokenizer.encodePacked(fixture.texts, addSpecialTokens: false)
        #expect(packed.ids == fixture.ids.flatMap { $0 })
    }

    @Test func aRunFolderOpensTheSameTokenizer() throws {
        let opened = try Tokenizers.open(Fixture.folder)
        let made = try RoFormerTokenizer(
            vocabulary: Vocabulary(contentsOf: Fixture.folder.appending(path: "vocab.txt")),
            dictionary: SegmenterFixture.dictionary())
        let text = "我们在南京市长江大桥写毛笔字"
        for tokenizer in [opened, made] as [any Tokenizer] {
            #expect(try tokenizer.files().contains { $0.name == "jieba_dict.txt" })
            let again = try TokenizerFolder.reopened(tokenizer)
            #expect(again is RoFormerTokenizer)
            #expect(again.analyze(text) == opened.analyze(text))
        }
    }

    @Test func withoutADictionaryTheWordsOfTheVocabularyAreCut() throws {
        try withTemporaryFolder { folder in
            for name in ["vocab.txt", "tokenizer_config.json"] {
                try FileManager.default.copyItem(
                    at: Fixture.folder.appending(path: name), to: folder.appending(path: name))
            }
            let tokenizer = try Tokenizers.open(folder)
            #expect(tokenizer.warnings.count == 1)
            #expect(tokenizer.warnings.first?.contains("jieba_dict.txt") == true)
            #expect(tokenizer.tokens(of: tokenizer.analyze("书法家写字").ids) == ["书法家", "写", "字"])
            let named = try Tokenizers.open(folder, dictionary: SegmenterFixture.dictionaryFile)
            #expect(named.warnings.count == 1)
            #expect(named.warnings.first?.contains("5 words are spelt otherwise") == true)
            #expect(try named.files().contains { $0.name == "jieba_dict.txt" })
        }
    }

    /// Models of this type that were trained on characters are opened as BERT's.
    @Test func aVocabularyOfCharactersIsOfBert() throws {
        try withTemporaryFolder { folder in
            try #"{"model_type": "roformer"}"#.write(
                to: folder.appending(path: "config.json"), atomically: true, encoding: .utf8)
            let vocabulary = folder.appending(path: "vocab.txt")
            try "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n字\n写\n".write(to: vocabulary, atomically: true, encoding: .utf8)
            #expect(try Tokenizers.open(folder) is BertTokenizer)
            #expect(throws: InputError.self, "a dictionary without a use") {
                try Tokenizers.open(folder, dictionary: SegmenterFixture.dictionaryFile)
            }
            try "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n字\n写字\n".write(
                to: vocabulary, atomically: true, encoding: .utf8)
            #expect(try Tokenizers.open(folder) is RoFormerTokenizer)
        }
    }

    /// The search is in normalised text.
    @Test func wordsThatNormalisedTextNeverHoldsAreWarnedOf() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "words.txt")
            try "写字 30\nＱ版 5\nCafé店 4\nIC卡 4\nic卡 4\n".write(to: file, atomically: true, encoding: .utf8)
            let warnings = try Tokenizers.open(Fixture.folder, dictionary: file).warnings
            #expect(warnings.count == 2)
            #expect(warnings.first?.contains("2 words hold a character at which text is always cut") == true)
            #expect(warnings.last?.contains("1 word is spelt otherwise in the tokenizer's text") == true)
            #expect(warnings.last?.contains("never found, the first in line 4: \"IC卡\"") == true)
        }
    }

    @Test func aBrokenDictionaryIsNamed() throws {
        try withTemporaryFolder { folder in
            for file in try Tokenizers.open(Fixture.folder).files() {
                try file.contents.write(to: folder.appending(path: file.name))
            }
            try "写字\n".write(to: folder.appending(path: "jieba_dict.txt"), atomically: true, encoding: .utf8)
            let error = #expect(throws: InputError.self) { try Tokenizers.open(folder) }
            #expect(error?.location.hasSuffix("jieba_dict.txt:1") == true)
        }
    }
}
