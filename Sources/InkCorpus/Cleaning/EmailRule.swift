/// Takes away e-mail addresses: a name, `@`, and a domain of at least two labels whose last is a country's two letters or one
/// of the general ones.
///
/// Other things look like them: symbols (`malloc@got.plt`), users of a network (`@name@server.example`), remotes of git.
struct EmailRule: CleaningRule {
    let name = "emails"
    let triggers: TextFeatures = .at
    private let at = ByteSet("@")
    private let nameBytes = ByteSet("._%+-", 0x30...0x39, 0x41...0x5A, 0x61...0x7A)
    private static let general = Set(
        """
        com net org edu gov mil int info biz name pro mobi asia cat coop jobs museum tel travel xyz top vip club site online \
        tech shop store wang ltd group work live life fun space website app dev cloud ink link social example test
        """.split(separator: " ").map { Array($0.utf8) })
    private let labelBytes = ByteSet("-", 0x30...0x39, 0x41...0x5A, 0x61...0x7A)

    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) {
        var position = 0
        while true {
            position = at.next(in: text, from: position)
            guard position < text.count else { return }
            var start = position
            while start > edits.done, nameBytes.contains(text[start - 1]) { start -= 1 }
            while start < position, text[start] == UInt8(ascii: ".") { start += 1 }
            guard start < position, !isOther(text, start..<position), let end = domainEnd(text, position + 1) else {
                position += 1
                continue
            }
            edits.remove(start..<end, of: text)
            position = end
        }
    }

    /// Whether a name is a user of a network or that of git.
    private func isOther(_ text: [UInt8], _ name: Range<Int>) -> Bool {
        if name.lowerBound > 0, text[name.lowerBound - 1] == UInt8(ascii: "@") { return true }
        return name.count == 3 && ASCIIText.holds("git", text, name.lowerBound)
    }

    private func isTopLevel(_ label: ArraySlice<UInt8>) -> Bool {
        label.count == 2 || Self.general.contains(label.map(ASCIIText.small))
    }

    /// The end of the longest domain that begins at a place.
    private func domainEnd(_ text: [UInt8], _ start: Int) -> Int? {
        var end: Int?
        var label = start
        while true {
            let dot = labelBytes.end(in: text, from: label)
            guard dot > label, dot < text.count, text[dot] == UInt8(ascii: ".") else { return end }
            var letters = dot + 1
            while letters < text.count, ASCIIText.isLetter(text[letters]) { letters += 1 }
            if isTopLevel(text[dot + 1..<letters]) { end = letters }
            label = dot + 1
        }
    }
}
