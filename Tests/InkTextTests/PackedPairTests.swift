import InkSupport
import InkText
import Testing

/// The packed, fast way gives what `encode` gives, for texts and pairs, with any template.
@Suite struct PackedPairTests {
    /// BERT's tokens between RoBERTa's special tokens, cut on the left if asked.
    private struct Variant: Tokenizer {
        typealias Scratch = BertTokenizer.Scratch
        var base: BertTokenizer
        let template: SpecialTokenTemplate
        let truncatesLeft: Bool

        var classificationID: Int32 { base.classificationID }
        var separatorID: Int32 { base.separatorID }
        var paddingID: Int32 { base.paddingID }
        var unknownID: Int32 { base.unknownID }
        var maskID: Int32? { base.maskID }
        var specialIDs: Set<Int32> { base.specialIDs }
        var idCount: Int { base.idCount }
        var modelMaxLength: Int? { base.modelMaxLength }
        var specialTokensInText: SpecialTokensInText { base.specialTokensInText }
        func reading(_ specialTokens: SpecialTokensInText) -> Variant {
            var copy = self
            copy.base = base.reading(specialTokens)
            return copy
        }
        func specialTokens(in text: String) -> [String] { base.specialTokens(in: text) }
        func id(of token: String) -> Int32? { base.id(of: token) }
        func token(of id: Int32) -> String? { base.token(of: id) }
        func analyze(_ text: String) -> TextAnalysis { base.analyze(text) }
        func decode(_ ids: [Int32], skipSpecialTokens: Bool) -> String {
            base.decode(ids, skipSpecialTokens: skipSpecialTokens)
        }
        func files() throws -> [TokenizerFile] { try base.files() }
    }

    private let fixture: TokenizerFixture
    private let variants: [any Tokenizer]

    init() throws {
        fixture = try TokenizerFixture()
        let bert = try BertTokenizer(vocabulary: fixture.vocabulary)
        let roberta = SpecialTokenTemplate.roberta(
            classificationID: bert.classificationID, separatorID: bert.separatorID)
        variants = [
            bert, Variant(base: bert, template: roberta, truncatesLeft: false),
            Variant(base: bert, template: bert.template, truncatesLeft: true),
        ]
    }

    @Test func packedPairsEqualEncodedOnes() throws {
        let texts = fixture.texts.enumerated().filter { $0.offset % 5 == 0 }.map(\.element)
        let pairs = Array(texts.reversed())
        for tokenizer in variants {
            for maxLength in [nil, 16] {
                let packed = try tokenizer.encodePacked(texts, pairs: pairs, maxLength: maxLength, threads: 2)
                #expect(packed.count == texts.count)
                for index in texts.indices {
                    let encoding = try tokenizer.encode(texts[index], pair: pairs[index], maxLength: maxLength)
                    #expect(Array(packed[index]) == encoding.ids)
                    let types = Array(packed.tokenTypes(index))
                    #expect(
                        types.isEmpty ? encoding.tokenTypeIDs.allSatisfy { $0 == 0 } : types == encoding.tokenTypeIDs)
                }
            }
        }
    }

    @Test func tokenTypesAreThereOnlyWhereTheTemplateHasThem() throws {
        let (texts, pairs) = (["国足", "a"], ["亚洲", "b c"])
        #expect(try variants[0].encodePacked(texts).tokenTypeIDs.isEmpty)
        #expect(try variants[1].encodePacked(texts, pairs: pairs).tokenTypeIDs.isEmpty)
        let packed = try variants[0].encodePacked(texts, pairs: pairs)
        #expect(packed.tokenTypeIDs.count == packed.ids.count)
        #expect(Array(packed.tokenTypes(0)) == [0, 0, 0, 0, 1, 1, 1])
    }

    @Test func singleTextsAndPairsMixInOneRow() throws {
        let bert = try BertTokenizer(vocabulary: fixture.vocabulary)
        var scratch = BertTokenizer.Scratch()
        var packed = PackedEncodings()
        try bert.append("国足", to: &packed, &scratch)
        try bert.append("国", pair: "亚", to: &packed, &scratch)
        try bert.append("洲", to: &packed, &scratch)
        #expect(packed.tokenTypeIDs == [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0])
        #expect(packed.starts == [0, 4, 9, 12])
    }

    @Test func robertaPairsHaveTwoSeparatorsBetween() throws {
        let encoding = try variants[1].encode("国足", pair: "亚洲")
        let (begin, end) = (variants[1].classificationID, variants[1].separatorID)
        #expect(encoding.ids.first == begin)
        #expect(encoding.ids.filter { $0 == end }.count == 3)
        #expect(encoding.sequenceIDs == [nil, 0, 0, nil, nil, 1, 1, nil])
        #expect(encoding.specialTokensMask == [true, false, false, true, true, false, false, true])
        #expect(throws: InputError.self) { try variants[1].encode("国足", pair: "亚洲", maxLength: 3) }
    }

    @Test func aTokenizerIsWrittenAndOpenedAgain() throws {
        for tokenizer in try fixture.tokenizers() {
            let opened = try TokenizerFolder.reopened(tokenizer)
            #expect(opened.idCount == tokenizer.idCount)
            for text in fixture.texts.prefix(150) { #expect(opened.analyze(text) == tokenizer.analyze(text)) }
        }
    }
}
