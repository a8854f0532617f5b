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
}

/// Reads files in blocks of about a megabyte, cut where a document ends.
///
/// Where a block is cut depends on the bytes alone, not on how they arrive. Memory is bounded: of a document that is
/// longer than the limit only its place is remembered. Not for use from several tasks at once.
final class BlockReader {
    static let blockBytes = 1 << 20

    /// Bytes on the disk; nil when a file is a pipe.
    let totalBytes: Int?
    private let input: DocumentInput
    private var nextFile = 0
    private var file: DocumentInput.File?
    private var source: CompressedReader?
    private var standardInput: ByteReader?
    private var buffer: [UInt8] = []
    private var line = 1
    private var oversized: [Int] = []
    /// Bytes of the finished files, and of this one as they were handed out.
    private var finishedBytes = 0
    private var plainBytes = 0

    init(_ input: DocumentInput) {
        self.input = input
        totalBytes = Self.size(of: input.files)
    }

    private static func size(of files: [DocumentInput.File]) -> Int? {
        var total = 0
        for file in files {
            guard let url = file.url, let size = try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize else {
                return nil
            }
            total += size
        }
        return total
    }

    /// Bytes read so far, as they lie on the disk.
    var bytesRead: Int { finishedBytes + (source?.compressedPosition ?? plainBytes) }

    /// The next block, nil at the end.
    /// - Throws: `InputError` for a file that cannot be read or an archive that is cut off.
    func next() throws -> DocumentBlock? {
        while true {
            if file == nil {
                guard nextFile < input.files.count else { return nil }
                try open(input.files[nextFile])
                nextFile += 1
            }
            guard let file else { continue }
            var searched = 0
            while true {
                if buffer.count >= Self.blockBytes,
                    let end = Self.end(in: buffer, from: max(Self.blockBytes - 1, searched), file.format)
                {
                    return take(end, file)
                }
                searched = max(0, buffer.count - 2)
                if buffer.count > input.maximumDocumentBytes + Self.blockBytes {
                    if let block = try skipOversized(file) { return block }
                    searched = 0
                    continue
                }
                guard let piece = try read() else { break }
                buffer += piece
            }
            finishedBytes += source?.compressedPosition ?? plainBytes
            (source, standardInput, self.file) = (nil, nil, nil)
            plainBytes = 0
            if !buffer.isEmpty || !oversized.isEmpty { return take(buffer.count, file) }
        }
    }

    private func open(_ file: DocumentInput.File) throws {
        if let url = file.url {
            source = try CompressedReader(url)
        } else {
            standardInput = ByteReader(handle: .standardInput, name: "standard input")
        }
        self.file = file
        line = 1
        plainBytes = 0
        buffer = []
    }

    private func read() throws -> [UInt8]? {
        guard let piece = try source?.next() ?? standardInput?.next() else { return nil }
        plainBytes += piece.count
        return piece
    }

    private func take(_ end: Int, _ file: DocumentInput.File) -> DocumentBlock {
        let bytes = end == buffer.count ? buffer : Array(buffer[..<end])
        let block = DocumentBlock(bytes: bytes, file: file, firstLine: line, oversized: oversized)
        line += Self.lineEnds(in: bytes[...])
        oversized = []
        if end == buffer.count { buffer = [] } else { buffer.removeSubrange(..<end) }
        return block
    }

    /// The block before a document that is too long; the document itself is read to its end and forgotten.
    private func skipOversized(_ file: DocumentInput.File) throws -> DocumentBlock? {
        // Whole documents before the long one go out first.
        if let end = Self.lastEnd(in: buffer, file.format) { return take(end, file) }
        oversized.append(line)
        while true {
            if let end = Self.end(in: buffer, from: 0, file.format) {
                line += Self.lineEnds(in: buffer[..<end])
                buffer.removeSubrange(..<end)
                return nil
            }
            // What is kept may be the first part of an end.
            let rest = min(2, buffer.count)
            line += Self.lineEnds(in: buffer.dropLast(rest))
            buffer.removeSubrange(..<(buffer.count - rest))
            guard let piece = try read() else {
                buffer = []
                return nil
            }
            buffer += piece
        }
    }

    private static func lineEnds(in bytes: ArraySlice<UInt8>) -> Int {
        var count = 0
        var start = bytes.startIndex
        // Counted in bytes, as many as fit, so that the compiler compares many at a time.
        while start < bytes.endIndex {
            let end = min(start + 255, bytes.endIndex)
            var part: UInt8 = 0
            for byte in bytes[start..<end] { part &+= byte == 10 ? 1 : 0 }
            count += Int(part)
            start = end
        }
        return count
    }

    /// Behind the first end of a document at or after a place: a line end, or one with an empty line after it.
    private static func end(in bytes: [UInt8], from start: Int, _ format: DocumentFormat) -> Int? {
        var position = start
        while let lineEnd = bytes[position...].firstIndex(of: 10) {
            if let end = documentEnd(bytes, lineEnd, format) { return end }
            position = lineEnd + 1
        }
        return nil
    }

    private static func lastEnd(in bytes: [UInt8], _ format: DocumentFormat) -> Int? {
        var rest = bytes[...]
        while let lineEnd = rest.lastIndex(of: 10) {
            if let end = documentEnd(bytes, lineEnd, format) { return end }
            rest = rest[..<lineEnd]
        }
        return nil
    }

    /// Behind the end of a document whose last line ends at `lineEnd`; nil when the document goes on.
    private static func documentEnd(_ bytes: [UInt8], _ lineEnd: Int, _ format: DocumentFormat) -> Int? {
        guard format == .paragraphs else { return lineEnd + 1 }
        var next = lineEnd + 1
        if next < bytes.count, bytes[next] == 13 { next += 1 }
        return next < bytes.count && bytes[next] == 10 ? next + 1 : nil
    }
}
