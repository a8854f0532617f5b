import InkSupport

/// Where two texts differ: from the first character that is not the same to the last, with the differing part marked.
struct TextDifference {
    /// Characters shown before and behind the differing part, and of it.
    private static let context = 40
    private static let longest = 240

    private let before: [Character]
    private let after: [Character]
    private let prefix: Int
    private let suffix: Int

    init(_ before: String, _ after: String) {
        let (before, after) = (Array(before), Array(after))
        let shorter = min(before.count, after.count)
        var prefix = 0
        while prefix < shorter, before[prefix] == after[prefix] { prefix += 1 }
        var suffix = 0
        while suffix < shorter - prefix, before[before.count - 1 - suffix] == after[after.count - 1 - suffix] {
            suffix += 1
        }
        (self.before, self.after, self.prefix, self.suffix) = (before, after, prefix, suffix)
    }

    /// Both texts as HTML.
    var html: (before: String, after: String) { (marked(before, "del"), marked(after, "ins")) }

    private func marked(_ text: [Character], _ element: String) -> String {
        let head = text[..<prefix]
        let tail = text[(text.count - suffix)...]
        let middle = text[prefix..<(text.count - suffix)]
        var html = head.count > Self.context ? "…" : ""
        html += HTMLPage.escape(String(head.suffix(Self.context)))
        if !middle.isEmpty {
            html += "<\(element)><mark>" + HTMLPage.escape(String(middle.prefix(Self.longest)))
            html += (middle.count > Self.longest ? "…" : "") + "</mark></\(element)>"
        }
        html += HTMLPage.escape(String(tail.prefix(Self.context)))
        return Self.cell(html + (tail.count > Self.context ? "…" : ""))
    }

    /// A text that shows a removed document.
    static func removed(_ text: String) -> String {
        cell(HTMLPage.escape(String(text.prefix(longest))) + (text.count > longest ? "…" : ""))
    }

    private static func cell(_ html: String) -> String {
        "<span lang=\"zh-Hans\" style=\"white-space:pre-wrap;overflow-wrap:anywhere\">\(html)</span>"
    }
}
