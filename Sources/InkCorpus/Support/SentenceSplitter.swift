/// Cuts text into sentences: behind 。！？；… and their ASCII forms `!`, `?` and `;`, with the closing quotes and brackets
/// that follow them, behind a full stop with space or nothing after it, and at line ends.
public enum SentenceSplitter {
    /// The sentences in order, each with its end mark, without a line end; empty lines give none.
    /// - Parameter utf8: valid UTF-8.
    public static func ranges(in utf8: [UInt8]) -> [Range<Int>] {
        var sentences: [Range<Int>] = []
        var start = 0
        var position = 0
        func end(at end: Int) {
            if end > start { sentences.append(start..<end) }
        }
        while position < utf8.count {
            let byte = utf8[position]
            if byte == UInt8(ascii: "\n") {
                end(at: position)
                position += 1
                start = position
                continue
            }
            let length = markLength(utf8, position)
            guard length > 0 else {
                position += 1
                continue
            }
            position += length
            while position < utf8.count {
                let more = max(markLength(utf8, position), closingLength(utf8, position))
                if more == 0 { break }
                position += more
            }
            end(at: position)
            start = position
        }
        end(at: utf8.count)
        return sentences
    }

    /// Bytes of the end mark at a place; 0 where there is none.
    private static func markLength(_ utf8: [UInt8], _ at: Int) -> Int {
        switch utf8[at] {
        case UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: ";"): return 1
        case UInt8(ascii: "."):
            let next = at + 1
            return next == utf8.count || utf8[next] == UInt8(ascii: " ") || utf8[next] == UInt8(ascii: "\n") ? 1 : 0
        case 0xE3: return matches(utf8, at, 0x80, 0x82) ? 3 : 0  // 。
        case 0xE2: return matches(utf8, at, 0x80, 0xA6) ? 3 : 0  // …
        case 0xEF:
            return matches(utf8, at, 0xBC, 0x81) || matches(utf8, at, 0xBC, 0x9F) || matches(utf8, at, 0xBC, 0x9B)
                ? 3 : 0  // ！？；
        default: return 0
        }
    }

    /// Bytes of the closing quote or bracket at a place; 0 where there is none.
    private static func closingLength(_ utf8: [UInt8], _ at: Int) -> Int {
        switch utf8[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"): return 1
        case 0xE2: return matches(utf8, at, 0x80, 0x9D) || matches(utf8, at, 0x80, 0x99) ? 3 : 0  // ” ’
        case 0xE3:
            // 」 』 】 》
            return matches(utf8, at, 0x80, 0x8D) || matches(utf8, at, 0x80, 0x8F) || matches(utf8, at, 0x80, 0x91)
                || matches(utf8, at, 0x80, 0x8B) ? 3 : 0
        case 0xEF: return matches(utf8, at, 0xBC, 0x89) ? 3 : 0  // ）
        default: return 0
        }
    }

    private static func matches(_ utf8: [UInt8], _ at: Int, _ second: UInt8, _ third: UInt8) -> Bool {
        at + 2 < utf8.count && utf8[at + 1] == second && utf8[at + 2] == third
    }
}
