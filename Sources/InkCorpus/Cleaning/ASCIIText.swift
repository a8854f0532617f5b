/// Comparison of bytes with short ASCII words.
enum ASCIIText {
    /// Whether the text has this word, written in small letters, at a place, in small or capital letters.
    static func holds(_ word: String, _ text: [UInt8], _ at: Int) -> Bool {
        guard at >= 0, at + word.utf8.count <= text.count else { return false }
        var position = at
        for byte in word.utf8 {
            if small(text[position]) != byte { return false }
            position += 1
        }
        return true
    }

    /// The small form of an ASCII letter; every other byte as it is.
    static func small(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }

    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
