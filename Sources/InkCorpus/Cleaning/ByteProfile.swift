/// Which byte values a text holds, found in one pass and then asked by every rule.
struct ByteProfile {
    private var seen = [Bool](repeating: false, count: 256)

    /// Looks at a text afresh.
    mutating func read(_ text: [UInt8]) {
        for value in 0..<256 { seen[value] = false }
        for byte in text { seen[Int(byte)] = true }
    }

    func has(_ byte: UInt8) -> Bool { seen[Int(byte)] }

    func has(_ character: Unicode.Scalar) -> Bool { has(UInt8(ascii: character)) }

    /// Whether any byte of a range occurs.
    func has(_ range: ClosedRange<UInt8>) -> Bool { range.contains { seen[Int($0)] } }
}

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
