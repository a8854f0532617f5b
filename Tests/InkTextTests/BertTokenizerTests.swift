import Foundation
import InkSupport
import InkText
import Testing

@Suite struct BertTokenizerTests {
    let fixture: TokenizerFixture

    init() throws { fixture = try TokenizerFixture() }

    @Test func idsAndOffsetsEqualTheReference() throws {
        let cases: [TokenizerFixture.Case] = try TokenizerFixture.read("cases")
        let tokenizers = try fixture.tokenizers()
        #expect(cases.count == tokenizers.count)
        #expect(cases[0].texts.count >= 2000)
        for (number, (expected, tokenizer)) in zip(cases, tokenizers).enumerated() {
            var scratch = BertTokenizer.Scratch()
            for (position, index) in expected.texts.enumerated() {
                let text = fixture.texts[index]
                let encoding = try tokenizer.encode(text)
                var packed = PackedEncodings()
                try tokenizer.append(text, to: &packed, &scratch)
                let ids = packed.ids
                let offsets = TokenizerFixture.ranges(expected.offsets[position])
                guard encoding.ids == expected.ids[position], encoding.offsets == offsets, ids == encoding.ids else {
                    Issue.record(
                        """
                        configuration \(number), text \(index) \(text.debugDescription):
                        \(encoding.ids) \(encoding.offsets), fast \(ids)
                        expected \(expected.ids[position]) \(offsets)
                        """)
                    continue
                }
            }
        }
    }

    @Test func pairsAndTruncationEqualTheReference() throws {
        let tokenizer = try BertTokenizer(vocabulary: fixture.vocabulary)
        let pairs: [TokenizerFixture.Pair] = try TokenizerFixture.read("pairs")
        var refused = 0
        for (number, pair) in pairs.enumerated() {
            let truncation = try #require(Truncation(rawValue: pair.truncation))
            func encode() throws -> Encoding {
                try tokenizer.encode(
                    fixture.texts[pair.first], pair: pair.second.map { fixture.texts[$0] }, maxLength: pair.maxLength,
                    truncation: truncation, addSpecialTokens: pair.special)
            }
            if pair.fails == true {
                refused += 1
                #expect(throws: InputError.self, "pair \(number)") { try encode() }
                continue
            }
            let encoding = try encode()
            #expect(encoding.ids == pair.ids, "pair \(number)")
            #expect(encoding.tokenTypeIDs == pair.types, "pair \(number)")
            #expect(encoding.specialTokensMask.map { $0 ? 1 : 0 } == pair.mask, "pair \(number)")
            #expect(encoding.offsets == pair.offsets.map(TokenizerFixture.ranges), "pair \(number)")
        }
        #expect(refused > 10)
    }

    @Test func decodingEqualsTheReference() throws {
        let tokenizer = try BertTokenizer(vocabulary: fixture.vocabulary)
        let cases: [TokenizerFixture.Decoded] = try TokenizerFixture.read("decoded")
        for (number, expected) in cases.enumerated() {
            let text = tokenizer.decode(expected.ids, skipSpecialTokens: expected.skip)
            #expect(Array(text.utf8) == Array(expected.text.utf8), "case \(number)")
        }
    }

    @Test func theFastPathTruncatesAsTheExactOne() throws {
        var left = TokenizerConfig()
        left.truncatesLeft = true
        var scratch = BertTokenizer.Scratch()
        for config in [TokenizerConfig(), left] {
            let tokenizer = try BertTokenizer(vocabulary: fixture.vocabulary, config: config)
            for (index, text) in fixture.texts.enumerated() where index % 7 == 0 {
                let maxLength = 2 + index % 11
                var packed = PackedEncodings()
                try tokenizer.append(text, maxLength: maxLength, to: &packed, &scratch)
                let ids = packed.ids
                let encoding = try tokenizer.encode(text, maxLength: maxLength)
                #expect(ids == encoding.ids, "text \(index)")
            }
        }
    }

    @Test func leftTruncationKeepsTheEnd() throws {
        var config = TokenizerConfig()
        config.truncatesLeft = true
        let tokenizer = try BertTokenizer(vocabulary: fixture.vocabulary, config: config)
        let whole = try tokenizer.encode("hello world 2023", addSpecialTokens: false)
        let cut = try tokenizer.encode("hello world 2023", maxLength: 1, addSpecialTokens: false)
        #expect(cut.ids == whole.ids.suffix(1))
        #expect(cut.offsets == [12..<16])
    }

    @Test func batchesDoNotDependOnThreads() throws {
        let tokenizer = try BertTokenizer(vocabulary: fixture.vocabulary)
        let one = try tokenizer.encodePacked(fixture.texts, maxLength: 24, threads: 1)
        let three = try tokenizer.encodePacked(fixture.texts, maxLength: 24, threads: 3)
        #expect(one == three)
        #expect(one.count == fixture.texts.count)
        let batch = try tokenizer.encodeBatch(Array(fixture.texts.prefix(400)), maxLength: 24, threads: 3)
        for (index, encoding) in batch.enumerated() { #expect(encoding.ids == Array(one[index])) }
        #expect(try tokenizer.encodePacked([]).count == 0)
    }

    @Test func noRoomForSpecialTokensIsAnError() throws {
        let tokenizer = try BertTokenizer(vocabulary: fixture.vocabulary)
        #expect(throws: InputError.self) { try tokenizer.encode("x", maxLength: 1) }
        #expect(throws: InputError.self) { try tokenizer.encode("x", pair: "y", maxLength: 2) }
        #expect(throws: InputError.self) { try tokenizer.encode("x", maxLength: -1, addSpecialTokens: false) }
        #expect(throws: InputError.self) { try tokenizer.encodePacked(["x"], maxLength: 1) }
    }

    @Test func stringRangesPointIntoTheText() throws {
        let tokenizer = try BertTokenizer(vocabulary: fixture.vocabulary)
        let text = "Cafe\u{301} 👍 hello"
        let encoding = try tokenizer.encode(text)
        let pieces = encoding.stringRanges(in: text).map { range in range.map { String(text.unicodeScalars[$0]) } }
        #expect(pieces.first == .some(nil))
        #expect(pieces.last == .some(nil))
        #expect(pieces.compactMap { $0 }.last == "hello")
        #expect(pieces.count == encoding.count)
    }

    @Test func bytesThatAreNotUTF8AreSkippedSafely() {
        let bytes: [UInt8] = [0x61, 0xFF, 0xE4, 0xB8, 0x61, 0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0xE4]
        var position = 0
        var scalars: [Unicode.Scalar] = []
        while position < bytes.count {
            scalars.append(UTF8Text.scalar(bytes, at: &position, limit: bytes.count))
        }
        #expect(scalars.filter { $0 != "\u{FFFD}" } == ["a", "a"])
    }
}
