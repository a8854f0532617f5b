import InkSupport
import InkText
import Testing

@Suite struct VocabularyBuilderTests {
    private func build(_ texts: [String], _ change: (inout VocabularyBuilder.Options) -> Void = { _ in }) throws
        -> Vocabulary
    {
        var options = VocabularyBuilder.Options()
        change(&options)
        return try VocabularyBuilder(options).build(from: texts)
    }

    @Test func charactersComeByFrequencyAfterTheSpecialTokens() throws {
        let vocabulary = try build(["中国 中国 中 国 中", "文"]) { $0.minimumFrequency = 1 }
        #expect(vocabulary.tokens == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "中", "国", "文"])
        #expect(try build(["中国中国文"]).tokens.suffix(2) == ["中", "国"])
    }

    /// The worked example of byte-pair encoding, counted by hand: low ×5, lower ×2, newest ×6, widest ×3. Pairs by
    /// count: e-s 9, es-t 9, l-o 7, lo-w 7, and at 6, older symbols first, w-est, e-west, n-ewest.
    @Test func piecesAreTheMostFrequentPairs() throws {
        let text = [("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)]
            .map { Array(repeating: $0.0, count: $0.1).joined(separator: " ") }
        let vocabulary = try build(text)
        let learned = vocabulary.tokens.drop { $0 != "##est" && $0 != "##es" && $0 != "##st" }
        let expected = ["##es", "##est", "lo", "low", "##west", "##ewest", "newest"]
        #expect(Array(learned.prefix(7)) == expected)
        #expect(learned.contains("widest"))
    }

    @Test func theResultTokenizesItsTextsWithoutUnknowns() throws {
        let fixture = try TokenizerFixture()
        let texts = Array(fixture.texts[200..<700])
        let vocabulary = try build(texts) { $0.minimumFrequency = 1 }
        let tokenizer = try BertTokenizer(vocabulary: vocabulary)
        let packed = try tokenizer.encodePacked(texts)
        #expect(!packed.ids.contains(tokenizer.unknownID))
        #expect(vocabulary.warnings.isEmpty)
        #expect(try build(texts) { $0.minimumFrequency = 1 } == vocabulary)
    }

    @Test func theSizeIsALimit() throws {
        let texts = try TokenizerFixture().texts
        let small = try build(texts) { $0.size = 300 }
        #expect(small.count == 300)
        #expect(throws: InputError.self) { try build(texts) { $0.size = 5 } }
        #expect(throws: InputError.self) { try build(["", " \n"]) }
    }

    @Test func caseIsKeptWhenAsked() throws {
        let vocabulary = try build(["Ab Ab"]) { $0.normalization = BertNormalization(lowercases: false) }
        #expect(vocabulary.id(of: "Ab") != nil)
        #expect(vocabulary.id(of: "ab") == nil)
    }
}
