import Foundation
import InkSupport

/// Reads labelled texts and pairs: `text<TAB>label`, `text<TAB>text<TAB>label`, CSV or JSON, with names or ids as labels.
///
/// Empty lines are skipped. Pairs without agreement of their annotators (label `-`, as in OCNLI) are left out and
/// counted; everything else that is not a text with a known label is an `InputError` naming the line.
public struct LabelledTextReader: Sendable {
    /// Nil: by extension and first line.
    public var format: TextFormat?
    /// Names of the columns or keys to read.
    public var columns: TextColumns

    public init(format: TextFormat? = nil, columns: TextColumns = .standard) {
        self.format = format
        self.columns = columns
    }

    /// Reads a whole file whose labels are those of `labels`; without them the labels found are the list of classes, see
    /// `LabelSet.derived(from:location:)`, the names where a file gives both names and codes. Throws `InputError`
    /// naming file and line.
    public func readData(contentsOf url: URL, labels: LabelSet? = nil) throws -> LabelledData<LabelledText> {
        var records: [TextRecord] = []
        var counter = OddityCounter()
        var column: String?
        let name = url.path
        let noted = try forEachRecord(of: url) { record in
            let location = "\(name):\(record.line)"
            guard record.labels.contains(where: { !$0.value.allSatisfy(\.isWhitespace) }) else {
                throw missingLabel(record, location)
            }
            if let wrong = record.labels.first(where: { !$0.isClass || $0.values.count != 1 }) {
                let isList = wrong.values.count != 1
                throw InputError(
                    at: location,
                    isList ? "\"\(wrong.column)\" is a list" : "\"\(wrong.column)\" is neither a string nor an integer",
                    expected: "a label's name or id", found: Excerpt.of(wrong.value),
                    remedy: isList ? "for texts with several labels choose the multi-label task" : nil)
            }
            if record.labels.allSatisfy({ $0.value.trimmed == "-" }), labels?.id(of: "-") == nil {
                counter.note(
                    "texts on whose label the annotators do not agree (-)", "left out", at: location,
                    example: Excerpt.of(record.text))
                return
            }
            if labels == nil {
                column = column ?? record.labels.first?.column
                let value = record.labels.first { $0.column == column }?.value
                guard let value, !value.allSatisfy(\.isWhitespace) else { throw missingLabel(record, location) }
            }
            if let label = record.labels.first, !label.column.isEmpty, label.value.trimmed == label.column,
                columns.text.contains(record.text.trimmed.lowercased())
            {
                counter.note("lines that repeat the header", "left out", at: location, example: Excerpt.of(record.text))
                return
            }
            records.append(record)
        }
        if records.isEmpty, let error = counter.oddities.nothingLeft("the file has no labelled text") { throw error }
        let classes = try labels ?? derive(records.lazy.compactMap { Self.value($0, column) }, records.count, name)
        if labels == nil, let first = records.first, first.labels.first?.column == "", records.count > 2,
            let label = Self.value(first, column), records.dropFirst().allSatisfy({ Self.value($0, column) != label })
        {
            counter.note(
                "a label that stands in the first line alone",
                "read as a class; name the columns text and label if it is a header",
                at: "\(name):\(first.line)", example: label)
        }
        let texts = try records.map { record in
            let wanted = labels == nil ? record.labels.filter { $0.column == column } : record.labels
            let id = try resolve(wanted.map { $0.value.trimmed }, record, classes, "\(name):\(record.line)", &counter)
            return LabelledText(text: record.text, pair: record.pair, label: id, line: record.line)
        }
        if texts.count > 1, let first = texts.first, first.pair != nil, texts.allSatisfy({ $0.text == first.text }) {
            counter.note(
                "pairs with one and the same first text", "kept", at: "\(name):\(first.line ?? 1)",
                example: Excerpt.of(first.text), count: texts.count)
        }
        return LabelledData(texts: texts, labels: classes, oddities: noted + counter.oddities)
    }

    /// Reads a whole file in which a text has any number of labels: a JSON list, names separated by one of `separators`,
    /// vectors of 0 and 1 (see `IndicatorVectors`), or a column of 0 and 1 for each label. Without `labels` those found are
    /// the list of classes. Throws `InputError` naming file and line.
    public func readMultiLabel(
        contentsOf url: URL, labels: LabelSet? = nil, separators: String = ",，|;；"
    ) throws -> LabelledData<MultiLabelText> {
        var rows: [TextRecord] = []
        let name = url.path
        let plural = columns.label.contains("label") ? ["labels"] : []
        let columns = TextColumns(text: columns.text, label: plural + columns.label, pairs: columns.pairs)
        let noted = try forEachRecord(of: url, columns) { rows.append($0) }
        func location(_ row: Int) -> String { "\(name):\(rows[row].line)" }
        var counter = OddityCounter()
        var classes = labels
        var lists: [[String]]
        if let flags = try LabelColumns(rows, labels: labels, file: name) {
            lists = flags.lists
            classes = flags.labels
        } else {
            lists = try rows.map { record in
                guard let label = record.labels.first else { throw missingLabel(record, "\(name):\(record.line)") }
                let isOne = label.values.count == 1 && !label.isList && labels?.id(of: label.value.trimmed) == nil
                let values = isOne ? IndicatorVectors.split(label.value, separators: separators) : label.values
                return values.map(\.trimmed).filter { !$0.isEmpty }
            }
            if let vectors = try IndicatorVectors.names(in: lists, labels: labels, at: location, &counter) {
                (lists, classes) = vectors
            }
        }
        let known = try classes ?? derive(lists.lazy.joined(), rows.count, name)
        let texts = try zip(rows, lists).enumerated().map { row, item in
            let (record, values) = item
            let ids = Set(try values.map { try resolve([$0], record, known, location(row), &counter) })
            if ids.count < values.count {
                counter.note(
                    "labels that stand twice in one list", "counted once", at: location(row),
                    example: Excerpt.of(values.joined(separator: ", ")))
            }
            return MultiLabelText(text: record.text, pair: record.pair, labels: ids.sorted(), line: record.line)
        }
        return LabelledData(texts: texts, labels: known, oddities: noted + counter.oddities)
    }

    private static func value(_ record: TextRecord, _ column: String?) -> String? {
        record.labels.first { $0.column == column }?.value.trimmed
    }

    private func derive(_ values: some Sequence<String>, _ count: Int, _ name: String) throws -> LabelSet {
        let labels = try LabelSet.derived(from: values, location: name)
        if labels.id(of: "O") != nil, let tag = labels.names.first(where: { $0.hasPrefix("B-") || $0.hasPrefix("B_") })
        {
            throw InputError(
                at: name, "the labels are tags of a sequence", found: "O, \(tag), …",
                remedy: "this looks like data for tagging: choose that task")
        }
        if labels.count > 100, labels.count * 2 > count {
            throw InputError(
                at: name, "nearly every line has a label of its own", expected: "classes that repeat",
                found: "\(labels.count) labels in \(count) lines",
                remedy: "check the order of the columns (text, then label), or give the list of labels")
        }
        return labels
    }

    /// Calls `body` with every record, whose texts are not empty, and gives what was odd about them.
    private func forEachRecord(
        of url: URL, _ columns: TextColumns? = nil, _ body: (TextRecord) throws -> Void
    ) throws -> [DataOddity] {
        var format = try self.format ?? TextFormat.detect(url)
        // Without tabs, commas under a header or braces there is no label: the tab reader names the line.
        if format == .plain { format = .tsv }
        let records = TextRecords(try LineReader(contentsOf: url), format, columns ?? self.columns)
        var count = 0
        while let record = try records.next() {
            if record.text.allSatisfy(\.isWhitespace) || record.pair?.allSatisfy(\.isWhitespace) == true {
                throw InputError(
                    at: "\(records.name):\(record.line)", "the text is empty",
                    remedy: "remove the line, or give it a text")
            }
            try body(record)
            count += 1
        }
        if count == 0 {
            throw InputError(
                at: url.path, "the file has no labelled text", expected: "text<TAB>label, CSV or JSONL",
                remedy: "check the path")
        }
        return records.counter.oddities
    }

    private func missingLabel(_ record: TextRecord, _ location: String) -> InputError {
        InputError(
            at: location, "the text has no label",
            expected: "a column or key \(columns.label.joined(separator: " or "))", found: Excerpt.of(record.text),
            remedy: "give the text a label, or remove the line; a label of null is none")
    }

    /// XNLI writes one class in two ways: `contradictory` in its training part, `contradiction` elsewhere.
    private static let otherSpellings = ["contradictory": "contradiction", "contradiction": "contradictory"]

    private func resolve(
        _ values: [String], _ record: TextRecord, _ labels: LabelSet, _ location: String,
        _ counter: inout OddityCounter
    ) throws -> Int {
        if let id = values.lazy.compactMap({ labels.id(of: $0) }).first { return id }
        if let id = values.lazy.compactMap({ labels.resolve($0) }).first { return id }
        if let value = values.first, let other = Self.otherSpellings[value], let id = labels.id(of: other) {
            counter.note("the label \"\(value)\"", "read as \"\(other)\"", at: location, example: value)
            return id
        }
        throw labels.unknown(
            values, at: location,
            remedy: labels.resolve(record.text.trimmed) == nil
                ? nil : "the columns seem to be swapped: the text comes first, then the label")
    }
}

extension LabelledTextReader {
    /// The texts of `readData(contentsOf:labels:)`.
    public func read(contentsOf url: URL, labels: LabelSet) throws -> [LabelledText] {
        try readData(contentsOf: url, labels: labels).texts
    }

    /// The texts of `readData(contentsOf:labels:)` with the classes found.
    public func readDerivingLabels(contentsOf url: URL) throws -> (texts: [LabelledText], labels: LabelSet) {
        let data = try readData(contentsOf: url)
        return (data.texts, data.labels)
    }
}
