/// JSON strings as bytes, for records by the million.
enum JSONString {
    /// For each byte: 0 when it stands for itself, otherwise the letter behind the backslash, or 1 for `\u00xx`.
    private static let escapes: [UInt8] = {
        var escapes = [UInt8](repeating: 0, count: 256)
        for byte in 0..<32 { escapes[byte] = 1 }
        escapes[0x0A] = UInt8(ascii: "n")
        escapes[0x0D] = UInt8(ascii: "r")
        escapes[0x09] = UInt8(ascii: "t")
        escapes[0x22] = 0x22
        escapes[0x5C] = 0x5C
        return escapes
    }()

    /// Writes UTF-8 as a JSON string with its quotes.
    static func append(_ utf8: [UInt8], to bytes: inout [UInt8]) {
        let escapes = escapes
        bytes.append(0x22)
        var start = 0
        for index in utf8.indices where escapes[Int(utf8[index])] != 0 {
            bytes.append(contentsOf: utf8[start..<index])
            start = index + 1
            let escape = escapes[Int(utf8[index])]
            bytes.append(0x5C)
            if escape == 1 {
                bytes += [UInt8(ascii: "u"), 48, 48, hexDigit(utf8[index] >> 4), hexDigit(utf8[index] & 15)]
            } else {
                bytes.append(escape)
            }
        }
        bytes.append(contentsOf: utf8[start...])
        bytes.append(0x22)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}
