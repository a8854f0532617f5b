import Dispatch
import Foundation
import InkSupport
import InkTensor
import Synchronization

/// A checksum of everything that a safetensors file says: notes, names, types, shapes and elements. It stands among the
/// notes of the header.
///
/// The elements are hashed in pieces, by all processors at once, and the digests of the pieces are hashed.
enum SafetensorsChecksum {
    /// The name of the note.
    static let note = "sha256"
    private static let pieceSize = 4 << 20

    /// What the checksum needs of a tensor.
    struct Part {
        let name: String
        let type: DType
        let shape: Shape
        var byteCount: Int { shape.count * type.size }
    }

    /// - Parameters:
    ///   - parts: in the order of the file.
    ///   - bytes: a copy of some bytes of a part; asked from several threads.
    /// - Throws: what `bytes` throws.
    static func of(
        _ metadata: [String: String], _ parts: [Part], bytes: @Sendable (_ part: Int, Range<Int>) throws -> [UInt8]
    ) throws -> String {
        let pieces = parts.enumerated().flatMap { number, part in
            stride(from: 0, to: part.byteCount, by: pieceSize).map {
                (part: number, range: $0..<min($0 + pieceSize, part.byteCount))
            }
        }
        let digests = Mutex([Result<String, any Error>](repeating: .success(""), count: pieces.count))
        DispatchQueue.concurrentPerform(iterations: pieces.count) { number in
            let digest = Result {
                var hash = SHA256()
                hash.update(try bytes(pieces[number].part, pieces[number].range))
                return hash.hexDigest()
            }
            digests.withLock { $0[number] = digest }
        }
        var lines = metadata.filter { $0.key != note }.sorted { $0.key < $1.key }.map { "\($0.key)\0\($0.value)" }
        lines += parts.map { "\($0.name)\0\($0.type.rawValue)\0\($0.shape.dimensions)" }
        lines += try digests.withLock { $0 }.map { try $0.get() }
        return SHA256.hexDigest(of: Data(lines.joined(separator: "\n").utf8))
    }
}

extension SafetensorsFile {
    /// Whether the contents are those that the checksum was made of; nil where the file has none.
    /// - Throws: `InputError` when the file cannot be read.
    func isUndamaged() throws -> Bool? {
        guard let expected = metadata[SafetensorsChecksum.note] else { return nil }
        let tensors = tensors
        let parts = tensors.map {
            SafetensorsChecksum.Part(name: $0.name, type: $0.tensor.type, shape: $0.tensor.shape)
        }
        return try SafetensorsChecksum.of(metadata, parts) { try tensors[$0].tensor.bytes($1) } == expected
    }
}

extension Checkpoint {
    /// Compares the contents of a file with its checksum; see `SafetensorsWriter.write(_:to:metadata:checksum:)`.
    /// - Returns: false where the file has no checksum.
    /// - Throws: `InputError` for contents that are not those that were written.
    public func verifyChecksum() throws -> Bool {
        var verified = false
        for case let file as SafetensorsFile in files {
            guard let isUndamaged = try file.isUndamaged() else { continue }
            guard isUndamaged else {
                throw InputError(
                    at: file.file.path, "the file is damaged: its contents do not fit its checksum",
                    remedy: "copy it again from where it came")
            }
            verified = true
        }
        return verified
    }
}
