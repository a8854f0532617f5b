import Foundation
import InkSupport

/// A text with its class.
public struct LabelledText: Equatable, Sendable, Codable {
    /// The text as it stands in the file.
    public var text: String
    /// The id in the task's `LabelSet`.
    public var label: Int
    /// The 1-based line of the file it came from.
    public var line: Int?

    public init(text: String, label: Int, line: Int? = nil) {
        self.text = text
        self.label = label
        self.line = line
    }
}

/// Reads labelled texts: `text<TAB>label`, CSV or JSONL, with names or ids as labels.
///
/// Empty lines are skipped; everything else that is not a text with a known label is an `InputError` naming the line.
public struct LabelledTextReader: Sendable {
    /// Nil: by extension and first line.
    public var format: TextFormat?
    /// Names of the columns or keys to read.
    public var columns: TextColumns

    public init(format: TextFormat? = nil, columns: TextColumns = .standard) {
        self.format = format
        self.columns = columns
    }

    /// Reads a whole file whose labels are those of `labels`. Throws `InputError` naming file and line.
    public func read(contentsOf url: URL, labels: LabelSet) throws -> [LabelledText] {
        var texts: [LabelledText] = []
        try forEachRecord(of: url) { record, name in
            texts.append(LabelledText(text: record.text, label: try resolve(record, labels, name), line: record.line))
        }
        return texts
    }

    /// Reads a whole file and takes its labels as the list of classes: see `LabelSet.derived(from:location:)`. Where a
    /// file gives both names and codes, the names are the classes. Throws `InputError` naming file and line.
    public func readDerivingLabels(contentsOf url: URL) throws -> (texts: [LabelledText], labels: LabelSet) {
        var rows: [(text: String, value: String, line: Int)] = []
        var column: String?
        try forEachRecord(of: url) { record, name in
            let wanted = column ?? record.labels.first?.column
            column = wanted
            let value = record.labels.first { $0.column == wanted }?.value.trimmed
            guard let value, !value.isEmpty else { throw missingLabel(record, name) }
            rows.append((record.text, value, record.line))
        }
        let labels = try LabelSet.derived(from: rows.lazy.map(\.value), location: url.path)
        if labels.count > 100, labels.count * 2 > rows.count {
            throw InputError(
                at: url.path, "nearly every line has a label of its own",
                expected: "classes that repeat", found: "\(labels.count) labels in \(rows.count) lines",
                remedy: "check the order of the columns (text, then label), or give the list of labels")
        }
        let texts = rows.map { LabelledText(text: $0.text, label: labels.id(of: $0.value) ?? 0, line: $0.line) }
        return (texts, labels)
    }

    /// Calls `body` with every record that has a text and a label, and the file's name.
    private func forEachRecord(of url: URL, _ body: (TextRecord, String) throws -> Void) throws {
        var format = try self.format ?? TextFormat.detect(url)
        // Without tabs, commas under a header or braces there is no label: the tab reader names the line.
        if format == .plain { format = .tsv }
        let records = TextRecords(try LineReader(contentsOf: url), format, columns)
        var count = 0
        while let record = try records.next() {
            let location = "\(records.name):\(record.line)"
            if record.text.allSatisfy(\.isWhitespace) {
                throw InputError(at: location, "the text is empty", remedy: "remove the line, or give it a text")
            }
            if record.labels.allSatisfy({ $0.value.allSatisfy(\.isWhitespace) }) {
                throw missingLabel(record, records.name)
            }
            try body(record, records.name)
            count += 1
        }
        if count == 0 {
            throw InputError(
                at: url.path, "the file has no labelled text", expected: "text<TAB>label, CSV or JSONL",
                remedy: "check the path")
        }
    }

    private func missingLabel(_ record: TextRecord, _ name: String) -> InputError {
        InputError(
            at: "\(name):\(record.line)", "the text has no label",
            expected: "a column or key \(columns.label.joined(separator: " or "))", found: Excerpt.of(record.text))
    }

    private func resolve(_ record: TextRecord, _ labels: LabelSet, _ name: String) throws -> Int {
        let values = record.labels.map { $0.value.trimmed }
        if let id = values.lazy.compactMap({ labels.id(of: $0) }).first { return id }
        if let id = values.lazy.compactMap({ labels.resolve($0) }).first { return id }
        let looksSwapped = labels.resolve(record.text.trimmed) != nil
        throw InputError(
            at: "\(name):\(record.line)", "the label is not in the list",
            expected: "an id 0…\(labels.count - 1) or one of: \(labels.summary)",
            found: values.map(Excerpt.of).joined(separator: ", "),
            remedy: looksSwapped
                ? "the columns seem to be swapped: the text comes first, then the label"
                : "correct the label, or add it to the list of labels")
    }
}
