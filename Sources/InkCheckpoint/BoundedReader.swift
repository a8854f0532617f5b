import InkSupport

/// Reads numbers and runs of bytes from a part of a file, some at a time; every access is checked against the part's
/// bounds.
struct BoundedReader {
    let file: RandomAccessFile
    /// The offset in the file of the next byte.
    private(set) var offset: Int
    /// The offset in the file at which the part ends.
    let end: Int
    /// What is being read, for messages: "header", "pickle".
    let subject: String
    /// The bytes read last, and where they stand in the file.
    private var window: ArraySlice<UInt8> = []
    private var windowStart = 0

    private static let windowBytes = 4096

    init(_ file: RandomAccessFile, _ range: Range<Int>, subject: String) throws {
        guard range.lowerBound >= 0, range.upperBound <= file.count else {
            throw InputError(
                at: file.path, "the \(subject) lies outside the file", expected: "an end within \(file.count) bytes",
                found: "bytes \(range.lowerBound) to \(range.upperBound)",
                remedy: "the file may be cut off; copy or download it again")
        }
        self.file = file
        self.subject = subject
        offset = range.lowerBound
        end = range.upperBound
    }

    var remaining: Int { end - offset }

    /// Moves past `count` bytes and returns where they are in the file.
    mutating func take(_ count: Int) throws -> Range<Int> {
        guard count >= 0, count <= remaining else {
            throw InputError(
                at: file.path, "the \(subject) ends too early", expected: "\(count) bytes at offset \(offset)",
                found: "\(remaining) bytes", remedy: "the file may be cut off; copy or download it again")
        }
        defer { offset += count }
        return offset..<offset + count
    }

    mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
        let range = try take(count)
        if range.lowerBound < windowStart || range.upperBound > windowStart + window.count {
            let ahead = range.lowerBound + min(Self.windowBytes, end - range.lowerBound)
            window = try file.bytes(range.lowerBound..<max(range.upperBound, ahead))[...]
            windowStart = range.lowerBound
        }
        let start = range.lowerBound - windowStart
        return window[start..<start + count]
    }

    /// The next integer, stored little-endian.
    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws -> Value {
        try bytes(MemoryLayout<Value>.size).reversed().reduce(Value(0)) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }

    /// The next integer as an `Int`. Throws where it does not fit one.
    mutating func size<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Int {
        let start = offset
        let value = try integer(type)
        guard let size = Int(exactly: value), size >= 0 else {
            throw InputError(
                at: file.path, "the \(subject) holds an impossible size at offset \(start)", found: "\(value)")
        }
        return size
    }

    mutating func text(_ count: Int) throws -> String {
        let start = offset
        guard let text = String(validating: try bytes(count), as: UTF8.self) else {
            throw InputError(at: file.path, "the \(subject) holds invalid UTF-8 at offset \(start)")
        }
        return text
    }
}
