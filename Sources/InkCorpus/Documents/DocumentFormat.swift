import Foundation
import InkSupport

/// How documents stand in a file.
public enum DocumentFormat: String, Sendable, CaseIterable {
    /// One JSON object a line: `text`, and if there `id`, `source` and `meta`; further fields go to `meta`.
    case jsonl
    /// One document a line.
    case lines
    /// Documents separated by empty lines.
    case paragraphs

    /// The format that a file's name tells: `.jsonl` or `.json`, otherwise lines; a compression's ending is skipped.
    public static func of(_ url: URL) -> DocumentFormat {
        let name = Compression.of(url) == nil ? url : url.deletingPathExtension()
        return ["jsonl", "json", "ndjson"].contains(name.pathExtension.lowercased()) ? .jsonl : .lines
    }

    /// Writes a document with what ends it. In the plain formats the line ends inside it become spaces (`lines`) or
    /// single line ends (`paragraphs`), so that it stays one document.
    public func append(_ document: Document, to bytes: inout [UInt8]) {
        switch self {
        case .jsonl:
            bytes += Array("{\"text\":".utf8)
            JSONString.append(document.utf8, to: &bytes)
            bytes += Array(",\"id\":".utf8)
            JSONString.append(Array(document.id.utf8), to: &bytes)
            if !document.source.isEmpty {
                bytes += Array(",\"source\":".utf8)
                JSONString.append(Array(document.source.utf8), to: &bytes)
            }
            if !document.meta.names.isEmpty {
                bytes += Array(",\"meta\":".utf8)
                bytes += Array(JSONValue.object(document.meta).serialized(indented: false).utf8)
            }
            bytes += Array("}\n".utf8)
        case .lines:
            if Self.hasLineEnd(document.utf8) {
                for byte in document.utf8 { bytes.append(byte == 10 || byte == 13 ? 32 : byte) }
            } else {
                bytes += document.utf8
            }
            bytes.append(10)
        case .paragraphs:
            var last: UInt8 = 10
            for byte in document.utf8 where !(byte == 10 && last == 10) {
                bytes.append(byte)
                last = byte
            }
            if last != 10 { bytes.append(10) }
            bytes.append(10)
        }
    }

    /// Looks at every byte, which is faster than stopping at the first line end: most texts have none.
    private static func hasLineEnd(_ utf8: [UInt8]) -> Bool {
        var found: UInt8 = 0
        for byte in utf8 { found |= (byte == 10 ? 1 : 0) | (byte == 13 ? 1 : 0) }
        return found > 0
    }
}
