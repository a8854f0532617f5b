/// Takes away e-mail addresses: a name, `@`, and a domain of at least two labels whose last is of letters.
struct EmailRule: CleaningRule {
    let name = "emails"
    let triggers: TextFeatures = .at
    private let at = ByteSet("@")
    private let nameBytes = ByteSet("._%+-", 0x30...0x39, 0x41...0x5A, 0x61...0x7A)
    private let labelBytes = ByteSet("-", 0x30...0x39, 0x41...0x5A, 0x61...0x7A)

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = at.next(in: text, from: position)
            guard position < text.count else { return }
            var start = position
            while start > edits.done, nameBytes.contains(text[start - 1]) { start -= 1 }
            while start < position, text[start] == UInt8(ascii: ".") { start += 1 }
            guard start < position, let end = domainEnd(text, position + 1) else {
                position += 1
                continue
            }
            edits.remove(start..<end, of: text)
            position = end
        }
    }

    /// The end of the longest domain that begins at a place.
    private func domainEnd(_ text: [UInt8], _ start: Int) -> Int? {
        var end: Int?
        var label = start
        while true {
            let dot = labelBytes.end(in: text, from: label)
            guard dot > label, dot < text.count, text[dot] == UInt8(ascii: ".") else { return end }
            var letters = dot + 1
            while letters < text.count, ASCIIText.isLetter(text[letters]) { letters += 1 }
            if letters - dot > 2 { end = letters }
            label = dot + 1
        }
    }
}
