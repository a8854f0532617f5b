/// Text from outside as a message shows it: on one line, nothing in it acts on the terminal, and not too wide.
public enum ShownText {
    /// The first `width` terminal columns of `text`, `…` as the last of them where there is more.
    public static func start(of text: String, width: Int) -> String {
        var (result, kept) = ("", "")
        var used = 0
        for character in text {
            let shown = harmless(character)
            used += DisplayWidth.of(shown)
            if used > width { return kept + "…" }
            result += shown
            // What stays when there is more has room for the ellipsis.
            if used < width { kept = result }
        }
        return result
    }

    /// At most `width` terminal columns of `text`, from its start and its end: of a path with a line number both count.
    public static func ends(of text: String, width: Int) -> String {
        let whole = start(of: text, width: width)
        guard whole.hasSuffix("…"), !text.hasSuffix("…") else { return whole }
        let half = (width - 1) / 2
        var tail = ""
        var used = 0
        for character in text.reversed() {
            let shown = harmless(character)
            used += DisplayWidth.of(shown)
            if used > half { break }
            tail = shown + tail
        }
        return start(of: text, width: width - half) + tail
    }

    /// The text with its control characters shown as escapes, apart from line breaks.
    public static func lines(of text: String) -> String {
        guard text.unicodeScalars.contains(where: acts) else { return text }
        var result = ""
        for character in text { result += character == "\n" ? "\n" : harmless(character) }
        return result
    }

    /// A character as it can be printed: `\t`, `\n`, `\u{1b}` for those that act.
    private static func harmless(_ character: Character) -> String {
        guard character.unicodeScalars.contains(where: acts) else { return String(character) }
        return character.unicodeScalars.map { scalar in
            switch scalar {
            case "\t": "\\t"
            case "\n": "\\n"
            case "\r": "\\r"
            case _ where acts(scalar): "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }.joined()
    }

    /// Control characters, line separators, and marks that turn the direction of writing.
    private static func acts(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
        default: false
        }
    }
}
