/// Capital letters become small: ASCII, Latin-1, Greek, Cyrillic and full-width ones (ERNIE 1.0). What masks personal data stays.
struct LowercaseRule: CleaningRule {
    let name = "lowercase"
    let triggers: TextFeatures = [.capital, .otherCapital]
    private let leads = ByteSet("[", 0x41...0x5A, 0xC3...0xC3, 0xCE...0xCE, 0xD0...0xD0, 0xEF...0xEF)

    /// ASCII letters take the place of ASCII letters, so sentences stay where they are and no run arises.
    func featuresAfter(_ features: TextFeatures) -> TextFeatures? {
        features.contains(.otherCapital) ? nil : features.subtracting(.capital)
    }

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = leads.next(in: text, from: position)
            guard position < text.count else { return }
            if text[position] == UInt8(ascii: "[") {
                position = PersonalData.maskEnd(text, position) ?? position + 1
                continue
            }
            let end = position + Scalars.length(text[position])
            let scalar = Scalars.scalar(text, position)
            let small = Self.small(scalar)
            if small < 0x80, small != scalar {
                edits.replace(position..<end, of: text, with: UInt8(small))
            } else if small != scalar {
                edits.replace(position..<end, of: text, with: Scalars.utf8(small))
            }
            position = end
        }
    }

    /// The small form of a character; every other as it is.
    static func small(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x391...0x3A1, 0x3A3...0x3A9, 0x410...0x42F, 0xFF21...0xFF3A:
            scalar + 0x20
        case 0x400...0x40F: scalar + 0x50
        default: scalar
        }
    }
}
