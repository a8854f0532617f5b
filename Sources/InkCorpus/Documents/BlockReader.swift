import Foundation
import InkSupport

/// Some whole documents of one file, not yet told apart.
struct DocumentBlock: Sendable {
    var bytes: [UInt8]
    let file: DocumentInput.File
    /// The number of the first line, from 1.
    let firstLine: Int
    /// Lines on which documents begin that were too long to keep.
    let oversized: [Int]
    /// A longer document is skipped and counted.
    let maximumDocumentBytes: Int
    /// The field of a record that holds the text.
    let textField: String
    /// Where the next block begins.
    let end: InputPosition
}

/// Reads files in blocks of about a megabyte, cut where a document ends.
///
/// Where a block is cut depends on the bytes behind its beginning alone, not on how they arrive, so that reading may
/// begin at the end of any block. Memory is bounded: of a document that is much longer than the limit only its place is
/// remembered. Not for use from several tasks at once.
final class BlockReader {
    static let blockBytes = 1 << 20

    /// Bytes on the disk; nil when a file is a pipe.
    let totalBytes: Int?
    private let input: DocumentInput
    /// What is looked at to find a document's end: a document that does not end in it is too long.
    private let window: Int
    private var source: InputBytes?
    private var buffer: [UInt8] = []
    /// Where the buffer begins.
    private var position: InputPosition
    private var oversized: [Int] = []
    /// Bytes of the finished files, as they lie on the disk.
    private var finishedBytes: Int

    /// - Parameter start: the end of a block of an earlier reader of the same input.
    init(_ input: DocumentInput, from start: InputPosition = InputPosition()) {
        self.input = input
        window = input.maximumDocumentBytes + Self.blockBytes
        position = start
        totalBytes = Self.size(of: input.files[...])
        finishedBytes = Self.size(of: input.files.prefix(start.file)) ?? 0
    }

    private static func size(of files: ArraySlice<DocumentInput.File>) -> Int? {
        var total = 0
        for file in files {
            guard let facts = file.url?.fileFacts else { return nil }
            total += facts.bytes
        }
        return total
    }

    /// Bytes read so far, as they lie on the disk.
    var bytesRead: Int { finishedBytes + (source?.position ?? 0) }

    /// Goes on towards the place where reading begins, an archive piece by piece.
    /// - Returns: whether there is more to skip.
    /// - Throws: as `next()`.
    func skipToStart() throws -> Bool {
        if source == nil, position.file < input.files.count {
            source = try InputBytes(input.files[position.file], from: position.offset)
        }
        return try source?.skip() ?? false
    }

    /// The next block, nil at the end.
    /// - Throws: `InputError` for a file that cannot be read or is no text, and an archive that is cut off.
    func next() throws -> DocumentBlock? {
        while position.file < input.files.count {
            let file = input.files[position.file]
            if source == nil { source = try InputBytes(file) }
            if let block = try block(of: file) { return block }
            finishedBytes += source?.position ?? 0
            source = nil
            (position.file, position.offset, position.line) = (position.file + 1, 0, 1)
        }
        return nil
    }

    /// The next block of the open file, nil at its end.
    private func block(of file: DocumentInput.File) throws -> DocumentBlock? {
        var searched = Self.blockBytes - 1
        while true {
            if let end = Self.end(in: buffer.prefix(window), from: searched, file.format) { return take(end, file) }
            searched = max(searched, min(buffer.count, window) - 2)
            if buffer.count >= window {
                // Whole documents before the long one go out first.
                if let end = Self.lastEnd(in: buffer.prefix(window), file.format) { return take(end, file) }
                try skipOversized(file)
                searched = Self.blockBytes - 1
            } else if let piece = try source?.next() {
                buffer += piece
            } else {
                return buffer.isEmpty && oversized.isEmpty ? nil : take(buffer.count, file)
            }
        }
    }

    private func take(_ end: Int, _ file: DocumentInput.File) -> DocumentBlock {
        let bytes = end == buffer.count ? buffer : Array(buffer[..<end])
        let firstLine = position.line
        forget(end)
        position.batches += 1
        defer { oversized = [] }
        return DocumentBlock(
            bytes: bytes, file: file, firstLine: firstLine, oversized: oversized,
            maximumDocumentBytes: input.maximumDocumentBytes, textField: input.textField, end: position)
    }

    /// Goes on behind the first bytes of the buffer.
    private func forget(_ count: Int) {
        position.offset += count
        position.line += Self.lineEnds(in: buffer, upTo: min(count, buffer.count))
        if count == buffer.count { buffer = [] } else { buffer.removeSubrange(..<count) }
    }

    /// Reads the document at the beginning of the buffer to its end, and notes only where it was.
    private func skipOversized(_ file: DocumentInput.File) throws {
        oversized.append(position.line)
        while true {
            if let end = Self.end(in: buffer[...], from: 0, file.format) { return forget(end) }
            // What is kept may be the first part of an end.
            forget(max(0, buffer.count - 2))
            guard let piece = try source?.next() else { return forget(buffer.count) }
            buffer += piece
        }
    }

    private static func lineEnds(in bytes: [UInt8], upTo end: Int) -> Int {
        var count = 0
        // By index: several times as fast here as over a slice.
        for index in 0..<end where bytes[index] == 10 { count &+= 1 }
        return count
    }

    /// Behind the first end of a document at or after a place: a line end, or one with an empty line after it.
    private static func end(in bytes: ArraySlice<UInt8>, from start: Int, _ format: DocumentFormat) -> Int? {
        var position = start
        while position < bytes.endIndex, let lineEnd = bytes[position...].firstIndex(of: 10) {
            if let end = documentEnd(bytes, lineEnd, format) { return end }
            position = lineEnd + 1
        }
        return nil
    }

    private static func lastEnd(in bytes: ArraySlice<UInt8>, _ format: DocumentFormat) -> Int? {
        var rest = bytes
        while let lineEnd = rest.lastIndex(of: 10) {
            if let end = documentEnd(bytes, lineEnd, format) { return end }
            rest = rest[..<lineEnd]
        }
        return nil
    }

    /// Behind the end of a document whose last line ends at `lineEnd`; nil when the document goes on.
    private static func documentEnd(_ bytes: ArraySlice<UInt8>, _ lineEnd: Int, _ format: DocumentFormat) -> Int? {
        guard format == .paragraphs else { return lineEnd + 1 }
        var next = lineEnd + 1
        if next < bytes.endIndex, bytes[next] == 13 { next += 1 }
        return next < bytes.endIndex && bytes[next] == 10 ? next + 1 : nil
    }
}
