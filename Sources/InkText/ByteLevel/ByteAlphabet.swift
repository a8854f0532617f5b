/// The printable characters that stand for bytes in the tokens of a byte-level vocabulary (GPT-2): printable Latin-1
/// for itself, every other byte for the next free character from U+0100 on.
enum ByteAlphabet {
    /// By byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0..<256).map { (byte: UInt32) in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(UInt8(byte))
            default:
                defer { next += 1 }
                return Unicode.Scalar(next) ?? " "
            }
        }
    }()

    private static let bytes = Dictionary(uniqueKeysWithValues: zip(scalars, UInt8.min...UInt8.max))

    /// The bytes that a token stands for; its own UTF-8 when it holds a character that stands for none.
    static func bytes(of token: String) -> [UInt8] {
        let spelled = token.unicodeScalars.compactMap { bytes[$0] }
        return spelled.count == token.unicodeScalars.count ? spelled : Array(token.utf8)
    }
}
