import InkSupport
import InkText
import Testing

@Suite("Lexicon")
struct LexiconBuilderTests {
    /// Words between letters drawn at random: each has many neighbours, and its letters stand nowhere else.
    private static func texts(_ count: Int) -> [String] {
        let words = ["砚台", "毛笔字", "文房四宝"]
        var state: UInt32 = 7
        func draw(_ limit: UInt32) -> UInt32 {
            state = state &* 1_664_525 &+ 1_013_904_223
            return (state >> 8) % limit
        }
        func letter() -> String { Unicode.Scalar(0x5000 + draw(60)).map { String(Character($0)) } ?? "" }
        return (0..<count).map { _ in
            (0..<6).map { _ in (0..<6).map { _ in letter() }.joined() + words[Int(draw(3))] }.joined() + "，" + letter()
        }
    }

    @Test func findsTheWordsAndOnlyThem() throws {
        var builder = try LexiconBuilder()
        let texts = Self.texts(60)
        texts.forEach { builder.add($0) }
        let dictionary = try builder.dictionary()
        let found = dictionary.entries.filter { $0.word.count > 1 }
        #expect(Set(found.map(\.word)) == ["砚台", "毛笔字", "文房四宝"])
        for entry in found {
            #expect(entry.frequency == texts.reduce(0) { $0 + $1.components(of: entry.word) }, "\(entry.word)")
        }
        let letters = texts.reduce(0) { $0 + $1.unicodeScalars.count - 1 }
        #expect(dictionary.entries.filter { $0.word.count == 1 }.reduce(0) { $0 + $1.frequency } == letters)
        #expect(WordSegmenter(dictionary: dictionary).words(of: "有砚台写毛笔字") == ["有", "砚台", "写", "毛笔字"])
    }

    @Test func isTheSameEachTimeAndForMoreTextThanFitsTheBuffer() throws {
        var (one, other) = (try LexiconBuilder(), try LexiconBuilder())
        let texts = Self.texts(80)
        texts.forEach { one.add($0) }
        // Reading off in between must not change what is counted.
        for (index, text) in texts.enumerated() {
            other.add(text)
            if index == 40 { _ = try other.dictionary() }
        }
        #expect(try one.dictionary().entries == other.dictionary().entries)
    }

    @Test func settingsDecide() throws {
        var settings = LexiconBuilder.Settings()
        settings.longestWord = 2
        var builder = try LexiconBuilder(settings: settings)
        Self.texts(60).forEach { builder.add($0) }
        #expect(try builder.dictionary().entries.allSatisfy { $0.word.count <= 2 })
        settings.longestWord = 5
        #expect(throws: InputError.self) { try LexiconBuilder(settings: settings) }
    }

    @Test func textWithoutChineseIsRefused() throws {
        var builder = try LexiconBuilder()
        builder.add("plain words, 123")
        #expect(throws: InputError.self) { try builder.dictionary() }
    }
}

extension String {
    /// How often `word` stands in the text, overlaps included.
    fileprivate func components(of word: String) -> Int {
        let (text, word) = (Array(unicodeScalars), Array(word.unicodeScalars))
        return text.indices.filter { text[$0...].starts(with: word) }.count
    }
}
