import Foundation
import InkCheckpoint
import InkSupport
import InkTestSupport
import Testing

/// Archives put together by hand around the entries of a fixture: what `torch.save` writes beyond 4 GiB, and lies.
@Suite struct ZipArchiveTests {
    private struct Entry {
        var name: String
        var contents: [UInt8]
        /// An offset to write in the directory in place of the true one.
        var statedStart: Int?
    }

    private static func bytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// A stored archive; with `large`, all sizes and places are in the 64-bit fields and the others are saturated.
    private static func archive(_ entries: [Entry], large: Bool) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let start = entry.statedStart ?? file.count
            let size = entry.contents.count
            let name = Array(entry.name.utf8)
            let sizes = large ? bytes(UInt64.max) : bytes(UInt32(size)) + bytes(UInt32(size))
            let middle = [UInt8](repeating: 0, count: 10) + sizes + bytes(UInt16(name.count))
            file += bytes(UInt32(0x0403_4B50)) + [45, 0] + [0, 0] + middle + [0, 0] + name
            file += entry.contents
            var extra: [UInt8] = []
            if large {
                // A field of another kind stands before the one that matters.
                extra = bytes(UInt16(0x5455)) + bytes(UInt16(1)) + [7]
                extra += bytes(UInt16(1)) + bytes(UInt16(24)) + bytes(UInt64(size)) + bytes(UInt64(size))
                extra += bytes(UInt64(start))
            }
            directory += bytes(UInt32(0x0201_4B50)) + [45, 0, 45, 0] + [0, 0] + middle
            directory += bytes(UInt16(extra.count)) + [UInt8](repeating: 0, count: 10)
            directory += bytes(large ? UInt32.max : UInt32(start)) + name + extra
        }
        let (start, size, count) = (file.count, directory.count, entries.count)
        file += directory
        if large {
            let end64 = file.count
            file += bytes(UInt32(0x0606_4B50)) + bytes(UInt64(44)) + [45, 0, 45, 0] + [UInt8](repeating: 0, count: 8)
            file += bytes(UInt64(count)) + bytes(UInt64(count)) + bytes(UInt64(size)) + bytes(UInt64(start))
            file += bytes(UInt32(0x0706_4B50)) + bytes(UInt32(0)) + bytes(UInt64(end64)) + bytes(UInt32(1))
        }
        file += bytes(UInt32(0x0605_4B50)) + [0, 0, 0, 0]
        let counts = large ? UInt16.max : UInt16(count)
        file += bytes(counts) + bytes(counts) + bytes(large ? UInt32.max : UInt32(size))
        return file + bytes(large ? UInt32.max : UInt32(start)) + [0, 0]
    }

    /// One tensor `x` of four `f32` elements, as `torch.save` describes it.
    private static let entries: [Entry] = {
        var pickle: [UInt8] = [0x80, 2, 0x7D]
        func text(_ text: String) { pickle += [0x58] + bytes(UInt32(text.utf8.count)) + Array(text.utf8) }
        text("x")
        pickle += Array("ctorch._utils\n_rebuild_tensor_v2\n((".utf8)
        text("storage")
        pickle += Array("ctorch\nFloatStorage\n".utf8)
        text("0")
        text("cpu")
        pickle += [0x4B, 4, 0x74, 0x51, 0x4B, 0, 0x4B, 2, 0x4B, 2, 0x86, 0x4B, 1, 0x4B, 2, 0x86, 0x89]
        pickle += Array("ccollections\nOrderedDict\n)RtRs.".utf8)
        let values: [Float] = [1, 2, 3, 4]
        return [
            Entry(name: "model/data.pkl", contents: pickle),
            Entry(name: "model/data/0", contents: values.flatMap { bytes($0.bitPattern) }),
        ]
    }()

    private static func read(_ bytes: [UInt8]) throws -> [Float] {
        var values: [Float] = []
        try withTemporaryFolder { values = try read(bytes, in: $0) }
        return values
    }

    private static func read(_ bytes: [UInt8], in folder: URL) throws -> [Float] {
        let file = folder.appending(path: "pytorch_model.bin")
        try Data(bytes).write(to: file)
        return try Checkpoint(contentsOf: file).tensor("x", expecting: [2, 2]).values
    }

    /// The strides of the tensor are [1, 2]: it is the transpose of what is stored.
    @Test(arguments: [false, true])
    func smallAndLargeArchivesAreRead(_ large: Bool) throws {
        #expect(try Self.read(Self.archive(Self.entries, large: large)) == [1, 3, 2, 4])
    }

    /// An entry within another one, with a header of its own.
    @Test(arguments: [false, true])
    func overlappingEntriesAreRefused(_ large: Bool) throws {
        let inner = Entry(name: "inner", contents: [1])
        let innerBytes = Self.archive([inner], large: large).prefix(Self.length(inner))
        let outer = Entry(name: "outer", contents: Array(innerBytes))
        let place = Self.entries.map(Self.length).reduce(0, +) + Self.length(outer) - outer.contents.count
        let entries = Self.entries + [outer, Entry(name: "inner", contents: [1], statedStart: place)]
        let error = try #require(throws: InputError.self) { _ = try Self.read(Self.archive(entries, large: large)) }
        #expect(error.problem.contains("overlap"))
    }

    private static func length(_ entry: Entry) -> Int { 30 + entry.name.utf8.count + entry.contents.count }

    @Test func damagedLargeArchivesNeverCrash() throws {
        let whole = Self.archive(Self.entries, large: true)
        try withTemporaryFolder { folder in
            for place in whole.indices {
                var damaged = whole
                damaged[place] = damaged[place] == 0xFF ? 0x80 : 0xFF
                do { _ = try Self.read(damaged, in: folder) } catch is InputError {}
            }
        }
    }
}
