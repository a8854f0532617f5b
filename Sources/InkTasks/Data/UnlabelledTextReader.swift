import Foundation
import InkSupport

/// Reads texts without labels, one at a time and in order, from a file or a pipe.
///
/// Plain lines are taken whole, tabs and all; blank ones are given too (see `Text.isBlank`), so that answers stay
/// beside their questions. From CSV, JSONL and `text<TAB>label` files the text column is taken, or both texts of a pair;
/// lines without column names are pairs (`text<TAB>text`, a label after them is passed over) only where the caller says
/// so.
public final class UnlabelledTextReader {
    /// A text and the 1-based line it came from.
    public struct Text: Equatable, Sendable {
        /// The text as it stands in the file.
        public let text: String
        /// The second text of a pair.
        public let pair: String?
        /// Its line, from 1.
        public let line: Int
        /// There is nothing to classify in it.
        public var isBlank: Bool { text.allSatisfy(\.isWhitespace) }

        public init(text: String, pair: String? = nil, line: Int) {
            self.text = text
            self.pair = pair
            self.line = line
        }
    }

    private let records: TextRecords

    /// The name used in errors: the path, or "standard input".
    public var name: String { records.name }

    /// Whether `next()` can answer from what has been read, without waiting for more.
    public var hasBufferedText: Bool { records.hasBufferedLine }

    /// Opens a file. `format` nil: by extension and first line. Throws `InputError` when it cannot be read.
    public init(
        contentsOf url: URL, format: TextFormat? = nil, columns: TextColumns = .standard, expectsPairs: Bool = false
    ) throws {
        let format = try format ?? TextFormat.detect(url)
        records = TextRecords(
            try LineReader(contentsOf: url), format, columns, keepsBlankLines: true, expectsPairs: expectsPairs)
    }

    /// Reads from an open handle, standard input unless told otherwise.
    public init(
        handle: FileHandle = .standardInput, name: String = "standard input", format: TextFormat = .plain,
        columns: TextColumns = .standard, expectsPairs: Bool = false
    ) {
        records = TextRecords(
            LineReader(handle: handle, name: name), format, columns, keepsBlankLines: true, expectsPairs: expectsPairs)
    }

    /// The next text, nil at the end. Throws `InputError` naming file and line.
    public func next() throws -> Text? {
        try records.next().map { Text(text: $0.text, pair: $0.pair, line: $0.line) }
    }
}
