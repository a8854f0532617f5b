/// The options of BERT's normaliser.
public struct BertNormalization: Hashable, Sendable {
    /// Lower-case every character by its full Unicode mapping, without context (no final sigma).
    public var lowercases: Bool
    /// Decompose canonically (NFD) and drop the non-spacing marks. Splits Hangul syllables into jamo, as the reference.
    public var stripsAccents: Bool
    /// Put each CJK ideograph into a word of its own.
    public var separatesIdeographs: Bool

    /// `stripsAccents` follows `lowercases` when it is not given.
    public init(lowercases: Bool = true, stripsAccents: Bool? = nil, separatesIdeographs: Bool = true) {
        self.lowercases = lowercases
        self.stripsAccents = stripsAccents ?? lowercases
        self.separatesIdeographs = separatesIdeographs
    }
}

/// A text after BERT's normaliser, each scalar with the place it came from.
///
/// The steps and their order are those of the reference's `BertNormalizer`: clean, separate ideographs, strip accents,
/// lower-case. This is the exact, general form; `ScalarActions` holds the same mapping as a table for speed.
package struct NormalizedText: Sendable {
    package private(set) var scalars: [Unicode.Scalar] = []
    /// For each scalar the index of the original scalar it stands for.
    package private(set) var sources: [Int] = []

    /// Normalises `text`; `firstSource` is the index of its first scalar in the whole text.
    package init(_ text: some Sequence<Unicode.Scalar>, firstSource: Int = 0, _ options: BertNormalization) {
        let facts = ScalarFacts.shared
        for (index, scalar) in text.enumerated() {
            let flags = facts[scalar]
            if flags.contains(.removed) { continue }
            let source = firstSource + index
            if flags.contains(.whitespace) {
                append(" ", source)
            } else if options.separatesIdeographs, flags.contains(.ideograph) {
                append(" ", source)
                append(scalar, source)
                append(" ", source)
            } else {
                append(scalar, source)
            }
        }
        if options.stripsAccents { stripAccents(facts) }
        if options.lowercases { lowercase(facts) }
    }

    private mutating func append(_ scalar: Unicode.Scalar, _ source: Int) {
        scalars.append(scalar)
        sources.append(source)
    }

    /// NFD, then drop the non-spacing marks.
    ///
    /// Sources follow the reference, also where marks change places: after sorting, a scalar that begins a
    /// decomposition takes the next old position in order, one that continues a decomposition repeats the last.
    private mutating func stripAccents(_ facts: ScalarFacts) {
        guard scalars.contains(where: { !facts[$0].isDisjoint(with: [.decomposes, .accent, .combines]) }) else {
            return
        }
        var parts: [(scalar: Unicode.Scalar, combiningClass: UInt8, begins: Bool)] = []
        var pending = 0
        func sortPending() {
            guard parts.count - pending > 1 else { return }
            let sorted = parts[pending...].enumerated().sorted {
                ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
            }
            parts.replaceSubrange(pending..., with: sorted.map(\.element))
        }
        for scalar in scalars {
            var begins = true
            facts.decompose(scalar) { part in
                let combiningClass = facts.combiningClass(part)
                if combiningClass == 0 {
                    sortPending()
                    pending = parts.count
                }
                parts.append((part, combiningClass, begins))
                begins = false
            }
        }
        sortPending()

        let old = sources
        scalars.removeAll(keepingCapacity: true)
        sources = []
        sources.reserveCapacity(parts.count)
        var position = -1
        for part in parts {
            if part.begins { position += 1 }
            if !facts[part.scalar].contains(.accent) { append(part.scalar, old[max(position, 0)]) }
        }
    }

    private mutating func lowercase(_ facts: ScalarFacts) {
        guard scalars.contains(where: { facts[$0].contains(.lowercases) }) else { return }
        let (oldScalars, oldSources) = (scalars, sources)
        scalars = []
        sources = []
        for (scalar, source) in zip(oldScalars, oldSources) {
            guard facts[scalar].contains(.lowercases) else {
                append(scalar, source)
                continue
            }
            for lower in scalar.properties.lowercaseMapping.unicodeScalars { append(lower, source) }
        }
    }

    /// The words of BERT's pre-tokenizer as ranges of `scalars`: split at white space, each punctuation mark alone.
    package func words(in range: Range<Int>) -> [Range<Int>] {
        let facts = ScalarFacts.shared
        var words: [Range<Int>] = []
        var start = range.lowerBound
        func close(at end: Int) {
            if start < end { words.append(start..<end) }
        }
        for index in range {
            let flags = facts[scalars[index]]
            if flags.contains(.whitespace) {
                close(at: index)
                start = index + 1
            } else if flags.contains(.punctuation) {
                close(at: index)
                words.append(index..<index + 1)
                start = index + 1
            }
        }
        close(at: range.upperBound)
        return words
    }

    /// All words; see `words(in:)`.
    package var words: [Range<Int>] { words(in: 0..<scalars.count) }
}
