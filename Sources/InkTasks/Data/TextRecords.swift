import Foundation
import InkSupport

/// The records of a file or a stream, one after the other.
final class TextRecords {
    /// What the columns of a file with tabs or commas hold, by place.
    private struct Layout {
        var text: Int
        var pair: Int?
        var labels: [(name: String, index: Int)]
        /// The columns that are neither text nor label, where a header has no label.
        var others: [(name: String, index: Int)] = []
        var width: Int
        var isHeader = true
    }

    private let lines: LineReader
    private let format: TextFormat
    private let columns: TextColumns
    /// `plain` sources give blank lines too, so that answers stay beside their questions.
    private let keepsBlankLines: Bool
    /// Whether columns without names are two texts, and a label if there is a third.
    private let expectsPairs: Bool
    /// Set once the first record was seen.
    private var layout: Layout?
    /// The records of a file that is one JSON array, or whose objects take several lines.
    private var elements: ArraySlice<LocatedJSON>?
    /// What was odd in the records so far.
    private(set) var counter = OddityCounter()

    var name: String { lines.name }
    var hasBufferedLine: Bool { lines.hasBufferedLine }

    init(
        _ lines: LineReader, _ format: TextFormat, _ columns: TextColumns, keepsBlankLines: Bool = false,
        expectsPairs: Bool = false
    ) {
        self.lines = lines
        self.format = format
        self.columns = columns
        self.keepsBlankLines = keepsBlankLines
        self.expectsPairs = expectsPairs
    }

    func next() throws -> TextRecord? {
        switch format {
        case .plain: return try nextPlain()
        case .tsv: return try nextTabbed()
        case .csv: return try nextComma()
        case .jsonl: return try nextObject()
        }
    }

    private func location(_ line: Int) -> String { "\(lines.name):\(line)" }

    private func nextPlain() throws -> TextRecord? {
        while let line = try lines.next() {
            let isBlank = line.text.allSatisfy(\.isWhitespace)
            if !keepsBlankLines, isBlank { continue }
            guard expectsPairs, !isBlank else { return TextRecord(line: line.number, text: line.text, labels: []) }
            let fields = Self.split(line.text)
            guard fields.count == 2 || fields.count == 3 else { throw noPair(line, fields.count) }
            return TextRecord(line: line.number, text: fields[0], pair: fields[1], labels: [])
        }
        return nil
    }

    private func noPair(_ line: LineReader.Line, _ count: Int) -> InputError {
        InputError(
            at: location(line.number), "the line is not a pair of texts", expected: "text<TAB>text",
            found: "\(count) fields: \(Excerpt.of(line.text))")
    }

    // MARK: Tabs and commas

    private static func split(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }

    private func nextTabbed() throws -> TextRecord? {
        while let line = try lines.next() {
            if line.text.utf8.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { continue }
            let fields = Self.split(line.text)
            if let layout {
                if !layout.isHeader, fields.count != layout.width { throw misfit(line, fields.count, layout) }
                return try record(fields, layout, line: line.number)
            }
            if let header = try readHeader(fields, isRequired: false, line: line.number) {
                layout = header
                continue
            }
            let layout = try unnamed(fields, line)
            self.layout = layout
            return try record(fields, layout, line: line.number)
        }
        return nil
    }

    /// What columns without names hold: text and label; text, text and label; those after a number of the line.
    private func unnamed(_ fields: [String], _ line: LineReader.Line) throws -> Layout {
        let isNumbered = Int(fields[0].trimmed) != nil && (fields.count == 4 || expectsPairs && fields.count == 3)
        let first = isNumbered ? 1 : 0
        var layout = Layout(text: first, labels: [], width: fields.count, isHeader: false)
        switch fields.count - first {
        case 2 where expectsPairs: layout.pair = first + 1
        case 2: layout.labels = [("", first + 1)]
        case 3:
            layout.pair = first + 1
            layout.labels = [("", first + 2)]
        default: throw misfit(line, fields.count, nil)
        }
        return layout
    }

    private func misfit(_ line: LineReader.Line, _ count: Int, _ layout: Layout?) -> InputError {
        if count < 2 {
            return InputError(
                at: location(line.number), "no tab in the line",
                expected: layout?.pair == nil ? "text<TAB>label" : "text<TAB>text<TAB>label",
                found: Excerpt.of(line.text), remedy: "put one tab between the text and its label")
        }
        let isPair = layout.map { $0.pair != nil } ?? true
        let problem = isPair ? "the line has \(count) fields" : "more than one tab in the line"
        let wanted = layout.map { " (\($0.width) fields, as in the first line)" } ?? ""
        return InputError(
            at: location(line.number), problem,
            expected: (isPair ? "text<TAB>text<TAB>label" : "text<TAB>label") + wanted, found: Excerpt.of(line.text),
            remedy: "a text may not contain tabs: replace them by spaces, or name the columns in a header line")
    }

    private func nextComma() throws -> TextRecord? {
        let parser = CSVParser(lines: lines, separator: ",")
        while let (line, fields) = try parser.next() {
            guard let layout else {
                layout = try readHeader(fields, isRequired: true, line: line)
                continue
            }
            return try record(fields, layout, line: line)
        }
        return nil
    }

    /// Takes `fields` as a header when they name a text column (and, where it is not required, a label column or a
    /// pair too).
    private func readHeader(_ fields: [String], isRequired: Bool, line: Int) throws -> Layout? {
        let names = fields.map { $0.trimmed }
        let labels = columns.labelIndices(in: names).map { (name: names[$0], index: $0) }
        let texts = columns.textIndices(in: names)
        guard let texts, isRequired || !labels.isEmpty || texts.second != nil else {
            guard isRequired else { return nil }
            throw InputError(
                at: location(line), "the header names no text column", expected: columns.expected,
                found: names.joined(separator: ", "),
                remedy: "name the columns text and label in a header line; a training run also takes "
                    + "--task-option text-column=NAME and label-column=NAME")
        }
        let isText = { $0 == texts.first || $0 == texts.second }
        for unread in names.indices where !isText(unread) && columns.text.contains(names[unread].lowercased()) {
            counter.note(
                "columns of text beside the one that is read", "not read", at: location(line), example: names[unread])
        }
        let others = labels.isEmpty ? names.indices.filter { !isText($0) }.map { (names[$0], $0) } : []
        return Layout(text: texts.first, pair: texts.second, labels: labels, others: others, width: names.count)
    }

    private func record(_ fields: [String], _ layout: Layout, line: Int) throws -> TextRecord {
        guard fields.count == layout.width else {
            throw InputError(
                at: location(line), "the line has \(fields.count) fields, the header \(layout.width)",
                found: Excerpt.of(fields.joined(separator: " | ")),
                remedy: "quote texts that contain the separator")
        }
        func label(_ column: (name: String, index: Int)) -> TextRecord.Label {
            TextRecord.Label(column: column.name, values: [fields[column.index]])
        }
        return TextRecord(
            line: line, text: fields[layout.text], pair: layout.pair.map { fields[$0] },
            labels: layout.labels.map(label), others: layout.others.map(label))
    }

    // MARK: JSON

    private func nextObject() throws -> TextRecord? {
        if elements == nil {
            guard let line = try nextFilledLine() else { return nil }
            let text = line.text.trimmed
            guard text == "{" || text.hasPrefix("[") else { return try object(line) }
            try readRest(line)
        }
        return try elements?.popFirst().map { try TextRecord($0, columns, &counter) }
    }

    private func nextFilledLine() throws -> LineReader.Line? {
        while let line = try lines.next() {
            if !line.text.allSatisfy(\.isWhitespace) { return line }
        }
        return nil
    }

    private func object(_ line: LineReader.Line) throws -> TextRecord {
        let expected = "{\"text\": \"…\", \"label\": \"…\"} on each line"
        let remedy = "write one object a line (JSONL), or all objects in one array"
        guard line.text.trimmed.hasPrefix("{") else {
            throw InputError(
                at: location(line.number), "the line is not a JSON object", expected: expected,
                found: Excerpt.of(line.text), remedy: remedy)
        }
        let records: [LocatedJSON]
        do {
            records = try LocatedJSON.records(in: Array(line.text.utf8), file: lines.name, firstLine: line.number)
        } catch var error as InputError {
            error.problem = "the line is not a JSON object: \(error.problem)"
            error.found = Excerpt.of(line.text)
            error.remedy = error.remedy ?? remedy
            throw error
        }
        guard records.count == 1 else {
            throw InputError(
                at: location(line.number), "the line holds more than one JSON value", expected: expected,
                found: Excerpt.of(line.text), remedy: remedy)
        }
        return try TextRecord(records[0], columns, &counter)
    }

    /// Reads the rest of the file, which is one JSON array or objects of several lines.
    private func readRest(_ first: LineReader.Line) throws {
        var bytes = Array(first.text.utf8)
        while let line = try lines.next() {
            bytes.append(UInt8(ascii: "\n"))
            bytes += line.text.utf8
        }
        let records = try LocatedJSON.records(in: bytes, file: lines.name, firstLine: first.number)
        for record in records where !record.isObject {
            throw InputError(
                at: record.location, "the record is not an object", found: record.kind,
                remedy: TaskHint.remedy(record, unless: "classification"))
        }
        elements = records[...]
    }
}

extension String {
    /// Without white space at both ends; almost all lines have none, and then nothing is copied.
    var trimmed: String {
        guard let first = unicodeScalars.first, let last = unicodeScalars.last,
            first.properties.isWhitespace || last.properties.isWhitespace
        else { return self }
        return trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Pieces of data files shown in error messages.
package enum Excerpt {
    /// The first columns of `text` in quotes.
    package static func of(_ text: String) -> String {
        "\"" + DisplayWidth.truncate(text.replacingOccurrences(of: "\t", with: "<TAB>"), to: 70) + "\""
    }
}
