/// Takes away emoji: pictographs, those symbols that are shown as emoji by themselves or through a variation selector, flags,
/// keycap frames (the digit stays), with their joiners and skin tones. Text symbols such as ★ and ♪ stay.
struct EmojiRule: CleaningRule {
    let name = "emoji"
    let triggers: TextFeatures = .emoji
    private static let selector: [UInt8] = [0xEF, 0xB8, 0x8F]  // U+FE0F
    private static let joiner: [UInt8] = [0xE2, 0x80, 0x8D]  // U+200D
    private static let keycap: [UInt8] = [0xE2, 0x83, 0xA3]  // U+20E3
    private let leads = ByteSet("", 0xE2...0xE2, 0xF0...0xF0)

    /// Emoji by themselves below U+FFFF (Emoji_Presentation of the Unicode emoji data).
    private static let presented: [ClosedRange<UInt32>] = [
        0x231A...0x231B, 0x23E9...0x23EC, 0x23F0...0x23F0, 0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615,
        0x2648...0x2653, 0x267F...0x267F, 0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE,
        0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
        0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C,
        0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797, 0x27B0...0x27B0, 0x27BF...0x27BF,
        0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55,
    ]

    /// Emoji above it: whole pictograph blocks, and those of the enclosed characters that are emoji.
    private static let pictographs: [ClosedRange<UInt32>] = [
        0x1F000...0x1F0FF, 0x1F170...0x1F171, 0x1F17E...0x1F17F, 0x1F18E...0x1F18E, 0x1F191...0x1F19A,
        0x1F1E6...0x1F1FF, 0x1F201...0x1F202, 0x1F21A...0x1F21A, 0x1F22F...0x1F22F, 0x1F232...0x1F23A,
        0x1F250...0x1F251, 0x1F300...0x1FAFF,
    ]

    /// Whether a character is an emoji or makes one of its neighbour.
    static func isMarked(_ scalar: UInt32) -> Bool {
        scalar == 0xFE0F || scalar == 0x20E3
            || (scalar < 0x10000 ? presented : pictographs).contains { $0.contains(scalar) }
    }

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = leads.next(in: text, from: position)
            guard position < text.count else { return }
            let end = position + Scalars.length(text[position])
            guard isEmoji(text, position, end) else {
                position = end
                continue
            }
            let behind = followersEnd(text, end)
            // The selector between a digit and its frame goes with the frame.
            let isFramed = position - 3 >= edits.done && holds(Self.keycap, text, position)
            let start = isFramed && holds(Self.selector, text, position - 3) ? position - 3 : position
            edits.remove(start..<behind, of: text)
            position = behind
        }
    }

    private func isEmoji(_ text: [UInt8], _ position: Int, _ end: Int) -> Bool {
        let second = text[position + 1]
        if text[position] == 0xF0 {
            guard second == 0x9F else { return false }
            let scalar = Scalars.scalar(text, position)
            return Self.pictographs.contains { $0.contains(scalar) }
        }
        if second == 0x83 { return holds(Self.keycap, text, position) }
        // U+2300 to U+2BFF, where the emoji among the older symbols lie.
        guard (0x8C...0xAF).contains(second) else { return false }
        if holds(Self.selector, text, end) { return true }
        let scalar = Scalars.scalar(text, position)
        return Self.presented.contains { $0.contains(scalar) }
    }

    /// The end of the selectors, joiners and keycap frames that follow an emoji.
    private func followersEnd(_ text: [UInt8], _ start: Int) -> Int {
        var end = start
        while holds(Self.selector, text, end) || holds(Self.joiner, text, end) || holds(Self.keycap, text, end) {
            end += 3
        }
        return end
    }

    private func holds(_ bytes: [UInt8], _ text: [UInt8], _ at: Int) -> Bool {
        at + 2 < text.count && text[at] == bytes[0] && text[at + 1] == bytes[1] && text[at + 2] == bytes[2]
    }
}
