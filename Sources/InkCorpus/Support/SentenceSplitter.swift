/// Cuts text into sentences: behind 。！？；… and their ASCII forms `!`, `?` and `;`, with the closing quotes and brackets
/// that follow them, behind a full stop with space or nothing after it, and at line ends.
public enum SentenceSplitter {
    /// The bytes with which a character begins behind which a sentence may end.
    private static let leads = ByteSet("!?;.\n", 0xE2...0xE3, 0xEF...0xEF)

    /// The sentences in order, each with its end mark, without a line end; empty lines give none.
    /// - Parameter utf8: valid UTF-8.
    public static func ranges(in utf8: [UInt8]) -> [Range<Int>] {
        let leads = leads
        var marks: [Int] = []
        var position = leads.next(in: utf8, from: 0)
        while position < utf8.count {
            if isMark(Scalars.scalar(utf8, position)) { marks.append(position) }
            position = leads.next(in: utf8, from: position + Scalars.length(utf8[position]))
        }
        var sentences: [Range<Int>] = []
        split(utf8, marks, into: &sentences)
        return sentences
    }

    /// Whether a sentence may end behind a character.
    static func isMark(_ scalar: UInt32) -> Bool {
        switch scalar {
        // ! . ; ? and a line end, then … 。！；？
        case 0x21, 0x2E, 0x3B, 0x3F, 0x0A, 0x2026, 0x3002, 0xFF01, 0xFF1B, 0xFF1F: true
        default: false
        }
    }

    /// Writes the sentences of a text over `sentences`.
    /// - Parameter marks: the places of all characters that `isMark` names, in order.
    static func split(_ utf8: [UInt8], _ marks: [Int], into sentences: inout [Range<Int>]) {
        sentences.removeAll(keepingCapacity: true)
        var start = 0
        // Where the search goes on: marks that follow a mark end the same sentence.
        var position = 0
        for mark in marks where mark >= position {
            let length = markLength(utf8, mark)
            if utf8[mark] == UInt8(ascii: "\n") {
                if mark > start { sentences.append(start..<mark) }
                position = mark + 1
                start = position
            } else if length > 0 {
                position = mark + length
                while position < utf8.count {
                    let more = max(markLength(utf8, position), closingLength(utf8, position))
                    if more == 0 { break }
                    position += more
                }
                sentences.append(start..<position)
                start = position
            }
        }
        if utf8.count > start { sentences.append(start..<utf8.count) }
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
