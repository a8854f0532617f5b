import Foundation
import InkCorpus
import InkSupport
import InkText
import Testing

@Suite struct LexiconFromCorpusTests {
    private static let words = ["端砚石", "狼毫笔", "洒金纸", "松烟墨", "青花瓷"]
    private static let pair = "端砚石狼毫笔"
    private static let triple = "洒金纸松烟墨青花瓷"

    /// Letters and words drawn at random, among them a phrase of two words and one of three.
    private static let texts: [String] = {
        var state: UInt32 = 11
        func draw(_ limit: UInt32) -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int((state >> 8) % limit)
        }
        return (0..<120).map { _ in
            var text = ""
            for _ in 0..<60 {
                switch draw(100) {
                case 0: text += pair
                case 1: text += triple
                case 2...4: text += words[draw(5)]
                default: text += Unicode.Scalar(UInt32(0x5000 + draw(60))).map { String(Character($0)) } ?? ""
                }
            }
            return text + "，"
        }
    }()

    private func inFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    private func build(
        threads: Int = 2, _ change: (inout LexiconFromCorpus, URL) throws -> Void = { _, _ in }
    ) throws -> Lexicon {
        try inFolder { folder in
            // Each file is a batch at least.
            let files = try (0..<4).map { number in
                let url = folder.appending(path: "\(number).txt")
                let lines = Self.texts[30 * number..<30 * (number + 1)]
                try Data(lines.joined(separator: "\n").utf8).write(to: url)
                return DocumentInput.File(url, format: .lines)
            }
            var builder = LexiconFromCorpus()
            // Half of so short a text is words: they cannot hang together much more than by chance.
            builder.words.cohesionStep = 0
            try change(&builder, folder)
            return try builder.build(
                DocumentInput(files: files), StageContext(threads: threads, workFolder: folder))
        }
    }

    private func occurrences(_ word: String) -> Int {
        Self.texts.reduce(0) { $0 + $1.components(separatedBy: word).count - 1 }
    }

    @Test func findsWordsAndPhrasesAndNoChancePairs() throws {
        let lexicon = try build()
        let found = lexicon.entries.filter { $0.text.count > 1 }
        #expect(Set(found.map(\.text)) == Set(Self.words + [Self.pair, Self.triple]))
        for entry in found {
            #expect(entry.tag == (entry.text.count > 3 ? "l" : "x"))
            #expect(entry.frequency == occurrences(entry.text), "\(entry.text)")
            #expect(try #require(entry.cohesion) >= 1 && #require(entry.leftEntropy) >= 1)
        }
        #expect(lexicon.entries.map(\.frequency) == lexicon.entries.map(\.frequency).sorted(by: >))
    }

    @Test func longerRowsMustHangTogetherMore() throws {
        let settings = LexiconBuilder.Settings()
        // The chance of 1000 in a million is e^-6.9.
        #expect([0, 1, 2].map { settings.leastCohesion(added: $0, count: 1000, total: 1_000_000) }[..<2] == [3, 5])
        #expect(abs(settings.leastCohesion(added: 2, count: 1000, total: 1_000_000) - 0.8 * log(1000)) < 1e-9)
        #expect(settings.leastCohesion(added: 2, count: 5, total: 1_000_000) == 7)
        #expect(settings.leastCohesion(added: 2, count: 500_000, total: 1_000_000) == 3)
        let strict = try build { builder, _ in builder.words.cohesionStep = 2 }
        #expect(!strict.entries.contains { $0.text == Self.pair })
        #expect(strict.entries.contains { $0.text == Self.triple })
    }

    @Test func phrasesOnRequestOnly() throws {
        let longest = try [1: 3, 2: 6].map { phraseWords, letters in
            let lexicon = try build { builder, _ in builder.phraseWords = phraseWords }
            return (lexicon.entries.map(\.text.count).max(), letters)
        }
        for (found, expected) in longest { #expect(found == expected) }
        #expect(throws: InputError.self) { try build { builder, _ in builder.phraseWords = 4 } }
    }

    @Test func cohesionOfAPairIsItsMutualInformation() throws {
        let lexicon = try build()
        let entries = Dictionary(uniqueKeysWithValues: lexicon.entries.map { ($0.text, $0) })
        // Every letter outside the words is a word of its own, and so is each planted one.
        let total = Self.texts.reduce(0) { sum, text in
            let rest = Self.words.reduce(text) { $0.replacingOccurrences(of: $1, with: "一") }
            return sum + rest.count - 1
        }
        let (left, right) = (occurrences("端砚石"), occurrences("狼毫笔"))
        let expected = log(Double(occurrences(Self.pair)) * Double(total) / (Double(left) * Double(right)))
        #expect(abs(try #require(entries[Self.pair]?.cohesion) - expected) < 1e-9)
    }

    @Test func threadsChangeNothing() throws {
        #expect(try build(threads: 1) == build(threads: 4))
    }

    @Test func userWordsWinOrAreAdded() throws {
        let text = "端砚石 7 n\n松花江 9 ns\n"
        let counted = occurrences("端砚石")
        for (merging, frequency) in [(LexiconFromCorpus.Merging.user, 7), (.sum, 7 + counted)] {
            let lexicon = try build { builder, folder in
                let file = folder.appending(path: "user.txt")
                try Data(text.utf8).write(to: file)
                builder.userDictionaries = [file]
                builder.merging = merging
            }
            let entry = try #require(lexicon.entries.first { $0.text == "端砚石" })
            #expect(entry.frequency == frequency && entry.tag == "n")
            let own = try #require(lexicon.entries.first { $0.text == "松花江" })
            #expect(own == LexiconEntry("松花江", frequency: 9, tag: "ns"))
        }
    }

    @Test func onlyNewWords() throws {
        let known = try WordDictionary([.init("狼毫笔", frequency: 3)])
        let new = try build().new(against: known).entries.map(\.text)
        #expect(!new.contains("狼毫笔") && new.contains("端砚石"))
    }

    @Test func filesAreReadBack() throws {
        let lexicon = try build()
        try inFolder { folder in
            let (details, dictionary) = (folder.appending(path: "a.tsv"), folder.appending(path: "a.txt"))
            try AtomicFile.write(lexicon.details, to: details)
            #expect(try Lexicon(contentsOf: details) == lexicon)
            try lexicon.dictionary().write(to: dictionary)
            let read = try Lexicon(contentsOf: dictionary)
            #expect(read.entries.map(\.text) == lexicon.entries.map(\.text))
            #expect(read.entries.map(\.frequency) == lexicon.entries.map(\.frequency))
            let segmenter = WordSegmenter(dictionary: try WordDictionary(contentsOf: dictionary))
            #expect(segmenter.words(of: "倀端砚石狼毫笔") == ["倀", Self.pair])
            try AtomicFile.write(lexicon.details + "词\t-1\t\t\t\t\n", to: details)
            let error = #expect(throws: InputError.self) { try Lexicon(contentsOf: details) }
            #expect(error?.location.hasSuffix(":\(lexicon.entries.count + 2)") == true)
        }
    }

    @Test func orders() throws {
        let entries = try build().entries
        let byCohesion = LexiconOrder.cohesion.sorted(entries)
        #expect(byCohesion.first?.cohesion == entries.compactMap(\.cohesion).max())
        #expect(byCohesion.last?.cohesion == nil)
        #expect(LexiconOrder.frequency.sorted(byCohesion) == entries)
    }

    @Test func standardInputGivesWordsAlone() throws {
        #expect(throws: InputError.self) {
            try LexiconFromCorpus().build(
                DocumentInput(files: [.init(nil, format: .lines)]),
                StageContext(workFolder: FileManager.default.temporaryDirectory))
        }
    }
}
