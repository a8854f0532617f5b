/// Masks the 18 characters of a resident identity card as `[ID]`: a region, a possible date of birth and the right check
/// character (GB 11643-1999, ISO 7064 MOD 11-2).
struct IdentityCardRule: CleaningRule {
    let name = "identity-card"
    let triggers: TextFeatures = .seventeenDigits
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let checks = Array("10X98765432".utf8)

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = ByteSet.digits.next(in: text, from: position)
            guard position < text.count else { return }
            let end = ByteSet.digits.end(in: text, from: position)
            let cardEnd = position + 18
            if end == cardEnd || (end == cardEnd - 1 && end < text.count && text[end] | 0x20 == UInt8(ascii: "x")),
                PersonalData.mayBegin(text, position), PersonalData.mayEnd(text, cardEnd),
                Self.isIdentity(text, position)
            {
                edits.replace(position..<cardEnd, of: text, with: PersonalData.identityMask)
                position = cardEnd
            } else {
                position = end
            }
        }
    }

    private static func isIdentity(_ text: [UInt8], _ at: Int) -> Bool {
        func number(_ range: Range<Int>) -> Int { range.reduce(0) { 10 * $0 + PersonalData.digit(text, at + $1) } }
        guard (1...8).contains(number(0..<1)), (1800...2099).contains(number(6..<10)),
            (1...12).contains(number(10..<12)), (1...31).contains(number(12..<14))
        else { return false }
        let sum = (0..<17).reduce(0) { $0 + weights[$1] * PersonalData.digit(text, at + $1) }
        return checks[sum % 11] == (text[at + 17] == UInt8(ascii: "x") ? UInt8(ascii: "X") : text[at + 17])
    }
}
