import Foundation
import InkSupport
import InkText

/// The words and phrases of a corpus. Files: jieba's dictionary format, which has room for frequency and tag, and a
/// table with everything else too.
public struct Lexicon: Hashable, Sendable {
    /// The most frequent first.
    public var entries: [LexiconEntry]

    public init(_ entries: [LexiconEntry]) { self.entries = LexiconOrder.frequency.sorted(entries) }

    /// The dictionary for `WordSegmenter`.
    /// - Throws: `InputError` when there is no word.
    public func dictionary(location: String = "lexicon") throws -> WordDictionary {
        try WordDictionary(
            entries.map { WordDictionary.Entry($0.text, frequency: $0.frequency, tag: $0.tag) }, location: location)
    }

    /// A copy without the words that a dictionary holds.
    public func new(against known: WordDictionary) -> Lexicon {
        Lexicon(entries.filter { known[$0.text] == nil })
    }

    private static let columns = ["word", "frequency", "tag", "cohesion", "left-entropy", "right-entropy"]

    /// The table: a header, then a line for each word, fields separated by tabs; empty where a figure is not known.
    public var details: String {
        var text = Self.columns.joined(separator: "\t") + "\n"
        for entry in entries {
            let figures = [entry.cohesion, entry.leftEntropy, entry.rightEntropy].map { $0.map { "\($0)" } ?? "" }
            text += ([entry.text, "\(entry.frequency)", entry.tag ?? ""] + figures).joined(separator: "\t") + "\n"
        }
        return text
    }

    /// Reads a table or a dictionary in jieba's format, told by the first line.
    /// - Throws: `InputError` naming file and line.
    public init(contentsOf file: URL) throws {
        let reader = try LineReader(contentsOf: file)
        guard let first = try reader.next(), first.text == Self.columns.joined(separator: "\t") else {
            let dictionary = try WordDictionary(contentsOf: file)
            self.init(dictionary.entries.map { LexiconEntry($0.word, frequency: $0.frequency, tag: $0.tag) })
            return
        }
        var entries: [LexiconEntry] = []
        while let line = try reader.next() {
            guard let entry = Self.entry(line.text) else {
                throw InputError(
                    at: "\(file.path):\(line.number)", "not a word of a lexicon's table",
                    expected: Self.columns.joined(separator: ", ") + ", separated by tabs",
                    found: DisplayWidth.truncate(line.text, to: 60))
            }
            entries.append(entry)
        }
        self.init(entries)
    }

    private static func entry(_ line: String) -> LexiconEntry? {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == columns.count, !fields[0].isEmpty, let frequency = Int(fields[1]), frequency >= 0 else {
            return nil
        }
        let figures = fields[3...].map { $0.isEmpty ? nil : Double($0) }
        guard zip(fields[3...], figures).allSatisfy({ $0.isEmpty || $1?.isFinite == true }) else { return nil }
        return LexiconEntry(
            String(fields[0]), frequency: frequency, tag: fields[2].isEmpty ? nil : String(fields[2]),
            cohesion: figures[0], leftEntropy: figures[1], rightEntropy: figures[2])
    }
}
