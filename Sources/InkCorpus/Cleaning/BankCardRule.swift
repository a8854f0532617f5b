/// Masks bank card numbers as `[CARD]`: 13 to 19 digits that begin with 3 to 6 (ISO/IEC 7812: travel and banking) and have
/// the right check digit (Luhn), in one piece or in groups of four with spaces or hyphens.
struct BankCardRule: CleaningRule {
    let name = "bank-card"

    func mayChange(_ bytes: ByteProfile) -> Bool { bytes.has(0x30...0x39) }

    func apply(to text: [UInt8], _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = ByteSet.digits.next(in: text, from: position)
            guard position < text.count else { return }
            let end = ByteSet.digits.end(in: text, from: position)
            guard (0x33...0x36).contains(text[position]), PersonalData.mayBegin(text, position),
                let cardEnd = cardEnd(text, position, end), PersonalData.mayEnd(text, cardEnd),
                Self.hasLuhnDigit(text, position..<cardEnd)
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
