/// Masks bank card numbers as `[CARD]`: the digits of a known issuer in the length that it uses (ISO/IEC 7812), with the right
/// check digit (Luhn), in one piece or in groups of four with spaces or hyphens.
///
/// Every tenth number has a right check digit by chance; without the issuers most of what is found are other numbers.
struct BankCardRule: CleaningRule {
    let name = "bank-card"
    let triggers: TextFeatures = .thirteenDigits

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = ByteSet.digits.next(in: text, from: position)
            guard position < text.count else { return }
            let end = ByteSet.digits.end(in: text, from: position)
            guard (0x33...0x39).contains(text[position]), PersonalData.mayBegin(text, position),
                let cardEnd = cardEnd(text, position, end), PersonalData.mayEnd(text, cardEnd),
                Self.hasIssuer(text, position..<cardEnd), Self.hasLuhnDigit(text, position..<cardEnd)
            else {
                position = end
                continue
            }
            edits.replace(position..<cardEnd, of: text, with: PersonalData.cardMask)
            position = cardEnd
        }
    }

    /// The end of 13 to 19 digits in one piece or in groups; nil where they are too few or too many.
    private func cardEnd(_ text: [UInt8], _ start: Int, _ runEnd: Int) -> Int? {
        if runEnd - start != 4 { return (13...19).contains(runEnd - start) ? runEnd : nil }
        guard runEnd < text.count else { return nil }
        let separator = text[runEnd]
        guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-") else { return nil }
        var lengths = [4]
        var ends = [runEnd]
        while lengths.count < 5, lengths.last == 4, let end = ends.last, end < text.count, text[end] == separator {
            let next = ByteSet.digits.end(in: text, from: end + 1)
            guard (1...4).contains(next - end - 1) else { break }
            lengths.append(next - end - 1)
            ends.append(next)
        }
        guard lengths.count >= 4, lengths[1] == 4, lengths[2] == 4 else { return nil }
        return lengths.count == 5 && lengths[4] < 4 ? ends[4] : ends[3]
    }

    /// Whether an issuer has cards that begin with these four digits and have this many.
    private static func hasIssuer(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        let first = (0..<4).reduce(0) { 10 * $0 + PersonalData.digit(text, range.lowerBound + $1) }
        let digits = range.count { ASCIIText.isDigit(text[$0]) }
        switch first {
        case 6200...6299: return (16...19).contains(digits)  // UnionPay
        case 9558, 9559: return digits == 19  // Chinese banks before UnionPay
        case 4000...4999: return digits == 16  // Visa
        case 5100...5599: return digits == 16  // Mastercard
        case 3528...3589: return digits == 16  // JCB
        case 6011, 6013, 6500...6599: return digits == 16 || digits == 19  // Discover, Chinese debit cards
        case 3400...3499, 3700...3799: return digits == 15  // American Express
        case 3000...3059, 3600...3699, 3800...3899: return digits == 14  // Diners Club
        default: return false
        }
    }

    private static func hasLuhnDigit(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        var sum = 0
        var isDoubled = false
        for position in range.reversed() where ASCIIText.isDigit(text[position]) {
            let digit = PersonalData.digit(text, position)
            sum += isDoubled ? (digit > 4 ? 2 * digit - 9 : 2 * digit) : digit
            isDoubled.toggle()
        }
        return sum % 10 == 0
    }
}
