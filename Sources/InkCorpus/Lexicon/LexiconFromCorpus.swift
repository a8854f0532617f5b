import Foundation
import InkSupport
import InkText

/// Builds a lexicon of the words and phrases of a corpus.
///
/// Words are rows of up to four ideographs as `LexiconBuilder` finds them; phrases are rows of such words. The result
/// does not depend on the number of threads.
public struct LexiconFromCorpus: Sendable {
    /// What becomes of a word that the text and a user's dictionary both hold.
    public enum Merging: String, Sendable, CaseIterable {
        /// The user's frequency counts.
        case user
        /// The sum counts; every line of the user's dictionary must then have a frequency.
        case sum
    }

    /// What makes a word, and with the same bounds a phrase. `rowLimit` is cut to the memory at hand.
    public var words = LexiconBuilder.Settings()
    /// Most words of a phrase, 1 to 3; 1 finds none.
    public var phraseWords = 3
    /// Dictionaries in jieba's format, merged before phrases are looked for.
    public var userDictionaries: [URL] = []
    public var merging = Merging.user

    public init() {}

    /// Bytes of memory for each row that `LexiconBuilder` may remember, and for each that `PhraseFinder` may.
    private static let (builderRow, phraseRow) = (64, 128)

    /// Reads the corpus and finds the words and phrases.
    /// - Throws: `InputError` for settings out of range, a corpus without Chinese text, files that cannot be read, and
    ///   when phrases are asked for of standard input, which can be read once only.
    public func build(_ input: DocumentInput, _ context: StageContext) throws -> Lexicon {
        guard (1...3).contains(phraseWords) else {
            throw InputError(.usage, at: "--phrase-words", "out of range", expected: "1 to 3", found: "\(phraseWords)")
        }
        if phraseWords > 1, input.files.contains(where: { $0.url == nil }) {
            throw InputError(
                .usage, at: "standard input", "phrases need several passes over the text",
                remedy: "give files, or --phrase-words 1 for words alone")
        }
        try checkUserDictionaries()
        let found = try findWords(input, context)
        let dictionary = try merged(found)
        var entries: [String: LexiconEntry] = [:]
        for word in found {
            entries[word.text] = LexiconEntry(
                word.text, frequency: word.frequency, tag: "x", cohesion: word.cohesion,
                leftEntropy: word.leftEntropy, rightEntropy: word.rightEntropy)
        }
        // The user's words and frequencies.
        for entry in dictionary.entries {
            entries[entry.word, default: LexiconEntry(entry.word, frequency: 0)].frequency = entry.frequency
            if let tag = entry.tag { entries[entry.word]?.tag = tag }
        }
        if phraseWords > 1 {
            let finder = PhraseFinder(
                dictionary, words: words, phraseWords: phraseWords,
                rowLimit: max(1 << 16, context.memoryLimit / Self.phraseRow))
            for phrase in try finder.phrases(input, context) { entries[phrase.text] = phrase }
        }
        return Lexicon(Array(entries.values))
    }

    private func findWords(_ input: DocumentInput, _ context: StageContext) throws -> [LexiconBuilder.Word] {
        var settings = words
        settings.rowLimit = min(settings.rowLimit, max(1 << 16, context.memoryLimit / Self.builderRow))
        var builder = try LexiconBuilder(settings: settings)
        let problems = try input.forEachBatch(
            "words", context, makeWorker: { () }, transform: { batch, _ in batch.documents.map(\.text) },
            consume: { texts in
                try MemoryRoom.require(
                    builder.growthBytes, for: "the lexicon's tables", remedy: "give a part of the texts")
                texts.forEach { builder.add($0) }
            })
        problems.warnings.forEach(context.warn)
        return try builder.words()
    }

    /// Reads the user's dictionaries before the corpus, which takes long.
    private func checkUserDictionaries() throws {
        for file in userDictionaries {
            var words = try WordDictionary([WordDictionary.Entry("一", frequency: 1)])
            switch merging {
            case .user: try words.addUserWords(contentsOf: file)
            case .sum: words = try WordDictionary(contentsOf: file)
            }
            let broken = words.entries.first { $0.word.unicodeScalars.contains(where: \.properties.isWhitespace) }
            guard let broken else { continue }
            throw InputError(
                at: file.path, "a word holds white space", expected: "`word frequency tag`, single spaces between",
                found: "\"\(broken.word)\"", remedy: "correct the line, or remove it")
        }
    }

    /// The words found and the user's.
    private func merged(_ found: [LexiconBuilder.Word]) throws -> WordDictionary {
        var dictionary = try WordDictionary(
            found.map { WordDictionary.Entry($0.text, frequency: $0.frequency) }, location: "lexicon")
        for file in userDictionaries {
            switch merging {
            case .user: try dictionary.addUserWords(contentsOf: file)
            case .sum:
                for entry in try WordDictionary(contentsOf: file).entries {
                    let frequency = entry.frequency + (dictionary[entry.word]?.frequency ?? 0)
                    try dictionary.add(entry.word, frequency: frequency, tag: entry.tag)
                }
            }
        }
        return dictionary
    }
}
