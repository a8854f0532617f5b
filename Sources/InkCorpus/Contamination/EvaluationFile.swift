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

    /// As the user gave it.
    let path: String
    private let form: Form

    /// - Throws: `InputError` (`.data`) for a file that cannot be read.
    init(_ path: String) throws {
        self.path = path
        var url = URL(filePath: path)
        if Compression.of(url) != nil { url.deletePathExtension() }
        switch url.pathExtension.lowercased() {
        case "json": form = try Self.startsWithRecord(path) ? .jsonl : .json
        case "jsonl", "ndjson": form = .jsonl
        case "tsv": form = .tsv
        case "csv": form = .csv
        default: form = .plain
        }
    }

    /// Calls `body` with each text, in order, and the number of its line; in a JSON file, of the string.
    /// - Throws: what `body` throws; `InputError` (`.data`) for a file that cannot be read, is not UTF-8 or not JSON.
    func forEachText(_ body: (Int, [UInt8]) throws -> Void) throws {
        if form == .json {
            var bytes: [UInt8] = []
            let reader = try CompressedReader(URL(filePath: path))
            while let piece = try reader.next() { bytes += piece }
            var number = 0
            try Self.strings(of: JSONValue(parsing: bytes, location: path)) { text in
                number += 1
                try body(number, text)
            }
            return
        }
        try forEachLine { number, line in
            switch form {
            case .jsonl:
                if line.allSatisfy({ $0 <= 32 }) { return }
                let record = try JSONValue(parsing: line, location: "\(path):\(number)")
                try Self.strings(of: record) { try body(number, $0) }
            case .tsv: for column in line.split(separator: 9) { try body(number, Array(column)) }
            case .csv: for column in Self.columns(line) { try body(number, column) }
            case .json, .plain: try body(number, line)
            }
        }
    }

    /// Where a text stands.
    func location(_ number: Int) -> String { form == .json ? "\(path): string \(number)" : "\(path):\(number)" }

    /// Whether the first line is a record by itself: many evaluation sets have one record a line and end in `.json`.
    private static func startsWithRecord(_ path: String) throws -> Bool {
        let reader = try CompressedReader(URL(filePath: path))
        var bytes: [UInt8] = []
        while let piece = try reader.next() {
            let searched = bytes.count
            bytes += piece
            guard let end = bytes[searched...].firstIndex(of: 10) else { continue }
            guard case .object = try? JSONValue(parsing: Array(bytes[..<end]), location: path) else { return false }
            return true
        }
        return false
    }

    private func forEachLine(_ body: (Int, [UInt8]) throws -> Void) throws {
        let reader = try CompressedReader(URL(filePath: path))
        var rest: [UInt8] = []
        var number = 0
        func line(_ bytes: [UInt8]) throws {
            number += 1
            guard String(validating: bytes, as: UTF8.self) != nil else {
                throw InputError(
                    at: "\(path):\(number)", "the line is not valid UTF-8", expected: "UTF-8 text",
                    remedy: "convert the file: iconv -f GB18030 -t UTF-8 OLD > NEW")
            }
            try body(number, bytes)
        }
        while let piece = try reader.next() {
            var start = 0
            while let end = piece[start...].firstIndex(of: 10) {
                try line(rest + piece[start..<end])
                rest.removeAll(keepingCapacity: true)
                start = end + 1
            }
            rest += piece[start...]
        }
        if !rest.isEmpty { try line(rest) }
    }

    private static func strings(of value: JSONValue, _ body: ([UInt8]) throws -> Void) throws {
        switch value {
        case .string(let text): try body(Array(text.utf8))
        case .array(let elements): for element in elements { try strings(of: element, body) }
        case .object(let object):
            for name in object.names { if let field = object[name] { try strings(of: field, body) } }
        case .null, .bool, .number: break
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
