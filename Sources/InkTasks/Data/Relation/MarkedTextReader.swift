import Foundation
import InkSupport

/// Reads texts with marked spans, JSON objects of these forms:
///
/// - a relation: `{"text": "…", "head": {"start": 0, "end": 2}, "tail": {"start": 5, "end": 7}, "label": "…"}`, a span
///   also as `[0, 2]` or `{"pos": [0, 2]}`, `h` and `t` for head and tail, `relation` for the label;
/// - types: `{"text": "…", "start": 0, "end": 2, "labels": ["…"]}`;
/// - either with the marks in the text: `<e1>…</e1> … <e2>…</e2>`;
/// - annotations of brat: `{"text": "…", "ann": "T1\tPerson 0 2\t…\nR1\tKin Arg1:T1 Arg2:T2"}`, an example a relation.
///
/// Ends are exclusive; a span outside its text is an `InputError` naming line and field.
public struct MarkedTextReader: Sendable {
    /// Whether texts without labels are read too, for prediction.
    public var allowsUnlabelled: Bool

    public init(allowsUnlabelled: Bool = false) { self.allowsUnlabelled = allowsUnlabelled }

    /// Reads a whole file. Throws `InputError` naming file, line and field.
    public func read(contentsOf url: URL) throws -> MarkedTextData {
        var examples: [MarkedText] = []
        var counter = OddityCounter()
        try LocatedJSON.forEachRecord(of: url) { examples += try self.examples($0, &counter) }
        guard !examples.isEmpty else {
            throw counter.oddities.nothingLeft("the file has no text with marked spans")
                ?? InputError(
                    at: url.path, "the file has no text with marked spans",
                    expected:
                        #"{"text": …, "head": {"start", "end"}, "tail": {"start", "end"}, "label": …} on each line"#)
        }
        return MarkedTextData(
            examples: examples, labels: Set(examples.lazy.flatMap(\.labels)).sorted(), oddities: counter.oddities)
    }

    /// Reads one record; `location` names it in errors. Throws `InputError` naming the field.
    func read(_ record: String, at location: String) throws -> [MarkedText] {
        var counter = OddityCounter()
        return try LocatedJSON.records(in: Array(record.utf8), file: location, firstLine: 1)
            .flatMap { try examples($0, &counter) }
    }

    private func examples(_ record: LocatedJSON, _ counter: inout OddityCounter) throws -> [MarkedText] {
        guard let annotations = record["ann"] else { return [try self.record(record, &counter)] }
        return try BratAnnotations.read(annotations, record, &counter)
    }

    private func record(_ record: LocatedJSON, _ counter: inout OddityCounter) throws -> MarkedText {
        let field = try record.required("text", "sentence", "sentText")
        let string = try field.string()
        var result = MarkedText(text: string, marks: [], labels: try labels(record), line: record.line)
        let text = ScalarText(string)
        if let head = record.first(["head", "h"]) {
            let tail = try record.required("tail", "t")
            result.marks = [try span(head, text, &counter), try span(tail, text, &counter)]
        } else if record["start"] != nil || record["end"] != nil {
            result.marks = [try span(record, text, &counter)]
        } else {
            (result.text, result.marks) = try Self.takeMarks(string, at: field.location)
        }
        return result
    }

    private func labels(_ record: LocatedJSON) throws -> [String] {
        guard let field = record.first(["label", "labels", "relation", "types"]) else {
            if !allowsUnlabelled { _ = try record.required("label", "labels", "relation") }
            return []
        }
        return field.isArray ? try field.elements().map { try $0.spelling() } : [try field.spelling()]
    }

    private func span(_ field: LocatedJSON, _ text: ScalarText, _ counter: inout OddityCounter) throws -> Range<Int> {
        let start: Int
        let end: Int
        if let list = field.isArray ? field : field["pos"] {
            let parts = try list.elements()
            guard parts.count == 2 else { throw list.mismatch("[start, end]") }
            (start, end) = (try parts[0].integer(), try parts[1].integer())
        } else {
            (start, end) = (try field.required("start").integer(), try field.required("end").integer())
        }
        let range = try TaggingRecord.checked(start, end, text, at: field.location)
        if let name = try field.first(["name", "surface", "mention"])?.string(), text.piece(range) != name {
            counter.note(
                "spans whose text is not the one at their offsets", "the offsets are kept", at: field.location,
                example: "\(Excerpt.of(name)), there: \(Excerpt.of(text.piece(range)))")
        }
        return range
    }

    /// The text without `<e1>`, `</e1>`, `<e2>`, `</e2>`, and where these stood.
    private static func takeMarks(_ string: String, at location: String) throws -> (String, [Range<Int>]) {
        var text = ""
        var end = string.startIndex
        var starts: [String: Int] = [:]
        var ends: [String: Int] = [:]
        for match in string.matches(of: #/<(/?)(e[12]?)>/#) {
            text += string[end..<match.range.lowerBound]
            end = match.range.upperBound
            let name = String(match.output.2)
            let place = text.unicodeScalars.count
            if match.output.1.isEmpty { starts[name] = place } else { ends[name] = place }
        }
        text += string[end...]
        let names = starts["e1"] == nil ? ["e"] : starts["e2"] == nil ? ["e1"] : ["e1", "e2"]
        let marks = try names.map { name in
            guard let start = starts[name], let end = ends[name], start < end else {
                throw InputError(
                    at: location, "the text has no marked span",
                    expected: "fields head and tail, or start and end, or <e1>…</e1> in the text",
                    found: Excerpt.of(string))
            }
            return start..<end
        }
        return (text, marks)
    }
}

/// Annotations as brat writes them: `T` lines name spans, `R` lines relate two of them.
private enum BratAnnotations {
    static func read(
        _ annotations: LocatedJSON, _ record: LocatedJSON, _ counter: inout OddityCounter
    ) throws -> [MarkedText] {
        let string = try record.required("text", "txt").string()
        let text = ScalarText(string)
        let lines = try annotations.string().split(whereSeparator: \.isNewline)
        var spans: [Substring: Range<Int>] = [:]
        for line in lines where line.hasPrefix("T") {
            let fields = line.split(separator: "\t")
            let parts = fields.count > 1 ? fields[1].split(separator: " ") : []
            guard parts.count == 3, let start = Int(parts[1]), let end = Int(parts[2]) else {
                counter.note(
                    "spans that are not one stretch", "left out", at: annotations.location,
                    example: Excerpt.of(String(line)))
                continue
            }
            spans[fields[0]] = try TaggingRecord.checked(start, end, text, at: annotations.location)
        }
        var examples: [MarkedText] = []
        for line in lines where line.hasPrefix("R") {
            let fields = line.split(separator: "\t")
            let parts = fields.count > 1 ? fields[1].split(separator: " ") : []
            guard parts.count == 3, let head = spans[parts[1].dropFirst(5)], let tail = spans[parts[2].dropFirst(5)]
            else {
                counter.note(
                    "relations of spans that are not there", "left out", at: annotations.location,
                    example: Excerpt.of(String(line)))
                continue
            }
            examples.append(
                MarkedText(text: string, marks: [head, tail], labels: [String(parts[0])], line: record.line))
        }
        return examples
    }
}
