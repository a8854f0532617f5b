import Foundation
import InkSupport

/// Finds the words of raw text: rows of two to four ideographs that stand together often, more often than their parts
/// would by chance, and among many different neighbours on both sides.
///
/// The result is a dictionary for `WordSegmenter`, the single ideographs included. It depends on the texts alone and is
/// the same on every machine. Memory is bounded by `Settings.rowLimit`.
public struct LexiconBuilder {
    /// What makes a row of letters a word.
    public struct Settings: Hashable, Sendable {
        /// Fewest times that a word must stand in the text.
        public var minimumFrequency = 5
        /// Least cohesion, in nats: the logarithm of how much more often the word stands there than its two parts would
        /// by chance, for the weakest cut (pointwise mutual information).
        public var minimumCohesion = 3.0
        /// What each letter beyond the second adds to that: words with a particle beside them hang together too.
        public var cohesionStep = 2.0
        /// Least entropy of the letter before the word, and of the letter behind it, in nats.
        public var minimumEntropy = 1.0
        /// Most letters of a word, 2 to 4.
        public var longestWord = 4
        /// Most different rows of five letters to remember, at 12 bytes each, twice. Beyond that the rarest are
        /// forgotten, and frequencies become lower bounds.
        public var rowLimit = 1 << 24

        public init() {}

        /// The least cohesion of a row that stands `count` times among `total` parts, with `added` parts more than the
        /// shortest rows have. A row whose parts stand hardly anywhere else needs no more than those: its cohesion
        /// is near the highest that there is, log(total / count).
        package func leastCohesion(added: Int, count: Int, total: Int) -> Double {
            let nearHighest = 0.8 * log(Double(total) / Double(max(count, 1)))
            return min(minimumCohesion + cohesionStep * Double(added), max(minimumCohesion, nearHighest))
        }
    }

    private let settings: Settings
    private var codes = ScalarTable(usual: 0)
    /// The letter of each code from 1.
    private var letters: [Unicode.Scalar] = []
    private var forward: NeighbourCounts
    private var backward: NeighbourCounts
    private var letterCount = 0
    private var run: [UInt64] = []

    /// - Throws: `InputError` when a setting is out of its range.
    public init(settings: Settings = Settings()) throws {
        for (name, isPossible, expected) in [
            ("minimumFrequency", settings.minimumFrequency >= 1, "from 1"),
            ("longestWord", (2...4).contains(settings.longestWord), "2 to 4"),
            ("rowLimit", (1 << 16...1 << 30).contains(settings.rowLimit), "2^16 to 2^30"),
            ("minimumCohesion", abs(settings.minimumCohesion) <= 1e9, "-1e9 to 1e9"),
            ("cohesionStep", abs(settings.cohesionStep) <= 1e9, "-1e9 to 1e9"),
            ("minimumEntropy", abs(settings.minimumEntropy) <= 1e9, "-1e9 to 1e9"),
        ] where !isPossible {
            throw InputError(.usage, at: name, "out of range", expected: expected)
        }
        self.settings = settings
        forward = NeighbourCounts(limit: settings.rowLimit)
        backward = NeighbourCounts(limit: settings.rowLimit)
    }

    /// Counts a text. Whatever is no ideograph separates words. Only the first 6,999 different ideographs are counted;
    /// further ones, which are rare, separate words too.
    public mutating func add(_ text: String) {
        run.removeAll(keepingCapacity: true)
        for letter in text.unicodeScalars {
            if let code = code(of: letter) {
                run.append(code)
            } else {
                endRun()
            }
        }
        endRun()
    }

    private mutating func code(of letter: Unicode.Scalar) -> UInt64? {
        guard SegmentLetter.kind(of: letter, .all) == .ideograph else { return nil }
        if codes[letter] == 0 {
            guard letters.count + 1 < Int(NeighbourCounts.radix) else { return nil }
            letters.append(letter)
            codes[letter] = UInt32(letters.count)
        }
        return UInt64(codes[letter])
    }

    /// Bytes that the tables may ask for at once while a text of a few megabytes is counted.
    package var growthBytes: Int { forward.growthBytes + backward.growthBytes }

    private mutating func endRun() {
        if run.isEmpty { return }
        letterCount += run.count
        forward.add(run)
        backward.add(run.reversed())
        run.removeAll(keepingCapacity: true)
    }

    /// A word that was found, and why it is one.
    public struct Word: Hashable, Sendable {
        public var text: String
        public var frequency: Int
        /// As `Settings.minimumCohesion`; nil for a single letter.
        public var cohesion: Double?
        /// Entropy of the letter before and behind the word, in nats; nil for a single letter.
        public var leftEntropy: Double?
        public var rightEntropy: Double?
    }

    /// The words found so far, the most frequent first, and all single letters.
    /// - Throws: `InputError` when no text with ideographs was added.
    public mutating func dictionary(location: String = "lexicon of the text") throws -> WordDictionary {
        let entries = try words(location: location).map { WordDictionary.Entry($0.text, frequency: $0.frequency) }
        return try WordDictionary(entries, location: location)
    }

    /// The words of `dictionary(location:)`, in its order, with what makes them words.
    /// - Throws: `InputError` when no text with ideographs was added.
    public mutating func words(location: String = "lexicon of the text") throws -> [Word] {
        guard letterCount > 0 else {
            throw InputError(
                at: location, "no Chinese text to build a lexicon from", remedy: "Give texts with Chinese characters.")
        }
        var counts: [UInt64: Int] = [:]
        // With the entropy behind; those that pass it.
        var candidates: [NeighbourCounts.Group] = []
        let settings = settings
        forward.forEachGroup { group in
            guard group.count >= settings.minimumFrequency || group.length == 1 else { return }
            counts[group.row] = group.count
            if (2...settings.longestWord).contains(group.length), group.entropy >= settings.minimumEntropy {
                candidates.append(group)
            }
        }
        // By row, the entropy before those that pass it.
        var freeBefore: [UInt64: Double] = [:]
        backward.forEachGroup { group in
            guard group.length >= 2, group.count >= settings.minimumFrequency else { return }
            guard group.entropy >= settings.minimumEntropy else { return }
            let codes = NeighbourCounts.codes(of: group.row, length: group.length)
            freeBefore[NeighbourCounts.row(of: codes.reversed())] = group.entropy
        }
        var words = letters.enumerated().map { index, letter in
            Word(
                text: String(Character(letter)), frequency: counts[NeighbourCounts.row(of: [UInt64(index + 1)])] ?? 0)
        }
        for group in candidates {
            guard let leftEntropy = freeBefore[group.row] else { continue }
            let codes = NeighbourCounts.codes(of: group.row, length: group.length)
            let cohesion = cohesion(codes, group.count, counts)
            let least = settings.leastCohesion(added: codes.count - 2, count: group.count, total: letterCount)
            guard cohesion >= least else { continue }
            words.append(
                Word(
                    text: String(String.UnicodeScalarView(codes.map { letters[Int($0) - 1] })), frequency: group.count,
                    cohesion: cohesion, leftEntropy: leftEntropy, rightEntropy: group.entropy))
        }
        words.sort { left, right in
            if left.frequency != right.frequency { return left.frequency > right.frequency }
            return left.text.unicodeScalars.lexicographicallyPrecedes(right.text.unicodeScalars)
        }
        return words
    }

    private func cohesion(_ codes: [UInt64], _ count: Int, _ counts: [UInt64: Int]) -> Double {
        (1..<codes.count).map { cut in
            // A part stands at least as often as the whole.
            let left = counts[NeighbourCounts.row(of: codes[..<cut])] ?? count
            let right = counts[NeighbourCounts.row(of: codes[cut...])] ?? count
            return log(Double(count)) + log(Double(letterCount)) - log(Double(left)) - log(Double(right))
        }.min() ?? 0
    }
}
