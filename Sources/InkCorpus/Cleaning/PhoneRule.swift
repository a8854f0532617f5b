/// Masks mobile phone numbers of mainland China as `[PHONE]`: 11 digits from 13 to 19, in one piece or as 3-4-4 with spaces
/// or hyphens, with or without +86.
struct PhoneRule: CleaningRule {
    let name = "phone"
    let triggers: TextFeatures = .elevenDigits

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = ByteSet.digits.next(in: text, from: position)
            guard position < text.count else { return }
            let start = position > edits.done && text[position - 1] == UInt8(ascii: "+") ? position - 1 : position
            if PersonalData.mayBegin(text, start), let end = phoneEnd(text, position, needsPrefix: start < position) {
                edits.replace(start..<end, of: text, with: PersonalData.phoneMask)
                position = end
            } else if start < position, let end = phoneEnd(text, position, needsPrefix: false) {
                edits.replace(position..<end, of: text, with: PersonalData.phoneMask)
                position = end
            } else {
                position = ByteSet.digits.end(in: text, from: position)
            }
        }
    }

    private func phoneEnd(_ text: [UInt8], _ start: Int, needsPrefix: Bool) -> Int? {
        for prefix in needsPrefix ? ["86"] : ["0086", "86"] where ASCIIText.holds(prefix, text, start) {
            var national = start + prefix.utf8.count
            if national < text.count, isSeparator(text[national]) { national += 1 }
            if let end = nationalEnd(text, national) { return end }
        }
        return needsPrefix ? nil : nationalEnd(text, start)
    }

    private func nationalEnd(_ text: [UInt8], _ start: Int) -> Int? {
        guard start + 11 <= text.count, text[start] == UInt8(ascii: "1"), (0x33...0x39).contains(text[start + 1]),
            ASCIIText.isDigit(text[start + 2])
        else { return nil }
        let run = ByteSet.digits.end(in: text, from: start) - start
        if run != 3 { return run == 11 ? start + 11 : nil }
        let separator = text[start + 3]
        guard isSeparator(separator), start + 13 <= text.count, text[start + 8] == separator,
            ByteSet.digits.end(in: text, from: start + 4) == start + 8,
            ByteSet.digits.end(in: text, from: start + 9) == start + 13
        else { return nil }
        return start + 13
    }

    private func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") }
}
