import Foundation
import InkSupport

/// Records of numbers in the work folder, counted from 0: memory does not grow with how many they are.
final class ScratchRecords<Number: FixedWidthInteger & BitwiseCopyable> {
    private let numbers: ScratchFile<Number>
    /// Where each record ends; nil for records of one length.
    private let ends: ScratchFile<UInt64>?
    private let length: Int

    /// - Parameter length: numbers in every record; nil for records of different lengths.
    /// - Throws: `InputError` (`.run`) when a file cannot be made.
    init(in folder: URL, name: String, length: Int? = nil) throws {
        numbers = try ScratchFile(folder.appending(path: name))
        ends = length == nil ? try ScratchFile(folder.appending(path: "\(name)-ends")) : nil
        self.length = length ?? 0
    }

    /// Adds the next records, one behind the other.
    /// - Parameter lengths: of each; not looked at where all have one length.
    /// - Throws: `InputError` (`.run`), for instance when the disk is full.
    func append(_ records: [Number], lengths: [Int]) throws {
        var end = UInt64(numbers.count)
        try numbers.append(records)
        try ends?.append(
            lengths.map {
                end += UInt64($0)
                return end
            })
    }

    /// A record.
    /// - Throws: `InputError` (`.run`) when it cannot be read.
    func read(_ number: Int) throws -> [Number] {
        guard let ends else { return try numbers.read(at: number * length, count: length) }
        let around = try ends.read(at: max(0, number - 1), count: number == 0 ? 1 : 2)
        let start = number == 0 ? 0 : Int(around[0])
        return try numbers.read(at: start, count: Int(around[around.count - 1]) - start)
    }
}
