/// Takes away control characters and broken Unicode: U+FFFD, private use, unassigned and zero-width characters, byte order
/// marks, variation selectors. Unusual spaces become a space, unusual line ends `\n`.
struct CharacterRule: CleaningRule {
    let name = "characters"
    let triggers: TextFeatures = .oddCharacter
    /// Leads of characters to look at: all but printable ASCII and U+4000 to U+9FFF, which are all well.
    private let suspects = ByteSet("\u{7F}\r", 0x00...0x08, 0x0B...0x1F, 0xC2...0xE3, 0xEA...0xF4)
    private let table = ScalarClass.table

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = suspects.next(in: text, from: position)
            guard position < text.count else { return }
            let end = position + Scalars.length(text[position])
            let scalar = Scalars.scalar(text, position)
            let raw = scalar < 0x10000 ? table[Int(scalar)] : ScalarClass.of(scalar).rawValue
            if raw == ScalarClass.broken.rawValue {
                edits.remove(position..<end, of: text)
            } else if raw == ScalarClass.lineEnd.rawValue {
                if scalar == 0x0D, end < text.count, text[end] == UInt8(ascii: "\n") {
                    edits.remove(position..<end, of: text)
                } else {
                    edits.replace(position..<end, of: text, with: UInt8(ascii: "\n"))
                }
            } else if raw == ScalarClass.space.rawValue, scalar != 0x3000 {
                edits.replace(position..<end, of: text, with: UInt8(ascii: " "))
            }
            position = end
        }
    }
}
