/// What the BERT normaliser and pre-tokenizer must know of each Unicode scalar.
///
/// The reference implementation (Hugging Face `tokenizers` 0.22) mixes three ages of Unicode: general categories from
/// version 8.0, canonical decompositions and combining classes from 9.0, white space and lower case from the current
/// version. A character that was assigned later than its table has no category there: it is neither punctuation, nor an
/// accent, nor a control character, and stays in the text. `BertTokenizer` (the slow one) uses Python's tables and
/// removes unassigned characters; where the two differ this follows the fast one, code point for code point.
package struct ScalarFacts: Sendable {
    /// A set of yes/no facts of one scalar.
    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        /// NUL, U+FFFD, and categories Cc, Cf, Co: removed by the cleaning step.
        package static let removed = Flags(rawValue: 1)
        /// The White_Space property.
        package static let whitespace = Flags(rawValue: 2)
        /// ASCII punctuation and symbols, and categories P*.
        package static let punctuation = Flags(rawValue: 4)
        /// Category Mn: dropped when accents are stripped.
        package static let accent = Flags(rawValue: 8)
        /// Has a canonical decomposition other than itself.
        package static let decomposes = Flags(rawValue: 16)
        /// Canonical combining class other than 0.
        package static let combines = Flags(rawValue: 32)
        /// Lower case differs from the scalar itself.
        package static let lowercases = Flags(rawValue: 64)
        /// A CJK ideograph by BERT's list of blocks: it stands alone when Chinese characters are tokenized.
        package static let ideograph = Flags(rawValue: 128)
    }

    /// The facts of this machine's Unicode tables, cut back to the versions above. Made once, in a few milliseconds.
    package static let shared = ScalarFacts()

    /// Scalars with facts of their own: all but ideographs, private use and Hangul syllables, which go by ranges.
    package let particular: [Unicode.Scalar]
    /// Private use: Co, removed.
    package static let privateUse: [ClosedRange<UInt32>] = [
        0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD,
    ]

    private let flags: [Flags]
    private let decompositions: CanonicalDecomposition

    package subscript(scalar: Unicode.Scalar) -> Flags { flags[Int(scalar.value)] }

    /// Calls `body` with each scalar of the canonical decomposition, in canonical order.
    package func decompose(_ scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
        if self[scalar].contains(.decomposes) {
            decompositions.forEach(scalar, body)
        } else {
            body(scalar)
        }
    }

    /// The canonical combining class: 0 for a starter.
    package func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        self[scalar].contains(.combines) ? scalar.properties.canonicalCombiningClass.rawValue : 0
    }

    /// The blocks of BERT's `is_chinese_char`, with the gap U+2B820-U+2B91F that the fast tokenizer has.
    package static let ideographBlocks: [ClosedRange<UInt32>] = [
        0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
        0x2B920...0x2CEAF, 0x2F800...0x2FA1F,
    ]

    /// Scalars outside these ranges are letters, unassigned, private or algorithmic: nothing to ask the tables.
    private static let looked: [ClosedRange<UInt32>] = [
        0...0x33FF, 0x4DC0...0x4DFF, 0xA000...0xABFF, 0xD7B0...0xD7FF, 0xF900...0x12FFF, 0x13400...0x134FF,
        0x16000...0x16FFF, 0x1B000...0x1BFFF, 0x1CC00...0x1FBFF, 0xE0000...0xE0FFF,
    ]

    private init() {
        var table = [Flags](repeating: [], count: 0x11_0000)
        var particular: [Unicode.Scalar] = []
        for range in Self.looked {
            for scalar in range.lazy.compactMap(Unicode.Scalar.init) {
                let flags = Self.lookUp(scalar)
                if flags.isEmpty { continue }
                table[Int(scalar.value)] = flags
                particular.append(scalar)
            }
        }
        decompositions = CanonicalDecomposition()
        for scalar in decompositions.scalars {
            if table[Int(scalar.value)].isEmpty { particular.append(scalar) }
            table[Int(scalar.value)].insert(.decomposes)
        }
        self.particular = particular
        for (ranges, flags) in [
            (Self.privateUse, Flags.removed), ([CanonicalDecomposition.hangulSyllables], .decomposes),
            (Self.ideographBlocks, .ideograph),
        ] {
            for value in ranges.joined() { table[Int(value)].insert(flags) }
        }
        self.flags = table
    }

    /// Scalars whose category changed between Unicode 8.0 and today, by their facts then.
    private static let recategorised: [Unicode.Scalar: Flags] = [
        "\u{166D}": .punctuation, "\u{1734}": [.accent, .combines], "\u{1885}": [], "\u{1886}": [],
        "\u{A9BD}": [], "\u{111C9}": .punctuation, "\u{1171E}": .accent,
    ]

    private static func lookUp(_ scalar: Unicode.Scalar) -> Flags {
        if let flags = recategorised[scalar] { return flags }
        let properties = scalar.properties
        var flags: Flags = []
        switch properties.generalCategory {
        case .control, .format, .privateUse:
            if scalar.value != 9, scalar.value != 10, scalar.value != 13, isKnown(scalar, in: 8) { flags = .removed }
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            if isKnown(scalar, in: 8) { flags = .punctuation }
        case .nonspacingMark, .spacingMark, .enclosingMark:
            if properties.generalCategory == .nonspacingMark, isKnown(scalar, in: 8) { flags = .accent }
            if properties.canonicalCombiningClass != .notReordered, isKnown(scalar, in: 9) { flags.insert(.combines) }
        case .uppercaseLetter, .titlecaseLetter, .letterNumber, .otherSymbol:
            if properties.changesWhenLowercased { flags = .lowercases }
        case .mathSymbol, .currencySymbol, .modifierSymbol:
            if scalar.isASCII { flags = .punctuation }
        default:
            break
        }
        if properties.isWhitespace { flags.insert(.whitespace) }
        if scalar.value == 0xFFFD { flags = .removed }
        return flags
    }

    private static func isKnown(_ scalar: Unicode.Scalar, in version: Int) -> Bool {
        guard let age = scalar.properties.age else { return false }
        return (age.major, age.minor) <= (version, 0)
    }
}
