import Foundation
import InkSupport
import InkText

/// Finds phrases: rows of two or three words of a dictionary that stand together more often than by chance, among many
/// different neighbours.
///
/// Passes over the segmented text count single words and pairs, then rows of three whose pairs are frequent, then the
/// neighbours of what may be a phrase.
struct PhraseFinder: Sendable {
    let segmenter: WordSegmenter
    let words: LexiconBuilder.Settings
    /// Most words of a phrase, 2 or 3.
    let phraseWords: Int
    /// Most different rows to count at a time.
    let rowLimit: Int

    /// The words by the hash of their letters, numbered from 1 with the most frequent first.
    private let numbers: [UInt64: UInt64]
    private let texts: [String]

    /// Numbers of words take this many bits of a row's key, the first word in the highest.
    private static let bits: UInt64 = 21
    private static let mask: UInt64 = 1 << 21 - 1
    /// The neighbour of a row where its run ends.
    private static let noWord = mask

    init(_ dictionary: WordDictionary, words: LexiconBuilder.Settings, phraseWords: Int, rowLimit: Int) {
        segmenter = WordSegmenter(dictionary: dictionary, ideographs: .all)
        self.words = words
        self.phraseWords = phraseWords
        self.rowLimit = rowLimit
        let ranked = dictionary.entries.enumerated().sorted {
            ($1.element.frequency, $0.offset) < ($0.element.frequency, $1.offset)
        }.prefix(Int(Self.mask) - 1)
        var (numbers, texts): ([UInt64: UInt64], [String]) = ([:], [""])
        for entry in ranked.map(\.element) where entry.word.unicodeScalars.allSatisfy(\.properties.isIdeographic) {
            numbers[Self.hash(entry.word.unicodeScalars)] = UInt64(texts.count)
            texts.append(entry.word)
        }
        (self.numbers, self.texts) = (numbers, texts)
    }

    /// The phrases of a corpus.
    /// - Throws: `InputError` for input that cannot be read, and when interrupted.
    func phrases(_ input: DocumentInput, _ context: StageContext) throws -> [LexiconEntry] {
        let pairs = try count(input, context, "phrases: pairs of words") { run, counts in
            for index in run.indices {
                counts[run[index], default: 0] += 1
                if index > 0 { counts[Self.row(run[index - 1], run[index]), default: 0] += 1 }
            }
        }
        let total = pairs.counts.reduce(0) { $1.key <= Self.mask ? $0 + $1.value : $0 }
        let frequent = pairs.counts.filter { $0.value >= words.minimumFrequency }
        var rows = frequent.filter { $0.key > Self.mask }
        if phraseWords == 3 {
            let triples = try count(input, context, "phrases: three words") { run, counts in
                for index in run.indices.dropFirst(2) {
                    let (left, right) = (Self.row(run[index - 2], run[index - 1]), Self.row(run[index - 1], run[index]))
                    guard frequent[left] != nil, frequent[right] != nil else { continue }
                    counts[left << Self.bits | run[index], default: 0] += 1
                }
            }
            rows.merge(triples.counts.filter { $0.value >= words.minimumFrequency }) { first, _ in first }
        }
        let cohesive = rows.compactMap { row, count -> (row: UInt64, count: Int, cohesion: Double)? in
            guard isBounded(row) else { return nil }
            let cohesion = Self.cohesion(row, count, total, frequent)
            let least = words.leastCohesion(added: Self.numbers(of: row).count - 1, count: count, total: total)
            return cohesion >= least ? (row, count, cohesion) : nil
        }.sorted { $0.row < $1.row }
        let entropies = try neighbourEntropies(of: cohesive.map(\.row), input, context)
        return zip(cohesive, entropies).compactMap { candidate, entropy in
            guard min(entropy.left, entropy.right) >= words.minimumEntropy else { return nil }
            let text = Self.numbers(of: candidate.row).map { texts[Int($0)] }.joined()
            guard segmenter.dictionary[text] == nil else { return nil }
            return LexiconEntry(
                text, frequency: candidate.count, tag: "l", cohesion: candidate.cohesion, leftEntropy: entropy.left,
                rightEntropy: entropy.right)
        }
    }

    /// Whether no single letter stands at an end of the row: such rows are mostly words with a particle beside.
    private func isBounded(_ row: UInt64) -> Bool {
        let words = Self.numbers(of: row)
        return [words.first, words.last].allSatisfy { word in
            word.map { texts[Int($0)].unicodeScalars.count > 1 } ?? false
        }
    }

    /// The entropy of the word before and behind each row. What is no word counts as a different one each time.
    private func neighbourEntropies(
        of rows: [UInt64], _ input: DocumentInput, _ context: StageContext
    ) throws -> [(left: Double, right: Double)] {
        var places: [UInt64: UInt64] = [:]
        for (place, row) in rows.enumerated() { places[row] = UInt64(place) }
        let (lengths, candidates) = (2...phraseWords, places)
        let counts = try count(input, context, "phrases: neighbours") { run, counts in
            for start in run.indices {
                for length in lengths where start + length <= run.endIndex {
                    let row = run[start..<start + length].reduce(0) { $0 << Self.bits | $1 }
                    guard let place = candidates[row] else { continue }
                    let before = start > run.startIndex ? run[start - 1] : Self.noWord
                    let behind = start + length < run.endIndex ? run[start + length] : Self.noWord
                    counts[(2 * place) << Self.bits | before, default: 0] += 1
                    counts[(2 * place + 1) << Self.bits | behind, default: 0] += 1
                }
            }
        }
        // Sums in the order of the keys, so that the last bits do not depend on the table's order.
        var sums = [(count: Int, weightedLogs: Double)](repeating: (0, 0), count: 2 * rows.count)
        for (key, count) in counts.counts.sorted(by: { $0.key < $1.key }) {
            let side = Int(key >> Self.bits)
            sums[side].count += count
            if key & Self.mask != Self.noWord {
                sums[side].weightedLogs += Double(count) * log(Double(count))
            }
        }
        let entropies = sums.map { $0.count > 0 ? log(Double($0.count)) - $0.weightedLogs / Double($0.count) : 0 }
        return rows.indices.map { (entropies[2 * $0], entropies[2 * $0 + 1]) }
    }

    /// One pass: `add` counts keys of each run of known words.
    private func count(
        _ input: DocumentInput, _ context: StageContext, _ title: String,
        _ add: @escaping @Sendable (_ run: [UInt64], inout [UInt64: Int]) -> Void
    ) throws -> BoundedCounts {
        var counts = BoundedCounts(limit: rowLimit)
        try input.forEachBatch(
            title, context, makeWorker: { () },
            transform: { [self] batch, _ in
                var part: [UInt64: Int] = [:]
                var run: [UInt64] = []
                for document in batch.documents { forEachRun(of: document.text, &run) { add($0, &part) } }
                return part
            },
            consume: { counts.add($0) })
        return counts
    }

    /// Calls `body` with each row of known words that nothing else stands between.
    private func forEachRun(of text: String, _ run: inout [UInt64], _ body: ([UInt64]) -> Void) {
        let letters = Array(text.unicodeScalars)
        run.removeAll(keepingCapacity: true)
        for range in segmenter.ranges(of: text) {
            if let number = numbers[Self.hash(letters[range])] {
                run.append(number)
            } else if !run.isEmpty {
                body(run)
                run.removeAll(keepingCapacity: true)
            }
        }
        if !run.isEmpty { body(run) }
    }

    private static func cohesion(_ row: UInt64, _ count: Int, _ total: Int, _ counts: [UInt64: Int]) -> Double {
        let words = numbers(of: row)
        return (1..<words.count).map { cut in
            // A part stands at least as often as the whole.
            let left = counts[words[..<cut].reduce(0) { $0 << bits | $1 }] ?? count
            let right = counts[words[cut...].reduce(0) { $0 << bits | $1 }] ?? count
            return log(Double(count)) + log(Double(total)) - log(Double(left)) - log(Double(right))
        }.min() ?? 0
    }

    private static func row(_ first: UInt64, _ second: UInt64) -> UInt64 { first << bits | second }

    private static func numbers(of row: UInt64) -> [UInt64] {
        [row >> (2 * bits), row >> bits & mask, row & mask].filter { $0 != 0 }
    }

    private static func hash(_ letters: some Sequence<Unicode.Scalar>) -> UInt64 {
        letters.reduce(0) { Hash64.of(UInt64($1.value), seed: $0) }
    }
}
