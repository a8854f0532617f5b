/// Takes HTML away: tags, comments, scripts and styles with what is in them, and entities, which become their characters.
///
/// Only names that HTML knows are tags, so that `3 < 5` and `List<String>` stay. A tag that starts a block becomes a line end,
/// a table cell a space, other tags nothing.
struct HTMLRule: CleaningRule {
    let name = "html"
    let triggers: TextFeatures = .markup
    private let starts = ByteSet("<&")
    private let nameBytes = ByteSet.alphanumerics
    private let gap = ByteSet(" \t\n/")
    private let attributeEnd = ByteSet("<>\"'")

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        // What is known to be absent from here on is not looked for again.
        var isMissing: Set<String> = []
        while true {
            position = starts.next(in: text, from: position)
            guard position < text.count else { return }
            if text[position] == UInt8(ascii: "&") {
                if let entity = HTMLEntities.decode(text, at: position) {
                    edits.replace(position..<entity.end, of: text, with: entity.utf8)
                    position = entity.end
                } else {
                    position += 1
                }
            } else if let markup = markup(text, position, &isMissing) {
                edits.replace(position..<markup.end, of: text, with: markup.replacement)
                position = markup.end
            } else {
                position += 1
            }
        }
    }

    private func markup(
        _ text: [UInt8], _ start: Int, _ isMissing: inout Set<String>
    ) -> (end: Int, replacement: [UInt8])? {
        guard start + 1 < text.count else { return nil }
        let next = text[start + 1]
        if next == UInt8(ascii: "!") {
            if ASCIIText.holds("!--", text, start + 1) {
                return find("-->", text, from: start + 4, &isMissing).map { ($0, []) }
            }
            guard start + 2 < text.count, ASCIIText.isLetter(text[start + 2]) else { return nil }
            let end = attributeEnd.next(in: text, from: start + 2)
            return tagEnd(text, end).map { ($0, []) }
        }
        if next == UInt8(ascii: "?") {
            guard start + 2 < text.count, ASCIIText.isLetter(text[start + 2]) else { return nil }
            return find("?>", text, from: start + 2, &isMissing).map { ($0, []) }
        }
        let isClosing = next == UInt8(ascii: "/")
        let nameStart = start + (isClosing ? 2 : 1)
        let nameEnd = nameBytes.end(in: text, from: nameStart)
        guard nameEnd > nameStart, nameEnd - nameStart <= HTMLTags.longestName, nameEnd < text.count,
            let kind = kind(text, nameStart..<nameEnd), let end = tagEnd(text, nameEnd)
        else { return nil }
        if kind == .hidden, !isClosing {
            let name = String(decoding: text[nameStart..<nameEnd], as: UTF8.self).lowercased()
            if let close = find("</\(name)", text, from: end, &isMissing) {
                if let whole = tagEnd(text, close) { return (whole, kind.replacement) }
                isMissing.insert("</\(name)")
            }
        }
        return (end, kind.replacement)
    }

    /// The kind of the tag with a name; also where the space between name and first attribute got lost: `<imgsrc="…"`.
    private func kind(_ text: [UInt8], _ name: Range<Int>) -> HTMLTags.Kind? {
        let next = text[name.upperBound]
        if next == UInt8(ascii: ">") || gap.contains(next) { return HTMLTags.kind(text[name]) }
        guard next == UInt8(ascii: "=") else { return nil }
        for attribute in HTMLTags.attributes {
            let end = name.upperBound - attribute.utf8.count
            if end > name.lowerBound, ASCIIText.holds(attribute, text, end),
                let kind = HTMLTags.kind(text[name.lowerBound..<end])
            {
                return kind
            }
        }
        return nil
    }

    /// The end of a tag whose attributes begin at a place; nil where it is not closed before the next `<`.
    private func tagEnd(_ text: [UInt8], _ start: Int) -> Int? {
        var position = start
        while true {
            position = attributeEnd.next(in: text, from: position)
            guard position < text.count else { return nil }
            let byte = text[position]
            if byte == UInt8(ascii: ">") { return position + 1 }
            if byte == UInt8(ascii: "<") { return nil }
            position += 1
            while position < text.count, text[position] != byte {
                if text[position] == UInt8(ascii: "<") { return nil }
                position += 1
            }
            position += 1
        }
    }

    /// The end of the first `word` behind a place, remembering a word that does not come any more.
    private func find(_ word: String, _ text: [UInt8], from start: Int, _ isMissing: inout Set<String>) -> Int? {
        if isMissing.contains(word) { return nil }
        let first = ByteSet(String(word.prefix(1)))
        var position = start
        while true {
            position = first.next(in: text, from: position)
            guard position < text.count else {
                isMissing.insert(word)
                return nil
            }
            if ASCIIText.holds(word, text, position) { return position + word.utf8.count }
            position += 1
        }
    }
}
