/// What a text has that rules of cleaning look for. Most texts have little of it, so most rules need not look at them.
struct TextFeatures: OptionSet, Sendable {
    let rawValue: UInt32

    // What single characters tell; of those beyond ASCII only the first eight.

    /// An emoji, or a character that makes one of its neighbour.
    static let emoji = TextFeatures(rawValue: 1 << 0)
    /// A control or broken character, or an unusual space or line end.
    static let oddCharacter = TextFeatures(rawValue: 1 << 1)
    /// A full-width letter, digit or space, or a full-width mark that joins them.
    static let wideLetter = TextFeatures(rawValue: 1 << 2)
    /// Other full-width punctuation.
    static let widePunctuation = TextFeatures(rawValue: 1 << 3)
    /// A capital letter beyond ASCII.
    static let otherCapital = TextFeatures(rawValue: 1 << 4)
    static let hanzi = TextFeatures(rawValue: 1 << 5)
    /// The last character of one of the phrases that mark boilerplate anywhere in a line.
    static let noticeEnd = TextFeatures(rawValue: 1 << 6)
    /// Where a sentence may end.
    static let sentenceMark = TextFeatures(rawValue: 1 << 7)
    static let space = TextFeatures(rawValue: 1 << 8)
    static let lineEnd = TextFeatures(rawValue: 1 << 9)
    static let digit = TextFeatures(rawValue: 1 << 10)
    /// What may stand between the digits of a number: a space or a hyphen.
    static let digitGap = TextFeatures(rawValue: 1 << 11)
    static let less = TextFeatures(rawValue: 1 << 12)
    static let greater = TextFeatures(rawValue: 1 << 13)
    static let ampersand = TextFeatures(rawValue: 1 << 14)
    static let semicolon = TextFeatures(rawValue: 1 << 15)
    static let colon = TextFeatures(rawValue: 1 << 16)
    static let slash = TextFeatures(rawValue: 1 << 17)
    static let at = TextFeatures(rawValue: 1 << 18)
    static let dot = TextFeatures(rawValue: 1 << 19)
    static let letterW = TextFeatures(rawValue: 1 << 20)
    /// An ASCII capital.
    static let capital = TextFeatures(rawValue: 1 << 21)

    // What the whole text tells.

    /// There is a character.
    static let text = TextFeatures(rawValue: 1 << 24)
    /// `<` and `>`, or `&` and `;`.
    static let markup = TextFeatures(rawValue: 1 << 25)
    /// `:` and `/`, or `w` and a full stop.
    static let address = TextFeatures(rawValue: 1 << 26)
    /// Digits enough for a phone number, with nothing but gaps between them.
    static let elevenDigits = TextFeatures(rawValue: 1 << 27)
    static let thirteenDigits = TextFeatures(rawValue: 1 << 28)
    static let seventeenDigits = TextFeatures(rawValue: 1 << 29)
    /// A character that repeats more often than it may.
    static let run = TextFeatures(rawValue: 1 << 30)
    static let twoSentences = TextFeatures(rawValue: 1 << 31)

    /// Raw values for every ASCII character.
    static let ascii: [UInt32] = (0..<0x80).map { of(UInt32($0)).rawValue }
    /// Raw values for every character from U+0080 to U+FFFF, at its number.
    static let table: [UInt8] = (0..<0x10000).map { $0 < 0x80 ? 0 : UInt8(truncatingIfNeeded: of(UInt32($0)).rawValue) }

    /// What a character tells.
    static func of(_ scalar: UInt32) -> TextFeatures {
        if scalar < 0x80 { return ascii(UInt8(scalar)) }
        var features: TextFeatures = []
        if EmojiRule.isMarked(scalar) { features.insert(.emoji) }
        switch ScalarClass.known(scalar) {
        case .broken, .lineEnd: features.insert(.oddCharacter)
        case .space: features.insert(scalar == 0x3000 ? .wideLetter : .oddCharacter)
        case .hanzi: features.insert(.hanzi)
        default: break
        }
        if let ascii = WidthRule.ascii(scalar) {
            let isLetter = ByteSet.alphanumerics.contains(ascii) || WidthRule.mayJoin(scalar)
            features.insert(isLetter ? .wideLetter : .widePunctuation)
        }
        if LowercaseRule.small(scalar) != scalar { features.insert(.otherCapital) }
        if BoilerplateRule.noticeEnds.contains(scalar) { features.insert(.noticeEnd) }
        if SentenceSplitter.isMark(scalar) { features.insert(.sentenceMark) }
        return features
    }

    private static func ascii(_ byte: UInt8) -> TextFeatures {
        var features: TextFeatures = []
        if ScalarClass.known(UInt32(byte)) == .broken || byte == 0x0D { features.insert(.oddCharacter) }
        if (0x41...0x5A).contains(byte) { features.insert(.capital) }
        if BoilerplateRule.noticeEnds.contains(UInt32(ASCIIText.small(byte))) { features.insert(.noticeEnd) }
        if SentenceSplitter.isMark(UInt32(byte)) { features.insert(.sentenceMark) }
        switch byte {
        case UInt8(ascii: "\t"): features.insert(.space)
        case UInt8(ascii: " "): features.formUnion([.space, .digitGap])
        case UInt8(ascii: "-"): features.insert(.digitGap)
        case UInt8(ascii: "\n"): features.insert(.lineEnd)
        case 0x30...0x39: features.insert(.digit)
        case UInt8(ascii: "<"): features.insert(.less)
        case UInt8(ascii: ">"): features.insert(.greater)
        case UInt8(ascii: "&"): features.insert(.ampersand)
        case UInt8(ascii: ";"): features.insert(.semicolon)
        case UInt8(ascii: ":"): features.insert(.colon)
        case UInt8(ascii: "/"): features.insert(.slash)
        case UInt8(ascii: "@"): features.insert(.at)
        case UInt8(ascii: "."): features.insert(.dot)
        case UInt8(ascii: "w"), UInt8(ascii: "W"): features.insert(.letterW)
        default: break
        }
        return features
    }

    /// With what follows from the characters' own features.
    var completed: TextFeatures {
        var all = self
        if isSuperset(of: [.less, .greater]) || isSuperset(of: [.ampersand, .semicolon]) { all.insert(.markup) }
        if isSuperset(of: [.colon, .slash]) || isSuperset(of: [.letterW, .dot]) { all.insert(.address) }
        return all
    }
}
