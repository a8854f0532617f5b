import Foundation
import InkSupport

/// A file that a model is evaluated on, of which every text counts: each column of a line, each string of a record.
struct EvaluationFile: Hashable, Sendable {
    private enum Form {
        case json
        case jsonl
        case tsv
        case csv
        case plain
    }

    /// Bytes of the longest line, and of the largest file that is one JSON value.
    private static let (longestLine, largestJSON) = (256 << 20, 1 << 30)

    /// As the user gave it.
    let path: String
    private let form: Form

    init(_ path: String) {
        self.path = path
        var url = URL(filePath: path)
        if Compression.of(url) != nil { url.deletePathExtension() }
        switch url.pathExtension.lowercased() {
        case "json": form = .json
        case "jsonl", "ndjson": form = .jsonl
        case "tsv": form = .tsv
        case "csv": form = .csv
        default: form = .plain
        }
    }

    /// Calls `body` with each text, in order, and its line; in a JSON file, that of the object around it.
    /// - Throws: what `body` throws; `InputError` (`.data`) for a file that cannot be read, is not UTF-8 or not JSON.
    func forEachText(_ body: (Int, [UInt8]) throws -> Void) throws {
        try WholeFile.requireRegular(URL(filePath: path))
        let reader = try CompressedReader(URL(filePath: path))
        if form == .json {
            var bytes: [UInt8] = []
            while let piece = try reader.next() {
                bytes += piece
                if bytes.count > Self.largestJSON {
                    throw InputError(
                        at: path, "the file is too large for one JSON value",
                        expected: "at most \(ProcessMemory.text(Self.largestJSON)), unpacked",
                        remedy: "give its records a line each, in a .jsonl file")
                }
            }
            for record in try LocatedJSON.records(in: bytes, file: path, firstLine: 1) {
                try Self.strings(of: record, body)
            }
            return
        }
        let lines = LineReader(name: path, maximumLineBytes: Self.longestLine, nextPiece: reader.next)
        while let next = try lines.next() {
            let (number, line) = (next.number, Array(next.text.utf8))
            switch form {
            case .jsonl:
                if line.allSatisfy({ $0 <= 32 }) { continue }
                for record in try LocatedJSON.records(in: line, file: path, firstLine: number) {
                    try Self.strings(of: record, body)
                }
            case .tsv: for column in line.split(separator: 9) { try body(number, Array(column)) }
            case .csv: for column in Self.columns(line) { try body(number, column) }
            case .json, .plain: try body(number, line)
            }
        }
    }

    /// Where a text stands.
    func location(_ line: Int) -> String { "\(path):\(line)" }

    private static func strings(of value: LocatedJSON, _ body: (Int, [UInt8]) throws -> Void) throws {
        if value.isArray {
            for element in try value.elements() { try strings(of: element, body) }
        } else if value.isObject {
            for member in try value.members() { try strings(of: member.value, body) }
        } else if let text = try? value.string() {
            try body(value.line, Array(text.utf8))
        }
    }

    /// The columns of a line with commas, which count for nothing inside quotation marks.
    private static func columns(_ line: [UInt8]) -> [[UInt8]] {
        var columns: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ","), !isQuoted {
                columns.append([])
            } else {
                columns[columns.count - 1].append(byte)
            }
        }
        return columns
    }
}
