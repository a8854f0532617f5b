/// Counts texts with a tab in them, where a line is one text: perhaps a label or a second text stands behind it, and is
/// read with the text.
struct TabbedTexts {
    private var texts = 0
    private var count = 0
    private var first = ""

    /// Looks at the next text. `place` is asked for once.
    mutating func look(at text: String, place: @autoclosure () -> String) {
        texts += 1
        guard text.utf8.contains(UInt8(ascii: "\t")) else { return }
        if count == 0 { first = place() }
        count += 1
    }

    /// What to tell the user; nil where no text had a tab.
    var note: String? {
        guard count > 0 else { return nil }
        return
            "\(count) of \(texts) texts \(count == 1 ? "holds" : "hold") a tab, read as white space of the text, the first "
            + "at \(first); if a label or a second text stands behind it, give one column: cut -f1"
    }
}
