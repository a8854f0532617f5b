/// Takes white space from the ends of lines and from both ends of the text.
struct SpaceRule: CleaningRule {
    let name = "space"
    let triggers: TextFeatures = [.space, .lineEnd]
    private let lineEnd = ByteSet("\n")

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        let first = text.firstIndex { !isSpace($0) } ?? text.count
        if first > 0 { edits.remove(0..<first, of: text) }
        if first == text.count { return }
        let end = (text.lastIndex { !isSpace($0) } ?? first) + 1
        var position = profile.features.contains(.lineEnd) ? first : end
        while true {
            let line = lineEnd.next(in: text, from: position)
            guard line < end else { break }
            var trimmed = line
            while trimmed > position, isSpace(text[trimmed - 1]) { trimmed -= 1 }
            if trimmed < line { edits.remove(trimmed..<line, of: text) }
            position = line + 1
        }
        if end < text.count { edits.remove(end..<text.count, of: text) }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A }
}
