import Foundation
import InkSupport
import InkTestSupport
import InkText
import Testing

/// Files of one tokenizer that contradict each other.
@Suite("Agreement of tokenizer files")
struct TokenizerAgreementTests {
    private static let tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "砚", "墨", "ink"]

    private func open(_ files: [String: String], tokens: [String] = Self.tokens) throws -> any Tokenizer {
        try withTemporaryFolder { folder in
            for (name, text) in files.merging(
                ["vocab.txt": tokens.joined(separator: "\n")], uniquingKeysWith: { a, _ in a })
            {
                try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
            }
            return try Tokenizers.open(folder)
        }
    }

    private func json(_ tokens: [String]) -> String {
        let vocabulary = tokens.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ")
        return "{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\(vocabulary)}}}"
    }

    @Test func twoVocabulariesThatDifferAreRefused() throws {
        #expect(try open(["tokenizer.json": json(Self.tokens)]).id(of: "墨") == 6)
        var swapped = Self.tokens
        swapped.swapAt(5, 6)
        let error = #expect(throws: InputError.self) { try open(["tokenizer.json": json(swapped)]) }
        #expect(error?.location.hasSuffix("tokenizer.json.model.vocab") == true)
        #expect(error?.expected == "\"砚\" with the id 5")
        #expect(error?.found == "the id 6")
        let shorter = #expect(throws: InputError.self) { try open(["tokenizer.json": json(Self.tokens.dropLast())]) }
        #expect(shorter?.expected?.contains("ink") == true)
        let longer = #expect(throws: InputError.self) { try open(["tokenizer.json": json(Self.tokens + ["笔"])]) }
        #expect(longer?.found == "\"笔\"")
    }

    @Test func twoAddedTokensOfOneIDAreRefused() {
        let error = #expect(throws: InputError.self) { try open(["added_tokens.json": #"{"<a>": 8, "<b>": 8}"#]) }
        #expect(error?.problem == "two tokens have the id 8")
        #expect(throws: InputError.self) { try open(["added_tokens.json": #"{"<a>": 6}"#]) }
        #expect(throws: InputError.self) { try open(["added_tokens.json": #"{"墨": 9}"#]) }
    }

    @Test func aVocabularyOfCapitalsUnderLowerCaseIsWarnedOf() throws {
        let capitals = Self.tokens + ["Ink"] + (0..<19).map { "BERT\($0)" }
        let warnings = try open([:], tokens: capitals).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("20 tokens hold capitals") == true)
        #expect(warnings.first?.contains("the first \"Ink\" with the id 8") == true)
        #expect(try open(["tokenizer_config.json": #"{"do_lower_case": false}"#], tokens: capitals).warnings.isEmpty)
        let small = Self.tokens + (0..<26).map { String(UnicodeScalar(UInt8(ascii: "a") + $0)) }
        #expect(try open([:], tokens: small).warnings.isEmpty)
        let kept = try open(["tokenizer_config.json": #"{"do_lower_case": false}"#], tokens: small).warnings
        #expect(kept.first?.contains("no token holds a capital") == true)
    }
}
