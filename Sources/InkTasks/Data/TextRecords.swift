import Foundation
import InkSupport

/// One record of a data file before its label is understood.
struct TextRecord {
    /// A label field and the name of its column (empty without a header).
    struct Label: Equatable {
        let column: String
        let value: String
    }

    let line: Int
    let text: String
    /// Candidates in order of preference; empty when the record has none.
    let labels: [Label]
}

/// The records of a file or a stream, one after the other.
final class TextRecords {
    private let lines: LineReader
    private let format: TextFormat
    private let columns: TextColumns
    /// `plain` sources give blank lines too, so that answers stay beside their questions.
    private let keepsBlankLines: Bool
    /// Set once the first record was seen: column indices under a header, or nil for `text<TAB>label`.
    private var header: (text: Int, labels: [(name: String, index: Int)], width: Int)?
    private var sawFirst = false
    private let decoder = JSONDecoder()

    var name: String { lines.name }
    var hasBufferedLine: Bool { lines.hasBufferedLine }

    init(_ lines: LineReader, _ format: TextFormat, _ columns: TextColumns, keepsBlankLines: Bool = false) {
        self.lines = lines
        self.format = format
        self.columns = columns
        self.keepsBlankLines = keepsBlankLines
    }

    func next() throws -> TextRecord? {
        switch format {
        case .plain:
            while let line = try lines.next() {
                if !keepsBlankLines, line.text.allSatisfy(\.isWhitespace) { continue }
                return TextRecord(line: line.number, text: line.text, labels: [])
            }
            return nil
        case .tsv: return try nextTabbed()
        case .csv: return try nextComma()
        case .jsonl: return try nextObject()
        }
    }

    private func location(_ line: Int) -> String { "\(lines.name):\(line)" }

    // MARK: Tabs and commas

    private func nextTabbed() throws -> TextRecord? {
        while let line = try lines.next() {
            let bytes = line.text.utf8
            if bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { continue }
            let pieces = bytes.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            let fields = pieces.map { String(Substring($0)) }
            if !sawFirst {
                sawFirst = true
                if try readHeader(fields, isRequired: false, line: line.number) { continue }
            }
            if header != nil { return try underHeader(fields, line: line.number) }
            guard fields.count == 2 else {
                let few = fields.count < 2
                throw InputError(
                    at: location(line.number), few ? "no tab in the line" : "more than one tab in the line",
                    expected: "text<TAB>label", found: Excerpt.of(line.text),
                    remedy: few
                        ? "put one tab between the text and its label"
                        : "a text may not contain tabs: replace them by spaces, or name the columns in a header line")
            }
            return TextRecord(line: line.number, text: fields[0], labels: [.init(column: "", value: fields[1])])
        }
        return nil
    }

    private func nextComma() throws -> TextRecord? {
        let parser = CSVParser(lines: lines, separator: ",")
        while let (line, fields) = try parser.next() {
            if !sawFirst {
                sawFirst = true
                _ = try readHeader(fields, isRequired: true, line: line)
                continue
            }
            return try underHeader(fields, line: line)
        }
        return nil
    }

    /// Takes `fields` as a header when they name a text column (and, where it is not required, a label column too).
    private func readHeader(_ fields: [String], isRequired: Bool, line: Int) throws -> Bool {
        let names = fields.map { $0.trimmed }
        let labels = columns.labelIndices(in: names).map { (name: names[$0], index: $0) }
        guard let text = columns.textIndex(in: names), isRequired || !labels.isEmpty else {
            guard isRequired else { return false }
            throw InputError(
                at: location(line), "the header names no text column",
                expected: columns.text.joined(separator: " or "), found: names.joined(separator: ", "),
                remedy: "add a header line such as text,label, or say which columns to use")
        }
        header = (text, labels, names.count)
        return true
    }

    private func underHeader(_ fields: [String], line: Int) throws -> TextRecord? {
        guard let header else { return nil }
        guard fields.count == header.width else {
            throw InputError(
                at: location(line), "the line has \(fields.count) fields, the header \(header.width)",
                found: Excerpt.of(fields.joined(separator: " | ")),
                remedy: "quote texts that contain the separator")
        }
        let labels = header.labels.map { TextRecord.Label(column: $0.name, value: fields[$0.index]) }
        return TextRecord(line: line, text: fields[header.text], labels: labels)
    }

    // MARK: JSON

    private func nextObject() throws -> TextRecord? {
        while let line = try lines.next() {
            if line.text.allSatisfy(\.isWhitespace) { continue }
            let object: [String: JSONField]
            do {
                object = try decoder.decode([String: JSONField].self, from: Data(line.text.utf8))
            } catch {
                let isArray = line.text.first { !$0.isWhitespace } == "["
                throw InputError(
                    at: location(line.number), isArray ? "a JSON array" : "the line is not a JSON object",
                    expected: "{\"text\": \"…\", \"label\": \"…\"} on each line", found: Excerpt.of(line.text),
                    remedy: "write one object a line (JSONL)")
            }
            let keys = Dictionary(object.keys.map { ($0.lowercased(), $0) }, uniquingKeysWith: min)
            guard let key = columns.text.lazy.compactMap({ keys[$0.lowercased()] }).first else {
                throw InputError(
                    at: location(line.number), "the object has no text",
                    expected: "a key \(columns.text.joined(separator: " or "))",
                    found: "keys \(object.keys.sorted().joined(separator: ", "))")
            }
            guard case .text(let text)? = object[key] else {
                throw InputError(
                    at: location(line.number), "\"\(key)\" is not a string", found: Excerpt.of(line.text))
            }
            return TextRecord(line: line.number, text: text, labels: try labels(object, keys, line.number))
        }
        return nil
    }

    private func labels(_ object: [String: JSONField], _ keys: [String: String], _ line: Int) throws
        -> [TextRecord.Label]
    {
        var labels: [TextRecord.Label] = []
        for name in columns.label {
            guard let key = keys[name.lowercased()], let field = object[key] else { continue }
            switch field {
            case .text(let value): labels.append(.init(column: key, value: value))
            case .integer(let value): labels.append(.init(column: key, value: String(value)))
            case .null: continue
            case .other:
                throw InputError(
                    at: location(line), "\"\(key)\" is neither a string nor an integer",
                    expected: "a label's name or id")
            }
        }
        return labels
    }
}

/// A JSON value as far as titles and labels need it.
private enum JSONField: Decodable {
    case text(String)
    case integer(Int)
    case null
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if container.decodeNil() {
            self = .null
        } else if (try? container.decode(Bool.self)) == nil, let integer = try? container.decode(Int.self) {
            self = .integer(integer)
        } else {
            self = .other
        }
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
enum Excerpt {
    /// The first columns of `text` in quotes.
    static func of(_ text: String) -> String {
        "\"" + DisplayWidth.truncate(text.replacingOccurrences(of: "\t", with: "<TAB>"), to: 70) + "\""
    }
}
