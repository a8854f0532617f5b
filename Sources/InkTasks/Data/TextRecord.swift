import InkSupport

/// One record of a data file before its label is understood.
struct TextRecord {
    /// A label field and the name of its column (empty without a header).
    struct Label: Equatable {
        let column: String
        /// One value, or those of a list.
        let values: [String]
        /// Whether it can name a class: a string, an integer, a list of them.
        var isClass = true
        /// Whether the values stood in a list.
        var isList = false

        var value: String { values.joined(separator: ",") }
    }

    let line: Int
    let text: String
    /// The second text of a pair.
    var pair: String?
    /// Candidates in order of preference; empty when the record has none.
    let labels: [Label]
    /// The other named fields of a record without a label that hold one value: there each label may have its column.
    var others: [Label] = []
}

extension TextRecord {
    /// Reads a JSON object. Throws `InputError` naming line and field.
    init(_ object: LocatedJSON, _ columns: TextColumns, _ counter: inout OddityCounter) throws {
        let names = object.names
        guard let indices = columns.textIndices(in: names) else {
            throw InputError(
                at: object.location, "the object has no text", expected: "a key \(columns.expected)",
                found: "keys \(names.sorted().joined(separator: ", "))",
                remedy: TaskHint.remedy(object, unless: "classification"))
        }
        line = object.line
        if let target = object["target"], target["span1_text"] != nil {
            text = try WinogradMarks.mark(try Self.text(object, names[indices.first]), target, &counter)
        } else {
            text = try Self.text(object, names[indices.first])
        }
        pair = try indices.second.map { try Self.text(object, names[$0]) }
        labels = try columns.labelIndices(in: names).compactMap { index in
            try object[names[index]].map { try Self.label($0, names[index]) }
        }
        guard labels.isEmpty else { return }
        let texts = [indices.first, indices.second]
        others = names.indices.filter { !texts.contains($0) }.compactMap { index in
            guard let value = try? object[names[index]]?.spelling() else { return nil }
            return Label(column: names[index], values: [value])
        }
    }

    /// A string, or a list of strings joined by spaces, as CLUE does with the keywords of CSL.
    private static func text(_ object: LocatedJSON, _ name: String) throws -> String {
        guard let field = object[name] else { return "" }
        if field.isArray { return try field.elements().map { try $0.string() }.joined(separator: " ") }
        guard let text = try? field.string() else {
            throw InputError(at: object.location, "\"\(name)\" is not a string", found: field.kind)
        }
        return text
    }

    private static func label(_ field: LocatedJSON, _ name: String) throws -> Label {
        if field.isArray {
            return Label(column: name, values: try field.elements().map { try $0.spelling().trimmed }, isList: true)
        }
        if field.isObject {
            throw InputError(
                at: field.location, "the label is an object", expected: "a label's name or id",
                remedy: "spans by type are data for tagging: choose that task")
        }
        let value = try? field.spelling()
        let isClass = field.kind == "a string" || field.kind == "an integer"
        return Label(column: name, values: [value ?? field.kind], isClass: isClass)
    }
}

/// The marks of CLUEWSC: the noun phrase `span1` between underscores, the pronoun `span2` in brackets, as in CLUE's
/// baseline. `_小船_靠岸时，[它]的帆已经收起。`
enum WinogradMarks {
    static func mark(_ string: String, _ target: LocatedJSON, _ counter: inout OddityCounter) throws -> String {
        let text = ScalarText(string)
        let noun = try range("span1", target, text, &counter)
        let pronoun = try range("span2", target, text, &counter)
        var marks: [(place: Int, mark: Unicode.Scalar)] = [
            (noun.lowerBound, "_"), (noun.upperBound, "_"), (pronoun.lowerBound, "["), (pronoun.upperBound, "]"),
        ]
        // At one place an end comes before a beginning.
        let order: [Unicode.Scalar] = pronoun.lowerBound < noun.lowerBound ? ["]", "_", "["] : ["_", "]", "["]
        marks.sort {
            ($0.place, order.firstIndex(of: $0.mark) ?? 0) < ($1.place, order.firstIndex(of: $1.mark) ?? 0)
        }
        var scalars = text.scalars
        for (index, mark) in marks.enumerated() { scalars.insert(mark.mark, at: mark.place + index) }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func range(
        _ name: String, _ target: LocatedJSON, _ text: ScalarText, _ counter: inout OddityCounter
    ) throws -> Range<Int> {
        let surface = ScalarText(try target.required(name + "_text").string())
        let index = try target.required(name + "_index")
        let start = try index.integer()
        if surface.count > 0, text.has(surface, at: start) { return start..<(start + surface.count) }
        let places = text.places(of: surface)
        guard places.count == 1 else {
            throw InputError(
                at: index.location, "the span does not stand at its index",
                expected: Excerpt.of(surface.piece(0..<surface.count)), found: "index \(start)",
                remedy: "indices count Unicode characters of the text from 0")
        }
        counter.note(
            "spans that do not stand at their index", "moved to the only place that has them", at: index.location,
            example: Excerpt.of(surface.piece(0..<surface.count)))
        return places[0]..<(places[0] + surface.count)
    }
}
