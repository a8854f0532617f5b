/// What the three rules for personal data share: the masks, and the digits around a place.
enum PersonalData {
    static let phoneMask = Array("[PHONE]".utf8)
    static let identityMask = Array("[ID]".utf8)
    static let cardMask = Array("[CARD]".utf8)

    /// The end of the mask that begins at a place; nil where none does.
    static func maskEnd(_ text: [UInt8], _ at: Int) -> Int? {
        for mask in [phoneMask, identityMask, cardMask] where text[at...].starts(with: mask) { return at + mask.count }
        return nil
    }

    /// Whether a number may begin at a place: no letter, digit or full stop stands before it.
    static func mayBegin(_ text: [UInt8], _ at: Int) -> Bool {
        at == 0 || !(ByteSet.alphanumerics.contains(text[at - 1]) || text[at - 1] == UInt8(ascii: "."))
    }

    /// Whether a number may end at a place: neither a letter nor a digit follows.
    static func mayEnd(_ text: [UInt8], _ at: Int) -> Bool {
        at == text.count || !ByteSet.alphanumerics.contains(text[at])
    }

    static func digit(_ text: [UInt8], _ at: Int) -> Int { Int(text[at]) - 0x30 }
}
