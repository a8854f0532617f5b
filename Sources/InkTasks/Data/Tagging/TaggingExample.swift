/// A stretch of a text with its type.
public struct TypedSpan: Hashable, Codable, Sendable, Comparable {
    /// The type, `PER`.
    public var type: String
    /// Where it begins: Unicode scalars of the text before it.
    public var start: Int
    /// Where it ends, exclusive.
    public var end: Int

    public init(type: String, start: Int, end: Int) {
        self.type = type
        self.start = start
        self.end = end
    }

    /// By place, then by type.
    public static func < (left: TypedSpan, right: TypedSpan) -> Bool {
        (left.start, left.end, left.type) < (right.start, right.end, right.type)
    }
}

/// A text and the spans in it, which do not overlap.
public struct TaggingExample: Equatable, Codable, Sendable {
    /// The text as it stands in the file; the columns of a CoNLL file joined.
    public var text: String
    /// The spans by place; offsets are Unicode scalars of `text`.
    public var spans: [TypedSpan]
    /// The pieces of `text` that the file gives tags to, in scalars; nil where every scalar is one.
    public var units: [Range<Int>]?
    /// The 1-based line at which it begins.
    public var line: Int

    public init(text: String, spans: [TypedSpan], units: [Range<Int>]? = nil, line: Int) {
        self.text = text
        self.spans = spans
        self.units = units
        self.line = line
    }
}

/// What a file of tagged texts holds.
public struct TaggingData: Equatable, Codable, Sendable {
    /// The texts in the order of the file.
    public var examples: [TaggingExample]
    /// The types of all spans, sorted.
    public var types: [String]
    /// The scheme of the file's tags; nil for formats that give spans.
    public var scheme: TagScheme?
    /// What was odd, and what was made of it.
    public var oddities: [DataOddity]
}

extension TypedSpan {
    /// Spans with their text in one line; a dash for none.
    static func summary(_ spans: [(type: String, text: String)]) -> String {
        spans.isEmpty ? "–" : spans.map { "\($0.type) \($0.text)" }.joined(separator: " · ")
    }
}
