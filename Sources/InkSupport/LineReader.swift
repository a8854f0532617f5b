import Foundation

/// Reads UTF-8 text line by line in bounded memory.
///
/// Lines end with `\n` or `\r\n`; the last one may lack its end; a byte-order mark at the start is dropped. Only a
/// line is held in memory, and a line longer than `maximumLineBytes` is an error, so that a wrong file (a model, an
/// archive) is named and does not fill the memory.
public final class LineReader {
    /// One line without its end, with its 1-based number.
    public struct Line: Equatable, Sendable {
        /// The line's number, from 1.
        public let number: Int
        /// The line without its end.
        public let text: String
    }

    /// The name used in errors: the path, or "standard input".
    public let name: String
    private let nextPiece: () throws -> [UInt8]?
    private let maximumLineBytes: Int
    private var chunk: [UInt8] = []
    private var position = 0
    private var number = 0
    private var reachedEnd = false

    /// Opens a file. Throws `InputError` (`.data`) when it cannot be read.
    public convenience init(contentsOf url: URL, maximumLineBytes: Int = 16 << 20) throws {
        let reader = try ByteReader(contentsOf: url)
        self.init(name: reader.name, maximumLineBytes: maximumLineBytes, nextPiece: reader.next)
    }

    /// Reads from an open handle, standard input unless told otherwise. A line is given as soon as it is complete.
    public convenience init(
        handle: FileHandle = .standardInput, name: String = "standard input", maximumLineBytes: Int = 16 << 20
    ) {
        let reader = ByteReader(handle: handle, name: name)
        self.init(name: name, maximumLineBytes: maximumLineBytes, nextPiece: reader.next)
    }

    /// Reads from anything that gives bytes piece by piece, nil at the end.
    package init(name: String, maximumLineBytes: Int, nextPiece: @escaping () throws -> [UInt8]?) {
        self.name = name
        self.maximumLineBytes = maximumLineBytes
        self.nextPiece = nextPiece
    }

    /// Whether `next()` can answer from what has been read, without waiting for more.
    package var hasBufferedLine: Bool { chunk[position...].contains(UInt8(ascii: "\n")) }

    /// The next line, nil at the end. Throws `InputError` (`.data`) naming file and line for bytes that are not UTF-8
    /// and for an over-long line.
    public func next() throws -> Line? {
        var line: [UInt8] = []
        while true {
            if position == chunk.count {
                guard !reachedEnd, let piece = try nextPiece() else {
                    reachedEnd = true
                    return line.isEmpty ? nil : try finish(line[...])
                }
                chunk = piece
                position = 0
            }
            if let end = chunk[position...].firstIndex(of: UInt8(ascii: "\n")) {
                let slice = chunk[position..<end]
                position = end + 1
                if line.isEmpty { return try finish(slice) }
                line.append(contentsOf: slice)
                return try finish(line[...])
            }
            line.append(contentsOf: chunk[position...])
            position = chunk.count
            if line.count > maximumLineBytes {
                throw InputError(
                    at: "\(name):\(number + 1)", "the line is longer than \(maximumLineBytes) bytes",
                    expected: "a text file with one record a line",
                    remedy: "check that this is the right file, or cut its longest texts into several lines")
            }
        }
    }

    private func finish(_ line: ArraySlice<UInt8>) throws -> Line {
        number += 1
        var bytes = line
        if number == 1, bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw invalid(bytes) }
        return Line(number: number, text: text)
    }

    private func invalid(_ bytes: ArraySlice<UInt8>) -> InputError {
        let isUTF16 = number == 1 && (bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]))
        let shown = bytes.prefix(16).map { String(format: "%02x", Int($0)) }.joined(separator: " ")
        return InputError(
            at: "\(name):\(number)", isUTF16 ? "the file is UTF-16, not UTF-8" : "the line is not valid UTF-8",
            expected: "UTF-8 text", found: "bytes \(shown)\(bytes.count > 16 ? " …" : "")",
            remedy: "convert the file: iconv -f \(isUTF16 ? "UTF-16" : "GB18030") -t UTF-8 OLD > NEW")
    }
}
