/// A text with one or two marked spans and the labels of them: the relation of two spans, or the types of one.
public struct MarkedText: Equatable, Codable, Sendable {
    /// The text without marks.
    public var text: String
    /// The marked spans in Unicode scalars: head and tail of a relation, or the one span to type.
    public var marks: [Range<Int>]
    /// The names of its labels: one for a relation, any number of types; empty where the file does not say.
    public var labels: [String]
    /// The 1-based line of its record.
    public var line: Int

    public init(text: String, marks: [Range<Int>], labels: [String], line: Int) {
        self.text = text
        self.marks = marks
        self.labels = labels
        self.line = line
    }

    /// The text with each span, which must lie in it, between two marks, which may be tokens of the vocabulary: `$厦门$`, `#福建#`.
    public func marked(_ pairs: [(open: String, close: String)] = [("$", "$"), ("#", "#")]) -> String {
        marking(pairs).text
    }

    /// The same with the places of the spans in it, their marks included, in Unicode scalars.
    func marking(_ pairs: [(open: String, close: String)]) -> (text: String, spans: [Range<Int>]) {
        // Spans may lie in one another: an end comes before a beginning at its place, inner ends before outer ones.
        var inserts: [(place: Int, order: Int, text: String, mark: Int)] = []
        for (index, (mark, pair)) in zip(marks, pairs).enumerated() {
            inserts.append((mark.lowerBound, text.unicodeScalars.count + 1 - mark.count, pair.open, index))
            inserts.append((mark.upperBound, mark.count - text.unicodeScalars.count - 1, pair.close, index))
        }
        inserts.sort { ($0.place, $0.order) < ($1.place, $1.order) }
        let scalars = ScalarText(text)
        var result = ""
        var spans = marks
        var (end, added) = (0, 0)
        for insert in inserts {
            result += scalars.piece(end..<insert.place) + insert.text
            end = insert.place
            // The first mark of a span opens it: a span is never empty.
            let opens = insert.order > 0
            let start = opens ? insert.place + added : spans[insert.mark].lowerBound
            added += insert.text.unicodeScalars.count
            spans[insert.mark] = start..<max(insert.place + added, start)
        }
        return (result + scalars.piece(end..<scalars.count), spans)
    }
}

/// What a file of texts with marked spans holds.
public struct MarkedTextData: Equatable, Codable, Sendable {
    /// The texts in the order of the file.
    public var examples: [MarkedText]
    /// The names of all labels, sorted.
    public var labels: [String]
    /// What was odd, and what was made of it.
    public var oddities: [DataOddity]
}
