/// A set of byte values, to find the places where a rule has to look closer.
struct ByteSet: Sendable {
    private var members = [Bool](repeating: false, count: 256)

    init(_ characters: String, _ ranges: ClosedRange<UInt8>...) {
        for byte in characters.utf8 { members[Int(byte)] = true }
        for range in ranges {
            for byte in range { members[Int(byte)] = true }
        }
    }

    func contains(_ byte: UInt8) -> Bool { members[Int(byte)] }

    /// The first place at or behind `start` with a byte of the set; the text's length where there is none.
    func next(in text: [UInt8], from start: Int) -> Int {
        var position = start
        while position < text.count, !members[Int(text[position])] { position += 1 }
        return position
    }

    /// The end of the bytes of the set that begin at `start`.
    func end(in text: [UInt8], from start: Int) -> Int {
        var position = start
        while position < text.count, members[Int(text[position])] { position += 1 }
        return position
    }

    static let digits = ByteSet("0123456789")
    static let alphanumerics = ByteSet("", 0x30...0x39, 0x41...0x5A, 0x61...0x7A)
}
