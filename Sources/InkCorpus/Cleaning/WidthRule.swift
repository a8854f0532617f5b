/// Full-width letters, digits and spaces become ASCII; punctuation too where asked for, otherwise ，！？ and the like stay.
struct WidthRule: CleaningRule {
    let name = "width"
    let includesPunctuation: Bool
    private let leads = ByteSet("", 0xE3...0xE3, 0xEF...0xEF)

    func mayChange(_ bytes: ByteProfile) -> Bool { bytes.has(0xEF) || (bytes.has(0xE3) && bytes.has(0x80)) }

    func apply(to text: [UInt8], _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = leads.next(in: text, from: position)
            guard position < text.count else { return }
            let scalar = Scalars.scalar(text, position)
            if scalar == 0x3000 {
                edits.replace(position..<position + 3, of: text, with: UInt8(ascii: " "))
            } else if (0xFF01...0xFF5E).contains(scalar) {
                let ascii = UInt8(scalar - 0xFEE0)
                if includesPunctuation || ByteSet.alphanumerics.contains(ascii) {
                    edits.replace(position..<position + 3, of: text, with: ascii)
                }
            }
            position += 3
        }
    }
}
