import Foundation
import InkSupport

/// The forms in which titles come.
public enum TextFormat: String, CaseIterable, Sendable, Codable {
    /// `text<TAB>label`, or columns under a header line.
    case tsv
    /// Comma-separated with a header line, quotes as in RFC 4180.
    case csv
    /// One JSON object a line.
    case jsonl
    /// Every line is a text; no labels.
    case plain

    /// The format of a file: by extension; other names, `.txt` among them, by the first line that is not empty.
    /// Throws `InputError` when the file cannot be read or is a JSON array.
    public static func detect(_ url: URL) throws -> TextFormat {
        switch url.pathExtension.lowercased() {
        case "tsv": return .tsv
        case "csv": return .csv
        case "jsonl", "ndjson", "json": return .jsonl
        default: break
        }
        let reader = try LineReader(contentsOf: url)
        while let line = try reader.next() {
            let text = line.text.trimmed
            if text.isEmpty { continue }
            if text.hasPrefix("{"), text.hasSuffix("}") { return .jsonl }
            if text.contains("\t") { return .tsv }
            let cells = try? CSVParser.fields(of: text, separator: ",", location: url.path)
            if let cells, TextColumns.standard.textIndex(in: cells) != nil, cells.count > 1 { return .csv }
            return .plain
        }
        return .plain
    }
}

/// Which columns or keys hold the text and the label. Names are compared without regard to case.
public struct TextColumns: Equatable, Sendable {
    /// Accepted names of the text, the first that is present wins.
    public var text: [String]
    /// Accepted names of the label, all that are present are tried in this order: descriptions before codes, since
    /// TNEWS-like files give both `label` (a code) and `label_desc` (a name).
    public var label: [String]

    /// The names that public Chinese title data use.
    public static let standard = TextColumns(
        text: ["text", "sentence", "title", "text_a"], label: ["label_desc", "label_des", "label"])

    public init(text: [String], label: [String]) {
        self.text = text
        self.label = label
    }

    func textIndex(in header: [String]) -> Int? {
        let names = header.map { $0.lowercased() }
        return text.lazy.compactMap { names.firstIndex(of: $0.lowercased()) }.first
    }

    func labelIndices(in header: [String]) -> [Int] {
        let names = header.map { $0.lowercased() }
        return label.compactMap { names.firstIndex(of: $0.lowercased()) }
    }
}
