import Foundation

/// Records of bytes in the work folder, numbered from 0: memory does not grow with their number.
final class ScratchRecords {
    private let bytes: ScratchFile<UInt8>
    /// Where each record ends; nil for records of one length.
    private let ends: ScratchFile<UInt64>?
    private let length: Int

    /// - Parameter length: bytes of every record; nil for records of different lengths.
    /// - Throws: `InputError` (`.run`) when a file cannot be made.
    init(in folder: URL, name: String, length: Int? = nil) throws {
        bytes = try ScratchFile(folder.appending(path: name))
        ends = length == nil ? try ScratchFile(folder.appending(path: "\(name)-ends")) : nil
        self.length = length ?? 0
    }

    /// Adds the next records, one behind the other.
    /// - Parameter lengths: of each; not looked at where all have one length.
    /// - Throws: `InputError` (`.run`), for instance when the disk is full.
    func append(_ records: [UInt8], lengths: [Int]) throws {
        var end = UInt64(bytes.count)
        try bytes.append(records)
        try ends?.append(
            lengths.map {
                end += UInt64($0)
                return end
            })
    }

    /// A record.
    /// - Throws: `InputError` (`.run`) when it cannot be read.
    func read(_ number: Int) throws -> [UInt8] {
        guard let ends else { return try bytes.read(at: number * length, count: length) }
        let around = try ends.read(at: max(0, number - 1), count: number == 0 ? 1 : 2)
        let start = number == 0 ? 0 : Int(around[0])
        return try bytes.read(at: start, count: Int(around[around.count - 1]) - start)
    }
}
