import Foundation
import InkSupport

/// Words with their frequencies: what the segmenter weighs its cuts by.
///
/// The file format, the frequencies and their sum are those of jieba, so that its dictionaries, and those made for it,
/// can be used as they are. Reading and writing: `init(contentsOf:)`, `addUserWords(contentsOf:)`, `write(to:)`.
public struct WordDictionary: Sendable {
    /// A word of the dictionary.
    public struct Entry: Hashable, Sendable {
        /// The word's text, not empty.
        public var word: String
        /// How often it was counted, from 0. A word of frequency 0 is never cut out.
        public var frequency: Int
        /// The part of speech as the file names it, if it does.
        public var tag: String?

        public init(_ word: String, frequency: Int, tag: String? = nil) {
            self.word = word
            self.frequency = frequency
            self.tag = tag
        }
    }

    /// The words: each once, in the order in which they came.
    public private(set) var entries: [Entry]
    /// The sum that frequencies are divided by. As in jieba it is the sum over everything that was ever added: a word
    /// that is given twice counts twice here, though only its last frequency is used.
    public private(set) var total: Int
    /// Things a user should hear of that do not stop the work.
    public internal(set) var warnings: [String] = []
    /// Where the words came from: a path, or a name for those made in memory.
    public let location: String

    private(set) var trie: WordTrie
    /// log of `total`.
    private(set) var logTotal: Double
    /// Words that a user gave the frequency 0: they are not put together by the boundary model either.
    private(set) var splitWords: Set<[Unicode.Scalar]> = []

    /// Beyond this sum a frequency would no longer be exact in double precision.
    static let largestTotal = 1 << 53
    /// In scalars; more is a sign of a file that is no dictionary.
    static let longestWord = 1024

    /// Makes a dictionary of words. Of a word given twice the last frequency counts.
    ///
    /// - Throws: `InputError` when there is no word of a frequency above 0, a word is empty or longer than 1,024
    ///   characters, a frequency is negative, or their sum is above 2^53.
    public init(_ entries: some Sequence<Entry>, location: String = "dictionary") throws {
        var words = WordList(location: location)
        for entry in entries { try words.append(entry, at: "\(location): \"\(entry.word)\"") }
        try self.init(words)
    }

    init(_ list: WordList) throws {
        guard list.total > 0 else {
            throw InputError(
                at: list.location, "holds no word of a frequency above 0", expected: "lines `word frequency`",
                found: list.entries.isEmpty ? "no words" : "\(list.entries.count) words of frequency 0",
                remedy: "Name a dictionary in the format of jieba's dict.txt.")
        }
        let made = WordTrie.make(
            letters: list.letters, starts: list.starts, frequencies: list.entries.map(\.frequency))
        (trie, entries, location, total) = (made.trie, list.entries, list.location, list.total)
        logTotal = log(Double(list.total))
        let repeated = made.kept.indices.filter { Int(made.kept[$0]) != $0 }
        if !repeated.isEmpty { removeEntries(repeated) }
    }

    /// Removes entries, of rising index, to which no node leads.
    private mutating func removeEntries(_ removed: [Int]) {
        var indices: [Int32] = []
        var kept: [Entry] = []
        var rest = removed[...]
        for (index, entry) in entries.enumerated() {
            indices.append(Int32(truncatingIfNeeded: kept.count))
            if rest.first == index {
                rest = rest.dropFirst()
            } else {
                kept.append(entry)
            }
        }
        entries = kept
        trie.renumberWords(indices)
    }

    /// Number of different words.
    public var count: Int { entries.count }

    /// The word's entry, or nil.
    public subscript(word: String) -> Entry? {
        trie.node(of: word.unicodeScalars).flatMap { trie.word(at: $0) }.map { entries[$0] }
    }

    /// The frequency of a word; 0 also for what is no word but the beginning of one; nil for anything else.
    public func frequency(of word: String) -> Int? {
        guard let node = trie.node(of: word.unicodeScalars) else { return nil }
        return trie.word(at: node).map { entries[$0].frequency } ?? 0
    }

    /// What `init(contentsOf:ideographs:)` would warn of in these words, for a dictionary that was made in memory.
    public func unreachableWords(ideographs: WordSegmenter.Ideographs = .common) -> [String] {
        var unreachable = UnreachableWords(ideographs)
        for entry in entries { unreachable.look(at: entry.word) }
        return unreachable.warnings(location: location)
    }

    /// Adds a word or gives it another frequency, as jieba's `add_word`.
    ///
    /// - Parameter frequency: nil for the one that `suggestedFrequency(of:)` gives; 0 takes the word out, and the
    ///   boundary model will not put it together either.
    /// - Throws: `InputError` as `init(_:location:)`.
    public mutating func add(_ word: String, frequency: Int? = nil, tag: String? = nil) throws {
        let entry = Entry(word, frequency: frequency ?? suggestedFrequency(of: word), tag: tag)
        let letters = Array(word.unicodeScalars)
        total = try WordList.sum(total, entry, letters.count, at: "\(location): \"\(word)\"")
        logTotal = log(Double(total))
        if let index = trie.node(of: letters).flatMap({ trie.word(at: $0) }) {
            entries[index].frequency = entry.frequency
            if tag != nil { entries[index].tag = tag }
            trie.insert(letters, word: index, frequency: entry.frequency)
        } else {
            trie.insert(letters, word: entries.count, frequency: entry.frequency)
            entries.append(entry)
        }
        if entry.frequency == 0 { splitWords.insert(letters) }
    }

    /// The frequency that makes a word just likelier than its parts, as jieba's `suggest_freq`: the product of the
    /// probabilities of the words that it is cut into now, or its own frequency if that is higher.
    public func suggestedFrequency(of word: String) -> Int {
        var probability = 1.0
        for part in WordSegmenter(dictionary: self).words(of: word) {
            probability *= Double(frequency(of: part) ?? 1) / Double(total)
        }
        let least = Int(exactly: (probability * Double(total)).rounded(.towardZero)) ?? 0
        return max(least + 1, frequency(of: word) ?? 1)
    }
}

/// Words on their way into a dictionary.
struct WordList {
    let location: String
    private(set) var entries: [WordDictionary.Entry] = []
    /// The letters of all words, one after the other.
    private(set) var letters: [Unicode.Scalar] = []
    /// Where each word begins in `letters`; one more entry at the end.
    private(set) var starts = [0]
    private(set) var total = 0

    init(location: String) { self.location = location }

    /// Throws `InputError` when the word cannot stand in a dictionary.
    mutating func append(_ entry: WordDictionary.Entry, at place: @autoclosure () -> String) throws {
        letters.append(contentsOf: entry.word.unicodeScalars)
        total = try Self.sum(total, entry, letters.count - starts[starts.count - 1], at: place())
        starts.append(letters.count)
        entries.append(entry)
    }

    /// `total` with a word's frequency added.
    static func sum(
        _ total: Int, _ entry: WordDictionary.Entry, _ length: Int, at place: @autoclosure () -> String
    ) throws -> Int {
        guard (1...WordDictionary.longestWord).contains(length) else {
            throw InputError(
                at: place(), "cannot be a word", expected: "1 to \(WordDictionary.longestWord) characters",
                found: "\(length) characters")
        }
        let (sum, overflow) = total.addingReportingOverflow(entry.frequency)
        guard entry.frequency >= 0, !overflow, sum <= WordDictionary.largestTotal else {
            throw InputError(
                at: place(), "the frequency cannot be used", expected: "from 0, and a sum of all of at most 2^53",
                found: "\(entry.frequency)")
        }
        return sum
    }
}
