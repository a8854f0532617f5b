import Foundation
import InkSupport

/// The forms in which titles come.
public enum TextFormat: String, CaseIterable, Sendable, Codable {
    /// `text<TAB>label`, or columns under a header line.
    case tsv
    /// Comma-separated with a header line, quotes as in RFC 4180.
    case csv
    /// One JSON object a line, or all of them in one array.
    case jsonl
    /// Every line is a text; no labels.
    case plain

    /// The format of a file: by extension; other names, `.txt` among them, by the first line that is not empty.
    /// Throws `InputError` when the file cannot be read.
    public static func detect(_ url: URL) throws -> TextFormat {
        switch url.pathExtension.lowercased() {
        case "tsv": return .tsv
        case "csv": return .csv
        case "jsonl", "ndjson", "json": return .jsonl
        default: break
        }
        // What is looked at here is read again from its beginning: a pipe would have lost it.
        try WholeFile.requireRegular(url)
        let reader = try LineReader(contentsOf: url)
        while let line = try reader.next() {
            let text = line.text.trimmed
            if text.isEmpty { continue }
            if text.hasPrefix("{"), text.hasSuffix("}") { return .jsonl }
            if text == "[" || text.hasPrefix("[{") { return .jsonl }
            if text.contains("\t") { return .tsv }
            let cells = try? CSVParser.fields(of: text, separator: ",", location: url.path)
            if let cells, TextColumns.standard.textIndices(in: cells) != nil, cells.count > 1 { return .csv }
            return .plain
        }
        return .plain
    }
}
