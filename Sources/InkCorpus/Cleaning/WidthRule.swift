/// Full-width letters, digits and spaces become ASCII, and so do the marks that stand inside numbers and names: ６．４％ and
/// Ａ－１２. Other punctuation, ，！？ and the like, only where asked for.
struct WidthRule: CleaningRule {
    let name = "width"
    let triggers: TextFeatures
    private let includesPunctuation: Bool
    private let leads = ByteSet("", 0xE3...0xE3, 0xEF...0xEF)

    init(includesPunctuation: Bool) {
        self.includesPunctuation = includesPunctuation
        triggers = includesPunctuation ? [.wideLetter, .widePunctuation] : .wideLetter
    }

    /// Whether a full-width mark joins letters and digits to one number or name: ＆＋－．／＿＠ between them, ％ behind a digit.
    static func mayJoin(_ scalar: UInt32) -> Bool {
        [0xFF05, 0xFF06, 0xFF0B, 0xFF0D, 0xFF0E, 0xFF0F, 0xFF20, 0xFF3F].contains(scalar)
    }

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = leads.next(in: text, from: position)
            guard position < text.count else { return }
            let scalar = Scalars.scalar(text, position)
            if scalar == 0x3000 {
                edits.replace(position..<position + 3, of: text, with: UInt8(ascii: " "))
            } else if let ascii = Self.ascii(scalar),
                includesPunctuation || ByteSet.alphanumerics.contains(ascii) || joins(text, position, scalar)
            {
                edits.replace(position..<position + 3, of: text, with: ascii)
            }
            position += 3
        }
    }

    private func joins(_ text: [UInt8], _ at: Int, _ scalar: UInt32) -> Bool {
        guard Self.mayJoin(scalar), let before = letter(text, endingAt: at) else { return false }
        if scalar == 0xFF05 { return ASCIIText.isDigit(before) }
        return at + 3 < text.count && Self.letter(Scalars.scalar(text, at + 3)) != nil
    }

    private func letter(_ text: [UInt8], endingAt end: Int) -> UInt8? {
        if end > 0, text[end - 1] < 0x80 { return Self.letter(UInt32(text[end - 1])) }
        return end >= 3 && text[end - 3] == 0xEF ? Self.letter(Scalars.scalar(text, end - 3)) : nil
    }

    /// The ASCII form of a letter or digit of either width; nil for other characters.
    private static func letter(_ scalar: UInt32) -> UInt8? {
        let ascii = scalar < 0x80 ? UInt8(scalar) : ascii(scalar)
        return ascii.flatMap { ByteSet.alphanumerics.contains($0) ? $0 : nil }
    }

    /// The ASCII form of a full-width character; nil for other characters.
    static func ascii(_ scalar: UInt32) -> UInt8? {
        (0xFF01...0xFF5E).contains(scalar) ? UInt8(scalar - 0xFEE0) : nil
    }
}
