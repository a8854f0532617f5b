import Foundation
import InkSupport

/// Brings encoded documents into the order of their keys with bounded memory: they are dealt to files by the leading
/// bits of the key, and each file is then sorted in memory. The order depends on the keys alone.
final class ExternalShuffle {
    private struct Partition {
        let url: URL
        var pending: [UInt8] = []
    }

    private static let flushBytes = 1 << 16
    private static let maximumPartitions = 1024
    private static let headerBytes = 12
    private let name: String
    private var partitions: [Partition]
    private let shift: UInt64

    /// - Parameters:
    ///   - totalBytes: about how much will be added.
    ///   - folder: where the files go; they are removed as they are read.
    init(_ name: String, totalBytes: Int, memoryLimit: Int, folder: URL) throws {
        self.name = name
        // A file lies in memory once as it is and once in order.
        let needed = totalBytes / max(1, memoryLimit / 3) + 1
        var bits: UInt64 = 0
        while 1 << bits < min(needed, Self.maximumPartitions) { bits += 1 }
        shift = 64 - bits
        partitions = (0..<(1 << Int(bits))).map { Partition(url: folder.appending(path: "shuffle-\($0)")) }
        for partition in partitions where !FileManager.default.createFile(atPath: partition.url.path, contents: nil) {
            throw InputError(.run, at: partition.url.path, "cannot write the file")
        }
    }

    /// Adds one encoded document.
    func add(_ encoded: ArraySlice<UInt8>, key: UInt64) throws {
        let index = shift == 64 ? 0 : Int(key >> shift)
        for byte in 0..<8 { partitions[index].pending.append(UInt8(truncatingIfNeeded: key >> (8 * UInt64(byte)))) }
        let count = UInt32(encoded.count)
        for byte in 0..<4 { partitions[index].pending.append(UInt8(truncatingIfNeeded: count >> (8 * UInt32(byte)))) }
        partitions[index].pending += encoded
        if partitions[index].pending.count >= Self.flushBytes { try flush(index) }
    }

    /// Hands over everything in the order of the keys, a file at a time.
    func drain(_ body: (_ encoded: [UInt8], _ count: Int) throws -> Void) throws {
        for index in partitions.indices { try flush(index) }
        for partition in partitions {
            let bytes = try WholeFile.read(partition.url, limit: .max)
            try? FileManager.default.removeItem(at: partition.url)
            var records: [(key: UInt64, range: Range<Int>)] = []
            var position = 0
            while position + Self.headerBytes <= bytes.count {
                var (key, count): (UInt64, Int) = (0, 0)
                for byte in 0..<8 { key |= UInt64(bytes[position + byte]) << (8 * UInt64(byte)) }
                for byte in 0..<4 { count |= Int(bytes[position + 8 + byte]) << (8 * byte) }
                position += Self.headerBytes
                guard count <= bytes.count - position else {
                    throw InputError(.run, at: partition.url.path, "the file was changed while it was in use")
                }
                records.append((key, position..<position + count))
                position += count
            }
            records.sort { ($0.key, $0.range.lowerBound) < ($1.key, $1.range.lowerBound) }
            var ordered: [UInt8] = []
            ordered.reserveCapacity(bytes.count)
            for record in records { ordered += bytes[record.range] }
            try body(ordered, records.count)
        }
    }

    private func flush(_ index: Int) throws {
        let path = partitions[index].url.path
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError.inputError(at: path, "cannot write the file", errno) }
        defer { close(descriptor) }
        var rest = partitions[index].pending
        partitions[index].pending.removeAll(keepingCapacity: true)
        while !rest.isEmpty {
            let written = write(descriptor, rest, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw SystemError.inputError(at: path, "cannot write the file", errno)
            }
            rest.removeFirst(written)
        }
    }
}
