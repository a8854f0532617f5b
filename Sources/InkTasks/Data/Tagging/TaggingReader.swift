import Foundation
import InkSupport

/// Reads texts with tags or spans: CoNLL columns, `text<TAB>tags`, JSON records with spans, text with inline marks.
///
/// Tags that break their scheme are counted and read as conlleval reads them; a span outside its text is an
/// `InputError` naming line and field.
public struct TaggingReader: Sendable {
    /// The forms in which tagged texts come.
    public enum Format: String, CaseIterable, Sendable, Codable {
        /// One piece a line, columns separated by tabs or spaces: the piece first, its tag last; an empty line ends
        /// a sentence.
        case columns
        /// A header `text_a<TAB>label`, then pieces separated by spaces, a tab, and as many tags.
        case rows
        /// JSON objects with `tokens` and `ner_tags`, or with a text and `entities` or `label`, see `TaggingRecord`.
        case json
        /// One text a line, spans as `{{type:text}}`.
        case inline
    }

    /// Nil: by the beginning of the file.
    public var format: Format?
    /// Whether a text without spans and tags is read too, for prediction.
    public var allowsUnlabelled: Bool

    /// The tags in the order of their ids, for records that give ids; empty where they are not known.
    public var tagNames: [String]

    public init(format: Format? = nil, allowsUnlabelled: Bool = false, tagNames: [String] = []) {
        self.format = format
        self.tagNames = tagNames
        self.allowsUnlabelled = allowsUnlabelled
    }

    /// Reads a whole file. Throws `InputError` naming file, line and field.
    public func read(contentsOf url: URL) throws -> TaggingData {
        var builder = TaggingBuilder(name: url.path)
        switch try format ?? Self.detect(url) {
        case .json:
            try LocatedJSON.forEachRecord(of: url) { record in
                if var pieces = try TaggingRecord.pieces(record, tagNames: tagNames, allowsUnlabelled) {
                    try builder.append(&pieces)
                } else {
                    builder.append(try TaggingRecord.read(record, allowsUnlabelled, &builder.counter))
                }
            }
        case .columns: try readColumns(try LineReader(contentsOf: url), &builder)
        case .rows: try readRows(try LineReader(contentsOf: url), &builder)
        case .inline: try readInline(try LineReader(contentsOf: url), &builder)
        }
        guard !builder.examples.isEmpty else {
            throw InputError(
                at: url.path, "the file has no tagged text",
                expected: "CoNLL columns (piece and tag, an empty line between sentences), or JSON records with spans")
        }
        return builder.finish()
    }

    /// The format of a file by its first line that is not empty. Throws `InputError` when it cannot be read.
    static func detect(_ url: URL) throws -> Format {
        let reader = try LineReader(contentsOf: url)
        while let line = try reader.next() {
            let text = line.text.trimmed
            if text.isEmpty { continue }
            if text.contains("{{"), text.contains("}}") { return .inline }
            if text.hasPrefix("{") || text.hasPrefix("[") { return .json }
            let cells = line.text.split(separator: "\t")
            return cells.count == 2 && cells[1].trimmingCharacters(in: .whitespaces).lowercased() == "label"
                ? .rows : .columns
        }
        return .columns
    }

    // MARK: Columns

    private func readColumns(_ lines: LineReader, _ builder: inout TaggingBuilder) throws {
        var pieces: [TaggingBuilder.Piece] = []
        while let line = try lines.next() {
            if line.text.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                try builder.append(&pieces)
                continue
            }
            if line.text.hasPrefix("-DOCSTART-") {
                builder.counter.note(
                    "a -DOCSTART- line", "taken as the end of a sentence", at: "\(lines.name):\(line.number)",
                    example: line.text)
                try builder.append(&pieces)
                continue
            }
            pieces.append(try piece(line, lines.name))
        }
        try builder.append(&pieces)
    }

    private func piece(_ line: LineReader.Line, _ name: String) throws -> TaggingBuilder.Piece {
        let tab = UInt8(ascii: "\t")
        let separator = line.text.utf8.contains(tab) ? tab : UInt8(ascii: " ")
        let cells = line.text.utf8.split(separator: separator, omittingEmptySubsequences: separator != tab)
        var fields = cells.map { String(Substring($0)) }
        // A piece that is white space itself: " O" or "\tO".
        if fields.count == 1 || fields[0].isEmpty, line.text.utf8.first == separator {
            fields = [" "] + fields.suffix(1)
        }
        guard fields.count >= 2, let tag = fields.last else {
            throw InputError(
                at: "\(name):\(line.number)", "the line has no tag",
                expected: "a piece of text and, in the last column, its tag",
                found: Excerpt.of(line.text), remedy: "separate the columns by a tab or a space")
        }
        return TaggingBuilder.Piece(text: fields[0], tag: tag.trimmed, line: line.number)
    }

    // MARK: Rows

    private func readRows(_ lines: LineReader, _ builder: inout TaggingBuilder) throws {
        var sawHeader = false
        while let line = try lines.next() {
            if line.text.trimmed.isEmpty { continue }
            if !sawHeader {
                sawHeader = true
                continue
            }
            let location = "\(lines.name):\(line.number)"
            let cells = line.text.split(separator: "\t", omittingEmptySubsequences: false)
            guard cells.count == 2 else {
                throw InputError(
                    at: location, "the line has \(cells.count) columns", expected: "pieces<TAB>tags",
                    found: Excerpt.of(line.text))
            }
            let texts = cells[0].split(separator: " ").map(String.init)
            let tags = cells[1].split(separator: " ").map(String.init)
            guard texts.count == tags.count else {
                throw InputError(
                    at: location, "pieces and tags are not equally many",
                    found: "\(texts.count) pieces, \(tags.count) tags", remedy: "give every piece one tag")
            }
            var pieces = zip(texts, tags).map { text, tag in
                TaggingBuilder.Piece(text: text, tag: tag, line: line.number)
            }
            try builder.append(&pieces)
        }
    }

    // MARK: Inline marks

    private func readInline(_ lines: LineReader, _ builder: inout TaggingBuilder) throws {
        while let line = try lines.next() {
            if line.text.trimmed.isEmpty { continue }
            var text = ""
            var spans: [TypedSpan] = []
            var rest = line.text[...]
            while let open = rest.range(of: "{{") {
                text += rest[..<open.lowerBound]
                let inner = rest[open.upperBound...]
                guard let close = inner.range(of: "}}"), let colon = inner[..<close.lowerBound].firstIndex(of: ":")
                else {
                    throw InputError(
                        at: "\(lines.name):\(line.number)", "a mark is not complete", expected: "{{type:text}}",
                        found: Excerpt.of(String(rest[open.lowerBound...])))
                }
                let surface = String(inner[inner.index(after: colon)..<close.lowerBound])
                let start = text.unicodeScalars.count
                text += surface
                spans.append(TypedSpan(type: inner[..<colon].trimmed, start: start, end: text.unicodeScalars.count))
                rest = inner[close.upperBound...]
            }
            text += rest
            builder.append(TaggingExample(text: text, spans: spans.filter { $0.start < $0.end }, line: line.number))
        }
    }
}

extension Substring {
    fileprivate var trimmed: String { String(self).trimmed }
}
