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
    private static let privateUse: [ClosedRange<UInt32>] = [0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD]

    private init() {
        var table = [Flags](repeating: [], count: 0x11_0000)
        for range in Self.privateUse {
            for value in range { table[Int(value)] = .removed }
        }
        for value in CanonicalDecomposition.hangulSyllables { table[Int(value)] = .decomposes }
        for range in Self.looked {
            for value in range {
                guard let scalar = Unicode.Scalar(value) else { continue }
                table[Int(value)] = Self.lookUp(scalar)
            }
        }
        for block in Self.ideographBlocks {
            for value in block { table[Int(value)].insert(.ideograph) }
        }
        decompositions = CanonicalDecomposition()
        for scalar in decompositions.scalars { table[Int(scalar.value)].insert(.decomposes) }
        // Recategorised between Unicode 8.0 and today.
        table[0x166D] = .punctuation
        table[0x111C9] = .punctuation
        for value in [0x1734, 0x1171E] { table[value].insert(.accent) }
        for value in [0x1885, 0x1886, 0xA9BD] { table[value].remove(.accent) }
        flags = table
    }

    private static func lookUp(_ scalar: Unicode.Scalar) -> Flags {
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
