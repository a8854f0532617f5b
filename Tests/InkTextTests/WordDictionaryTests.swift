import Foundation
import InkSupport
import InkTestSupport
import InkText
import Testing

@Suite("Word dictionary")
struct WordDictionaryTests {
    @Test func userWordsGetTheFrequenciesOfJieba() throws {
        let fixture = try SegmenterFixture.read()
        let dictionary = try SegmenterFixture.dictionary(user: true)
        for (word, frequency) in fixture.frequencies { #expect(dictionary.frequency(of: word) == frequency, "\(word)") }
        #expect(dictionary.total == fixture.total)
        #expect(dictionary.frequency(of: "没有") == nil)
        #expect(dictionary["端砚"]?.tag == "n")
        #expect(dictionary["砚友会"] == .init("砚友会", frequency: 12))
    }

    @Test func writesWhatItReads() throws {
        let dictionary = try SegmenterFixture.dictionary()
        #expect(try Data(dictionary.text().utf8) == Data(contentsOf: SegmenterFixture.dictionaryFile))
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "words.txt")
            try dictionary.write(to: file)
            #expect(try WordDictionary(contentsOf: file).entries == dictionary.entries)
        }
    }

    @Test func aWordGivenTwiceHasItsLastFrequencyAndCountsTwiceInTheSum() throws {
        let dictionary = try read("\u{FEFF}砚台 3 n\r\n\n墨 5\n砚台 7 v\n")
        #expect(dictionary.entries == [.init("墨", frequency: 5), .init("砚台", frequency: 7, tag: "v")])
        #expect(dictionary.total == 15)
        #expect(dictionary["砚台"]?.frequency == 7)
        #expect(dictionary["墨"]?.frequency == 5)
        #expect(dictionary.frequency(of: "砚") == 0)
    }

    /// Words added one by one and all at once lead to the same segmentation.
    @Test func addingIsAsMakingAtOnce() throws {
        let all = try SegmenterFixture.dictionary()
        var grown = try WordDictionary([.init("砚台", frequency: 120, tag: "n")])
        for entry in all.entries.reversed() where entry.word != "砚台" {
            try grown.add(entry.word, frequency: entry.frequency, tag: entry.tag)
        }
        #expect(grown.total == all.total)
        for entry in all.entries { #expect(grown[entry.word] == entry, "\(entry.word)") }
        for text in try SegmenterFixture.read().texts {
            #expect(
                WordSegmenter(dictionary: grown).words(of: text) == WordSegmenter(dictionary: all).words(of: text))
        }
    }

    @Test func manyWordsAddedOneByOneAreAllFound() throws {
        var dictionary = try WordDictionary([.init("一", frequency: 1)])
        var expected: [String: Int] = [:]
        for index in 0..<3000 {
            let letters = [index % 53, index * 7 % 211, index * 31 % 997].prefix(1 + index % 3)
            let word = String(String.UnicodeScalarView(letters.compactMap { Unicode.Scalar(0x4E01 + UInt32($0)) }))
            try dictionary.add(word, frequency: index + 1)
            expected[word] = index + 1
        }
        for (word, frequency) in expected { #expect(dictionary.frequency(of: word) == frequency) }
        #expect(dictionary.count == expected.count + 1)
    }

    @Test(
        arguments: [
            ("砚台\n", 1), ("墨 3\n砚台 x\n", 2), ("墨 3\n\n砚台 -1\n", 3), ("墨  3\n", 1), ("墨\t3\n", 1),
            ("墨 3\n砚台 9999999999999999999\n", 2), ("墨 9007199254740993\n", 1), (" 3\n", 1),
        ])
    func aBrokenLineIsNamed(text: String, line: Int) throws {
        let error = #expect(throws: InputError.self) { try read(text) }
        #expect(error?.location.hasSuffix("dict.txt:\(line)") == true, "\(String(describing: error))")
    }

    @Test func bytesThatAreNoTextAreNamed() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "dict.txt")
            try (Data("墨 3\n".utf8) + Data([0xD6, 0xD0, 0x20, 0x33, 0x0A])).write(to: file)
            let error = #expect(throws: InputError.self) { try WordDictionary(contentsOf: file) }
            #expect(error?.location.hasSuffix("dict.txt:2") == true)
            var dictionary = try SegmenterFixture.dictionary()
            let before = dictionary.total
            #expect(throws: InputError.self) { try dictionary.addUserWords(contentsOf: file) }
            #expect(dictionary.total == before)
        }
    }

    /// The dictionary of the fixture with the words of a user's file, `user.txt`.
    private func withUserWords(_ text: String, in folder: URL) throws -> WordDictionary {
        let file = folder.appending(path: "user.txt")
        try text.write(to: file, atomically: true, encoding: .utf8)
        var dictionary = try SegmenterFixture.dictionary()
        try dictionary.addUserWords(contentsOf: file)
        return dictionary
    }

    @Test func anEmptyDictionaryIsRefused() {
        #expect(throws: InputError.self) { try read("") }
        #expect(throws: InputError.self) { try read("墨 0\n") }
        #expect(throws: InputError.self) { try WordDictionary([]) }
    }

    @Test func userWordsWithWhiteSpaceAreWarnedOf() throws {
        try withTemporaryFolder { folder in
            let dictionary = try withUserWords("砚友\t3\n端 砚 5 n\n", in: folder)
            #expect(dictionary.warnings.count == 1)
            #expect(dictionary.warnings.first?.contains("2 words hold white space") == true)
        }
    }

    /// Words with characters at which the search always cuts: marks, full-width letters, rare ideographs, emoji.
    @Test(arguments: ["(赞)", "端·砚", "ＶＩＰ砚", "𠮷砚", "砚😂", "端砚☆", "γ砚", "〇二"])
    func aWordThatCannotBeFoundIsWarnedOf(word: String) throws {
        try withTemporaryFolder { folder in
            let dictionary = try withUserWords("端砚 3\nC++语言 2\n\n\(word) 9 n\n★\n\(word)品 9 n\n", in: folder)
            #expect(dictionary.warnings.count == 1)
            #expect(dictionary.warnings.first?.contains("user.txt: 2 words hold a character at which") == true)
            #expect(dictionary.warnings.first?.contains("are never found, the first in line 4: \"\(word)\"") == true)
            // It is true.
            for mode in WordSegmenter.Mode.allCases where mode != .full {
                #expect(!WordSegmenter(dictionary: dictionary).words(of: "我\(word)吗", mode: mode).contains(word))
            }
            // And of the words without a warning as well.
            for found in ["端砚", "C++语言"] {
                #expect(WordSegmenter(dictionary: dictionary).words(of: "我\(found)吗").contains(found))
            }
        }
    }

    @Test func aSearchThatTakesRareIdeographsFindsThem() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "dict.txt")
            try "𠮷野 50\n墨 5\n砚·墨 2\n".write(to: file, atomically: true, encoding: .utf8)
            let common = try WordDictionary(contentsOf: file)
            #expect(common.warnings.first?.contains("2 words hold") == true)
            #expect(common.unreachableWords() == common.warnings.map { $0.replacing(" in line 1", with: "") })
            let all = try WordDictionary(contentsOf: file, ideographs: .all)
            #expect(all.warnings.first?.contains("1 word holds a character") == true)
            #expect(all.warnings.first?.contains("the first in line 3: \"砚·墨\", for its \"·\"") == true)
            #expect(WordSegmenter(dictionary: all, ideographs: .all).words(of: "吃𠮷野家") == ["吃", "𠮷野", "家"])
        }
    }

    private func read(_ text: String) throws -> WordDictionary {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "dict.txt")
            try text.write(to: file, atomically: true, encoding: .utf8)
            return try WordDictionary(contentsOf: file)
        }
    }
}
