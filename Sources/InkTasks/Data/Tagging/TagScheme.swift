import InkSupport

/// How tags of single pieces spell spans.
public enum TagScheme: String, CaseIterable, Codable, Sendable {
    /// `B-` begins, `I-` goes on (IOB2).
    case bio
    /// `B-`, `I-`, `E-` for the last piece, `S-` for a span of one piece (IOBES).
    case bioes
    /// As `bioes`, with `M-` for `I-`.
    case bmes
    /// As `bioes`, with `L-` for `E-` and `U-` for `S-`.
    case bilou

    /// The names of the tags for `types`: `O` first, then the prefixes of each type. The index is the id.
    public func tagNames(types: [String]) -> [String] {
        ["O"] + types.flatMap { type in prefixes.map { "\($0)-\(type)" } }
    }

    /// The spelling of each place in a span, in the order of `Tag.Place`.
    private var spellings: [(place: Tag.Place, letter: Character)] {
        switch self {
        case .bio: [(.begin, "B"), (.inside, "I")]
        case .bioes: [(.begin, "B"), (.inside, "I"), (.end, "E"), (.single, "S")]
        case .bmes: [(.begin, "B"), (.inside, "M"), (.end, "E"), (.single, "S")]
        case .bilou: [(.begin, "B"), (.inside, "I"), (.end, "L"), (.single, "U")]
        }
    }

    private var prefixes: [Character] { spellings.map(\.letter) }

    /// A tag taken apart.
    public struct Tag: Hashable, Sendable {
        /// The place of a piece in its span.
        public enum Place: Sendable { case outside, begin, inside, end, single }
        /// The place that the prefix spells.
        public var place: Place
        /// The type; empty outside.
        public var type: String

        public static let outside = Tag(place: .outside, type: "")

        public init(place: Place, type: String) {
            self.place = place
            self.type = type
        }

        /// Reads `O`, `B-PER`, `B_PER` or `B`; nil for anything else. All schemes' prefixes are understood.
        public init?(_ text: String) {
            guard let letter = text.first else { return nil }
            let place: Place
            switch letter {
            case "O": place = .outside
            case "B": place = .begin
            case "I", "M": place = .inside
            case "E", "L": place = .end
            case "S", "U": place = .single
            default: return nil
            }
            let rest = text.dropFirst()
            if place == .outside {
                guard rest.isEmpty else { return nil }
                self = .outside
                return
            }
            guard rest.isEmpty || rest.first == "-" || rest.first == "_" else { return nil }
            let type = rest.dropFirst()
            // A bare prefix is a type of its own, as in seqeval.
            self.init(place: place, type: type.isEmpty ? "_" : String(type))
        }

        /// The piece that follows a sentence or stands before it.
        var isOutside: Bool { place == .outside }
    }

    /// The spelling of a tag in this scheme. Under `bio` the end of a span is `I` and a single piece `B`.
    public func spelling(of tag: Tag) -> String {
        var place = tag.place
        if self == .bio {
            if place == .end { place = .inside }
            if place == .single { place = .begin }
        }
        guard let letter = spellings.first(where: { $0.place == place })?.letter else { return "O" }
        return "\(letter)-\(tag.type)"
    }

    /// The scheme that the prefixes of a file's tags show; nil when there is no tag but `O`.
    static func detect(letters: Set<Character>) -> TagScheme? {
        if letters.contains("M") { return .bmes }
        if letters.contains("L") || letters.contains("U") { return .bilou }
        if letters.contains("E") || letters.contains("S") { return .bioes }
        return letters.isSubset(of: ["O"]) ? nil : .bio
    }
}

extension TagScheme {
    /// The tags of `count` pieces for spans given by piece, which must lie in them and not overlap.
    static func tags(for spans: [TypedSpan], count: Int) -> [Tag] {
        var tags = [Tag](repeating: .outside, count: count)
        for span in spans {
            if span.end - span.start == 1 {
                tags[span.start] = Tag(place: .single, type: span.type)
                continue
            }
            for index in span.start..<span.end { tags[index] = Tag(place: .inside, type: span.type) }
            tags[span.start].place = .begin
            tags[span.end - 1].place = .end
        }
        return tags
    }

    /// The tags of pieces of a text, for spans of it by scalar. A piece that a span covers in part belongs to it, the
    /// first of two spans where both do; `cut` counts the spans whose ends do not fall between pieces.
    public func encode(_ spans: [TypedSpan], units: [Range<Int>]) -> (tags: [String], cut: Int) {
        var inUnits: [TypedSpan] = []
        var cut = 0
        var unit = 0
        for span in spans.sorted() {
            while unit < units.count, units[unit].upperBound <= span.start { unit += 1 }
            let first = unit
            while unit < units.count, units[unit].lowerBound < span.end { unit += 1 }
            let isWhole =
                unit > first && units[first].lowerBound == span.start && units[unit - 1].upperBound == span.end
            if !isWhole { cut += 1 }
            if unit > first { inUnits.append(TypedSpan(type: span.type, start: first, end: unit)) }
        }
        return (Self.tags(for: inUnits, count: units.count).map(spelling), cut)
    }

    /// The spans that tags of pieces spell, by piece: as conlleval and seqeval's default mode read them, which take a
    /// piece inside that follows another type or nothing as a beginning.
    public static func spans(of tags: [Tag]) -> [TypedSpan] {
        var spans: [TypedSpan] = []
        var start = 0
        var previous = Tag.outside
        for (index, tag) in (tags + [.outside]).enumerated() {
            if ends(previous, before: tag) { spans.append(TypedSpan(type: previous.type, start: start, end: index)) }
            if begins(tag, after: previous) { start = index }
            previous = tag
        }
        return spans
    }

    private static func ends(_ previous: Tag, before tag: Tag) -> Bool {
        switch previous.place {
        case .outside: false
        case .end, .single: true
        case .begin, .inside:
            previous.type != tag.type || tag.place == .begin || tag.place == .single || tag.place == .outside
        }
    }

    private static func begins(_ tag: Tag, after previous: Tag) -> Bool {
        switch tag.place {
        case .outside: false
        case .begin, .single: true
        case .inside, .end:
            previous.type != tag.type || previous.place == .end || previous.place == .single || previous.isOutside
        }
    }

    /// The spans that tags of pieces spell, by piece: those only that keep to the scheme, as seqeval's strict mode
    /// reads them.
    public func strictSpans(of tags: [Tag]) -> [TypedSpan] {
        var spans: [TypedSpan] = []
        var index = 0
        while index < tags.count {
            let tag = tags[index]
            guard tag.place == .begin || (tag.place == .single && self != .bio) else {
                index += 1
                continue
            }
            var end = index + 1
            var last = tag
            while end < tags.count, last.place == .begin || last.place == .inside, tags[end].type == tag.type,
                tags[end].place == .inside || (tags[end].place == .end && self != .bio)
            {
                last = tags[end]
                end += 1
            }
            if self == .bio || last.place == .end || last.place == .single {
                spans.append(TypedSpan(type: tag.type, start: index, end: end))
            }
            index = end
        }
        return spans
    }

    /// The tags at which a sentence breaks the scheme: a piece inside or at the end that goes on nothing, and, where
    /// spans have marked ends, a span that is left open (named by the tag that leaves it, `tags.count` for none).
    public func breaks(in tags: [Tag]) -> [Int] {
        var breaks: [Int] = []
        var open: String?
        for (index, tag) in (tags + [.outside]).enumerated() {
            let goesOn = tag.place == .inside || tag.place == .end
            if goesOn ? tag.type != open : (open != nil && self != .bio) { breaks.append(index) }
            open = tag.place == .begin || tag.place == .inside ? tag.type : nil
        }
        return breaks
    }
}
