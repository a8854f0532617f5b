/// Reading of characters from valid UTF-8 bytes.
enum Scalars {
    /// Bytes of the character that begins with this byte.
    @inline(__always)
    static func length(_ lead: UInt8) -> Int { lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4 }

    /// The number of characters.
    static func count(in utf8: ArraySlice<UInt8>) -> Int { utf8.count { $0 & 0xC0 != 0x80 } }

    /// The character at a place, where one begins.
    @inline(__always)
    static func scalar(_ text: [UInt8], _ at: Int) -> UInt32 {
        let lead = UInt32(text[at])
        if lead < 0x80 { return lead }
        let second = UInt32(text[at + 1] & 0x3F)
        if lead < 0xE0 { return (lead & 0x1F) << 6 | second }
        let third = UInt32(text[at + 2] & 0x3F)
        if lead < 0xF0 { return (lead & 0x0F) << 12 | second << 6 | third }
        return (lead & 0x07) << 18 | second << 12 | third << 6 | UInt32(text[at + 3] & 0x3F)
    }

    /// The character of three bytes at a place.
    @inline(__always)
    static func ofThree(_ text: [UInt8], _ at: Int, _ lead: UInt8) -> UInt32 {
        UInt32(lead & 0x0F) << 12 | UInt32(text[at + 1] & 0x3F) << 6 | UInt32(text[at + 2] & 0x3F)
    }

    /// The bytes of a character; none for a number that is no character.
    static func utf8(_ value: UInt32) -> [UInt8] {
        guard let scalar = Unicode.Scalar(value) else { return [] }
        return Array(String(Character(scalar)).utf8)
    }
}

/// What sort of character it is, as far as cleaning and filters care.
enum ScalarClass: UInt8 {
    case hanzi, letter, digit, punctuation, symbol, space
    /// A line or paragraph separator.
    case lineEnd
    /// A combining mark.
    case mark
    /// Control, format, private, unassigned characters, variation selectors and U+FFFD.
    case broken

    /// Raw values for every character up to U+FFFF.
    static let table: [UInt8] = (0..<0x10000).map { of(UInt32($0)).rawValue }

    /// The class of a character, from the table where it is there.
    static func known(_ value: UInt32) -> ScalarClass {
        value < 0x10000 ? ScalarClass(rawValue: table[Int(value)]) ?? .broken : of(value)
    }

    /// The class of a character, by its Unicode general category.
    static func of(_ value: UInt32) -> ScalarClass {
        switch value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAD9, 0x20000...0x3FFFD, 0x3007: return .hanzi
        case 0x09, 0x20: return .space
        case 0x0A, 0x0D, 0x2028, 0x2029, 0x85: return .lineEnd
        case 0xFFFD, 0xFE00...0xFE0F, 0x180B...0x180F, 0xE0100...0xE01EF: return .broken
        default: break
        }
        guard let scalar = Unicode.Scalar(value) else { return .broken }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .digit
        case .spaceSeparator: return .space
        case .lineSeparator, .paragraphSeparator: return .lineEnd
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: return .symbol
        case .nonspacingMark, .spacingMark, .enclosingMark: return .mark
        case .control, .format, .surrogate, .privateUse, .unassigned: return .broken
        default: return .punctuation
        }
    }
}
