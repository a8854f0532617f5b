import Foundation
import InkText
import Testing

/// A special token that a text holds is the token, or text: for every kind of tokenizer, in every way to encode.
@Suite struct SpecialTokensInTextTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    private static let folders = ["xlmr", "roberta", "json-unigram", "json-bpe", "json-wordpiece"].map {
        "subword/\($0)"
    }

    private func tokenizers() throws -> [any Tokenizer] {
        let vocabulary = try Vocabulary(
            tokens: [
                "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[", "]", "sep", "mask", "cls", "pad", "今", "天", "天气",
            ])
        let dictionary = try WordDictionary([WordDictionary.Entry("天气", frequency: 9)], location: "words")
        let folders = Self.folders.map { Self.fixtures.appending(path: $0) }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
        return try [
            BertTokenizer(vocabulary: vocabulary), RoFormerTokenizer(vocabulary: vocabulary, dictionary: dictionary),
        ]
            + folders.map { try Tokenizers.open($0) }
    }

    @Test func isTheTokenOrText() throws {
        let tokenizers = try tokenizers()
        #expect(tokenizers.count >= 4)
        for keep in tokenizers {
            let split = keep.reading(.split)
            #expect(keep.specialTokensInText == .keep && split.specialTokensInText == .split)
            for id in [keep.separatorID, keep.classificationID, keep.maskID].compactMap({ $0 }) {
                let token = try #require(keep.token(of: id))
                let text = "今天\(token)天气"
                #expect(keep.analyze(text).ids.count { $0 == id } == 1, "\(type(of: keep)) \(token)")
                #expect(!split.analyze(text).ids.contains(id), "\(type(of: keep)) \(token)")
                for tokenizer in [keep, split] {
                    #expect(tokenizer.specialTokens(in: text) == [token])
                    let packed = try tokenizer.encodePacked([text], addSpecialTokens: false)
                    #expect(packed.ids == tokenizer.analyze(text).ids)
                }
                #expect(split.reading(.keep).analyze(text) == keep.analyze(text))
            }
            #expect(keep.specialTokens(in: "今天天气").isEmpty)
            #expect(split.analyze("今天天气") == keep.analyze("今天天气"))
        }
    }

    @Test func areCountedWithTheFirstPlace() throws {
        let tokenizer = try #require(tokenizers().first as? BertTokenizer)
        var found = SpecialTokensFound()
        for (index, text) in ["今天", "[MASK]天[SEP]", "天气", "[CLS]"].enumerated() {
            found.look(at: text, tokenizer, place: "a.txt:\(index + 1)")
        }
        #expect(found.count == 3 && found.texts == 2)
        #expect(found.first?.token == "[MASK]" && found.first?.place == "a.txt:2")
        #expect(
            found.note(.keep)
                == "3 special tokens stand in the texts themselves (first: [MASK], a.txt:2): read as the tokens they name; "
                + "--special-tokens-in-text split reads them as text")
        #expect(SpecialTokensFound().note(.keep) == nil)
    }
}
