import Foundation
import InkSupport

/// The bytes of one file of an input, decompressed, from a place on.
final class InputBytes {
    private enum Source {
        case file(CompressedReader)
        case standardInput(ByteReader)
    }

    private let source: Source
    private let name: String
    /// Bytes that were read, as far as the source does not know its place itself.
    private var count: Int
    /// Bytes still to be read and forgotten.
    private var toSkip: Int
    /// Read already, to look at what the file is.
    private var pending: [UInt8]?

    /// - Parameter offset: decompressed bytes to leave out. A plain file is opened there; an archive is read up to
    ///   there by `skip()`.
    /// - Throws: `InputError` for a file that cannot be read, or whose beginning is no text in UTF-8.
    init(_ file: DocumentInput.File, from offset: Int = 0) throws {
        (count, toSkip) = (0, offset)
        if let url = file.url {
            name = url.path
            let reader = try CompressedReader(url)
            if offset > 0, try reader.seek(to: offset) { (count, toSkip) = (offset, 0) }
            source = .file(reader)
        } else {
            name = "standard input"
            source = .standardInput(ByteReader(handle: .standardInput, name: name))
        }
        if offset == 0 { try look(for: file.format) }
    }

    /// Bytes read so far, as they lie on the disk.
    var position: Int {
        if case .file(let reader) = source, let position = reader.compressedPosition { return position }
        return count
    }

    /// The next piece, nil at the end.
    /// - Throws: `InputError` (`.data`) for a file that cannot be read and an archive that is cut off or damaged.
    func next() throws -> [UInt8]? {
        while toSkip > 0 {
            guard try skip() else { break }
        }
        if let piece = pending {
            pending = nil
            return piece
        }
        return try read()
    }

    /// Reads a piece of what is left out.
    /// - Returns: whether there is more of it.
    /// - Throws: as `next()`.
    func skip() throws -> Bool {
        guard toSkip > 0 else { return false }
        guard let piece = try read() else {
            throw InputError(
                at: name, "the file is shorter than it was", expected: "\(toSkip) bytes more",
                remedy: "remove the output folder, and start again")
        }
        if piece.count > toSkip { pending = Array(piece[toSkip...]) }
        toSkip = max(0, toSkip - piece.count)
        return toSkip > 0
    }

    private func look(for format: DocumentFormat) throws {
        var beginning: [UInt8] = []
        while beginning.count < FileSignature.length, let piece = try read() { beginning += piece }
        try FileSignature.requireText(beginning, at: name)
        if format == .jsonl { try Self.refuseArray(beginning, at: name) }
        if !beginning.isEmpty { pending = beginning }
    }

    /// Refuses a file that is one JSON array: its lines, if it has several, would be read as broken records.
    private static func refuseArray(_ beginning: [UInt8], at location: String) throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = beginning.starts(with: mark) ? beginning.dropFirst(mark.count) : beginning[...]
        let marks = text.filter { ![9, 10, 13, 32].contains($0) }.prefix(2)
        // Anything else is a broken record.
        guard marks.elementsEqual("[{".utf8) else { return }
        throw InputError(
            at: location, "is one JSON array", expected: "one JSON object a line",
            remedy: "write its elements a line each: jq -c '.[]' FILE > NEW.jsonl")
    }

    private func read() throws -> [UInt8]? {
        let piece =
            switch source {
            case .file(let reader): try reader.next()
            case .standardInput(let reader): try reader.next()
            }
        count += piece?.count ?? 0
        return piece
    }
}
