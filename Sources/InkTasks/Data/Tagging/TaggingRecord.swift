import InkSupport

/// Reads one JSON record of a tagged text. Its spans stand in one of these forms:
///
/// - `"label": {"name": {"王莉": [[3, 4]]}}` as in CLUENER, the last scalar included;
/// - `"entities": [{"start": 3, "end": 5, "type": "name"}]`, the end exclusive unless `text` shows otherwise;
/// - `"entities": [[3, 5, "name"]]` or `"label": [[3, 5, "name"]]`, the end exclusive.
enum TaggingRecord {
    private static let textNames = ["text", "sentence", "content", "originalText"]

    static func read(
        _ record: LocatedJSON, _ allowsUnlabelled: Bool, _ counter: inout OddityCounter
    ) throws -> TaggingExample {
        guard let field = record.first(textNames) else { throw missing(record, "text, or tokens and ner_tags") }
        let string = try field.string()
        let text = ScalarText(string)
        if string.allSatisfy(\.isWhitespace) {
            throw InputError(at: field.location, "the text is empty", remedy: "remove the record, or give it a text")
        }
        var spans: [TypedSpan] = []
        if let entities = record.first(["entities", "label", "labels", "spans"]) {
            if entities.isArray {
                for entity in try entities.elements() {
                    if let span = try listed(entity, text, &counter) { spans.append(span) }
                }
            } else if !entities.isObject {
                throw InputError(
                    at: entities.location, "the field holds no spans", expected: "an object or an array of spans",
                    found: entities.kind, remedy: TaskHint.remedy(record, unless: "tagging"))
            } else {
                spans = try bySurface(entities, text, &counter)
            }
        } else if !allowsUnlabelled {
            throw missing(record, "entities or label")
        }
        return TaggingExample(
            text: string, spans: flat(spans, text, record, &counter), line: record.line)
    }

    private static func missing(_ record: LocatedJSON, _ name: String) -> InputError {
        InputError(
            at: record.location, "the record has no \(name)",
            expected: #"{"text": "…", "entities": [{"start": 0, "end": 2, "type": "…"}]}"#,
            found: "fields \(record.names.joined(separator: ", "))",
            remedy: TaskHint.remedy(record, unless: "tagging"))
    }

    // MARK: Tokens and tags

    /// `{"tokens": ["王", "莉"], "ner_tags": ["B-PER", "I-PER"]}` as Hugging Face and PaddleNLP write it, the tags also as
    /// ids of `tagNames`; nil for a record of another form. Without tags, for prediction, all stand outside.
    static func pieces(
        _ record: LocatedJSON, tagNames: [String], _ allowsUnlabelled: Bool
    ) throws -> [TaggingBuilder.Piece]? {
        guard let tokens = record.first(["tokens", "words"] + textNames), tokens.isArray else { return nil }
        let texts = try tokens.elements().map { try $0.string() }
        guard !texts.isEmpty else {
            throw InputError(at: tokens.location, "the text is empty", remedy: "remove the record, or give it a text")
        }
        guard let field = record.first(["ner_tags", "tags", "labels", "label"]) else {
            guard allowsUnlabelled else { throw missing(record, "ner_tags") }
            return texts.map { TaggingBuilder.Piece(text: $0, tag: "O", line: record.line) }
        }
        let tags = try field.elements()
        guard tags.count == texts.count else {
            throw InputError(
                at: field.location, "tokens and tags are not equally many",
                found: "\(texts.count) tokens, \(tags.count) tags", remedy: "give every token one tag")
        }
        return try zip(texts, tags).map { text, tag in
            TaggingBuilder.Piece(text: text, tag: try name(of: tag, tagNames), line: record.line)
        }
    }

    private static func name(of tag: LocatedJSON, _ names: [String]) throws -> String {
        let spelling = try tag.spelling().trimmed
        guard let id = Int(spelling) else { return spelling }
        guard !names.isEmpty else {
            throw InputError(
                at: tag.location, "the tags are numbers without names", expected: "tags such as B-PER", found: spelling,
                remedy: "give the tags in the order of their ids with --labels: O, B-PER, I-PER, …, one a line")
        }
        guard names.indices.contains(id) else {
            throw InputError(
                at: tag.location, "the tag is not the id of one in the list",
                expected: "0…\(names.count - 1): \(LabelSet.excerpt(names))", found: spelling)
        }
        return names[id]
    }

    // MARK: CLUENER

    private static func bySurface(
        _ types: LocatedJSON, _ text: ScalarText, _ counter: inout OddityCounter
    ) throws -> [TypedSpan] {
        var spans: [TypedSpan] = []
        for (type, surfaces) in try types.members() {
            for (surface, places) in try surfaces.members() {
                for place in try places.elements() {
                    let pair = try place.elements()
                    guard pair.count == 2 else { throw place.mismatch("two offsets, the first and the last character") }
                    let last = try pair[1].integer()
                    let range = try checked(
                        pair[0].integer(), last < Int.max ? last + 1 : last, text, at: place.location)
                    let span = settle(range, ScalarText(surface), text, at: place.location, &counter)
                    if let span { spans.append(TypedSpan(type: type, start: span.lowerBound, end: span.upperBound)) }
                }
            }
        }
        return spans
    }

    // MARK: Lists

    private static func listed(
        _ entity: LocatedJSON, _ text: ScalarText, _ counter: inout OddityCounter
    ) throws -> TypedSpan? {
        if entity.isArray {
            let parts = try entity.elements()
            guard parts.count == 3 else { throw entity.mismatch("[start, end, type]") }
            let range = try checked(parts[0].integer(), parts[1].integer(), text, at: entity.location)
            return TypedSpan(type: try parts[2].spelling(), start: range.lowerBound, end: range.upperBound)
        }
        let type = try entity.required("type", "label", "entity_type", "category", "tag").spelling()
        let start = try entity.required("start", "start_idx", "start_offset", "begin", "start_pos").integer()
        let end = try entity.required("end", "end_idx", "end_offset", "stop", "end_pos").integer()
        guard let field = entity.first(["text", "entity", "word", "surface", "mention"]) else {
            let range = try checked(start, end, text, at: entity.location)
            return TypedSpan(type: type, start: range.lowerBound, end: range.upperBound)
        }
        let surface = ScalarText(try field.string())
        var range = start..<start
        if text.has(surface, at: start), end == start + surface.count - 1 {
            counter.note(
                "ends that name the last character", "read as inclusive", at: entity.location,
                example: "\(start), \(end) for \(Excerpt.of(text.piece(start..<(end + 1))))")
            range = start..<(end + 1)
        } else {
            range = try checked(start, end, text, at: entity.location)
        }
        return settle(range, surface, text, at: entity.location, &counter).map {
            TypedSpan(type: type, start: $0.lowerBound, end: $0.upperBound)
        }
    }

    // MARK: Checks

    /// A range that lies in the text and is not empty. Throws `InputError` otherwise.
    static func checked(_ start: Int, _ end: Int, _ text: ScalarText, at location: String) throws -> Range<Int> {
        guard start >= 0, end > start, end <= text.count else {
            throw InputError(
                at: location, "the span lies outside the text",
                expected: "0 ≤ start < end ≤ \(text.count) characters", found: "start \(start), end \(end) (exclusive)",
                remedy: "offsets count Unicode characters of the text as it stands, spaces included")
        }
        return start..<end
    }

    /// The range at which the span's own text stands: as given, or found by search where it occurs once.
    private static func settle(
        _ range: Range<Int>, _ surface: ScalarText, _ text: ScalarText, at location: String,
        _ counter: inout OddityCounter
    ) -> Range<Int>? {
        if text.has(surface, at: range.lowerBound), surface.count == range.count { return range }
        let places = text.places(of: surface)
        let problem = "spans whose text is not the one at their offsets"
        let example = "\(Excerpt.of(surface.piece(0..<surface.count))), there: \(Excerpt.of(text.piece(range)))"
        guard places.count == 1 else {
            counter.note(problem, "left out, for it is not once in the text", at: location, example: example)
            return nil
        }
        counter.note(problem, "moved to the only place that has it", at: location, example: example)
        return places[0]..<(places[0] + surface.count)
    }

    /// The spans by place without those that overlap a longer one: a piece can have one tag only.
    private static func flat(
        _ spans: [TypedSpan], _ text: ScalarText, _ record: LocatedJSON, _ counter: inout OddityCounter
    ) -> [TypedSpan] {
        let sorted = Array(Set(spans)).sorted()
        guard zip(sorted, sorted.dropFirst()).contains(where: { $1.start < $0.end }) else { return sorted }
        var kept: [TypedSpan] = []
        for span in sorted.sorted(by: { ($1.end - $1.start, $0.start) < ($0.end - $0.start, $1.start) }) {
            if let other = kept.first(where: { $0.start < span.end && span.start < $0.end }) {
                counter.note(
                    "spans that overlap another one", "left out, the longer is kept", at: record.location,
                    example: "\(span.type) \(Excerpt.of(text.piece(span.start..<span.end))) and "
                        + "\(other.type) \(Excerpt.of(text.piece(other.start..<other.end)))")
            } else {
                kept.append(span)
            }
        }
        return kept.sorted()
    }
}
