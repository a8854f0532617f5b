import InkText
import Testing

@Suite("Word segmenter")
struct WordSegmenterTests {
    @Test(
        "The words are jieba's",
        arguments: [
            "precise", "precise-hmm", "search", "search-hmm", "full", "precise-user", "precise-hmm-user",
        ])
    func wordsAreThoseOfJieba(setting: String) throws {
        let fixture = try SegmenterFixture.read()
        let parts = setting.split(separator: "-")
        let mode = try #require(WordSegmenter.Mode(rawValue: String(parts[0])))
        let segmenter = try SegmenterFixture.segmenter(hmm: parts.contains("hmm"), user: parts.contains("user"))
        let expected = try #require(fixture.words[setting])
        #expect(expected.count == fixture.texts.count)
        for (text, words) in zip(fixture.texts, expected) {
            let found = segmenter.words(of: text, mode: mode)
            // Byte for byte: equal strings may be spelled differently.
            #expect(found.map { Array($0.utf8) } == words.map { Array($0.utf8) }, "\(setting): \(text)")
        }
    }

    @Test func rangesAreThoseOfTheWords() throws {
        let segmenter = try SegmenterFixture.segmenter(hmm: true)
        for text in try SegmenterFixture.read().texts {
            let scalars = Array(text.unicodeScalars)
            for mode in WordSegmenter.Mode.allCases {
                let words = segmenter.ranges(of: text, mode: mode).map { range in
                    String(String.UnicodeScalarView(scalars[range]))
                }
                #expect(words == segmenter.words(of: text, mode: mode))
            }
            var end = 0
            for range in segmenter.ranges(of: text) {
                #expect(range.lowerBound == end)
                end = range.upperBound
            }
            #expect(end == scalars.count)
        }
    }

    @Test(arguments: [1, 2, 5]) func batchesKeepTheOrder(threads: Int) throws {
        let segmenter = try SegmenterFixture.segmenter()
        let texts = try SegmenterFixture.read().texts
        let many = (0..<8).flatMap { _ in texts }
        #expect(segmenter.words(of: many, threads: threads) == many.map { segmenter.words(of: $0) })
        #expect(
            segmenter.ranges(of: many, mode: .search, threads: threads)
                == many.map { segmenter.ranges(of: $0, mode: .search) })
    }

    @Test func furtherIdeographsBelongToWordsOnlyWhenAsked() throws {
        let dictionary = try WordDictionary([.init("㐀𠀀", frequency: 3), .init("字", frequency: 5)])
        #expect(WordSegmenter(dictionary: dictionary).words(of: "㐀𠀀字") == ["㐀", "𠀀", "字"])
        #expect(WordSegmenter(dictionary: dictionary, ideographs: .all).words(of: "㐀𠀀字") == ["㐀𠀀", "字"])
    }

    @Test func equallyLikelyCoversPreferTheLongerFirstWord() throws {
        // 甲乙|丙 and 甲|乙丙 are equally likely: frequencies 4 and 2 each.
        let dictionary = try WordDictionary([
            .init("甲", frequency: 2), .init("丙", frequency: 2), .init("甲乙", frequency: 4),
            .init("乙丙", frequency: 4),
        ])
        #expect(WordSegmenter(dictionary: dictionary).words(of: "甲乙丙") == ["甲乙", "丙"])
    }

    @Test func aTextWithoutKnownLettersFallsApart() throws {
        #expect(try SegmenterFixture.segmenter().words(of: "") == [])
        #expect(try SegmenterFixture.segmenter().words(of: "鸟鱼 ab1") == ["鸟", "鱼", " ", "ab1"])
    }
}
