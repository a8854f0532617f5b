/// A letter of a text that is being segmented.
struct SegmentLetter: Sendable {
    /// What a letter means for cutting a text into blocks.
    enum Kind: UInt8, Sendable {
        /// Stands alone: punctuation, spaces, letters of other scripts.
        case other
        case ideograph
        /// A Latin letter or a digit of ASCII.
        case alphanumeric
        /// One of `+ # & . _ % -`: inside words such as C++ and AT&T.
        case joiner
    }

    var scalar: Unicode.Scalar
    /// The dictionary's code of the letter.
    var code: UInt32
    /// Where the letter begins in the UTF-8 of the text.
    var byte: UInt32
    var kind: Kind

    @inline(__always)
    static func kind(of scalar: Unicode.Scalar, _ ideographs: WordSegmenter.Ideographs) -> Kind {
        let value = scalar.value
        if value >= 0x4E00, value <= 0x9FD5 { return .ideograph }
        if value < 0x80 { return asciiKinds[Int(value)] }
        return ideographs == .all && isFurtherIdeograph(value) ? .ideograph : .other
    }

    private static let asciiKinds: [Kind] = (0..<0x80).map { value in
        switch UInt8(value) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            .alphanumeric
        case let byte where "+#&._%-".utf8.contains(byte): .joiner
        default: .other
        }
    }

    /// The blocks of jieba-rs beyond U+4E00–U+9FD5.
    private static func isFurtherIdeograph(_ value: UInt32) -> Bool {
        switch value {
        case 0x3400...0x4DBF, 0x9FD6...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2EBEF,
            0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
