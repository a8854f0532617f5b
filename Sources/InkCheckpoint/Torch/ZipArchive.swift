import InkSupport

/// The directory of a ZIP archive whose entries are stored without compression, as PyTorch writes them.
///
/// Sizes and places are taken from the central directory (APPNOTE 6.3, with the 64-bit extension) and must agree with
/// the file: entries that are compressed, encrypted, overlapping or outside the file are errors.
struct ZipArchive {
    /// Where the contents of each entry are in the file.
    let entries: [String: Range<Int>]
    private let file: RandomAccessFile

    private static let endSignature: UInt32 = 0x0605_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locator64Signature: UInt32 = 0x0706_4B50
    private static let entrySignature: UInt32 = 0x0201_4B50
    private static let localSignature: UInt32 = 0x0403_4B50

    init(_ file: RandomAccessFile) throws {
        self.file = file
        let directory = try Directory(file)
        var reader = try BoundedReader(file, directory.range, subject: "ZIP directory")
        var entries: [String: Range<Int>] = [:]
        var extents: [Range<Int>] = []
        while reader.remaining > 0 {
            let entry = try DirectoryEntry(&reader)
            let contents = try entry.contents(in: file, before: directory.range.lowerBound)
            guard entries.updateValue(contents, forKey: entry.name) == nil else {
                throw InputError(at: "\(file.path): \(entry.name)", "two entries of the archive have this name")
            }
            extents.append(entry.start..<contents.upperBound)
        }
        guard entries.count == directory.count else {
            throw InputError(
                at: file.path, "the ZIP directory has another number of entries than it says",
                expected: "\(directory.count)", found: "\(entries.count)")
        }
        extents.sort { $0.lowerBound < $1.lowerBound }
        guard zip(extents, extents.dropFirst()).allSatisfy({ $0.upperBound <= $1.lowerBound }) else {
            throw InputError(at: file.path, "entries of the archive overlap")
        }
        self.entries = entries
    }

    /// The place and length of the central directory.
    private struct Directory {
        let range: Range<Int>
        let count: Int

        init(_ file: RandomAccessFile) throws {
            var end = try Self.findEnd(file)
            let start = end.offset
            guard try end.integer(UInt32.self) == endSignature, try end.integer(UInt16.self) != 1 else {
                throw Self.error(file)
            }
            _ = try end.take(4)
            var count = Int(try end.integer(UInt16.self))
            var size = Int(try end.integer(UInt32.self))
            var offset = Int(try end.integer(UInt32.self))
            if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
                var locator = try BoundedReader(file, start - 20..<start, subject: "ZIP directory")
                guard try locator.integer(UInt32.self) == locator64Signature else { throw Self.error(file) }
                _ = try locator.take(4)
                let place = try locator.size(UInt64.self)
                guard place <= start - 76 else { throw Self.error(file) }
                var end64 = try BoundedReader(file, place..<place + 56, subject: "ZIP directory")
                guard try end64.integer(UInt32.self) == end64Signature else { throw Self.error(file) }
                _ = try end64.take(28)
                count = try end64.size(UInt64.self)
                size = try end64.size(UInt64.self)
                offset = try end64.size(UInt64.self)
            }
            guard offset <= start, size <= start - offset else { throw Self.error(file) }
            range = offset..<offset + size
            self.count = count
        }

        /// The record at the very end of the archive, which a comment of at most 65535 bytes may follow.
        private static func findEnd(_ file: RandomAccessFile) throws -> BoundedReader {
            let last = file.count - 22
            let first = max(0, last - 0xFFFF)
            guard last >= 0 else { throw error(file) }
            let tail = try file.bytes(first..<file.count)
            for offset in stride(from: last, through: first, by: -1)
            where tail[(offset - first)...].starts(with: [0x50, 0x4B, 0x05, 0x06]) {
                var reader = try BoundedReader(file, offset..<file.count, subject: "ZIP directory")
                let record = reader
                _ = try reader.take(20)
                if Int(try reader.integer(UInt16.self)) == reader.remaining { return record }
            }
            throw error(file)
        }

        private static func error(_ file: RandomAccessFile) -> InputError {
            InputError(
                at: file.path, "the archive's directory is missing or damaged",
                remedy: "the file may be cut off; copy or download it again")
        }
    }

    /// One entry's record in the central directory.
    private struct DirectoryEntry {
        let name: String
        /// Offset of the entry's own header.
        let start: Int
        let size: Int
        private let path: String

        init(_ reader: inout BoundedReader) throws {
            path = reader.file.path
            guard try reader.integer(UInt32.self) == entrySignature else {
                throw InputError(at: path, "the ZIP directory is damaged at byte \(reader.offset)")
            }
            _ = try reader.take(4)
            let flags = try reader.integer(UInt16.self)
            let method = try reader.integer(UInt16.self)
            _ = try reader.take(8)
            var stored = Int(try reader.integer(UInt32.self))
            var size = Int(try reader.integer(UInt32.self))
            let nameLength = Int(try reader.integer(UInt16.self))
            let extraLength = Int(try reader.integer(UInt16.self))
            let commentLength = Int(try reader.integer(UInt16.self))
            _ = try reader.take(8)
            var start = Int(try reader.integer(UInt32.self))
            name = try reader.text(nameLength)
            let extra = try reader.take(extraLength)
            _ = try reader.take(commentLength)
            guard flags & 1 == 0, method == 0 else {
                throw InputError(
                    at: "\(path): \(name)", "the entry is compressed or encrypted", expected: "a stored entry",
                    found: flags & 1 == 1 ? "an encrypted entry" : "compression method \(method)",
                    remedy: "PyTorch never compresses weights; convert the file to safetensors with a tool you trust")
            }
            if size == 0xFFFF_FFFF || stored == 0xFFFF_FFFF || start == 0xFFFF_FFFF,
                var field = try Self.field64(in: reader.file, extra)
            {
                if size == 0xFFFF_FFFF { size = try field.size(UInt64.self) }
                if stored == 0xFFFF_FFFF { stored = try field.size(UInt64.self) }
                if start == 0xFFFF_FFFF { start = try field.size(UInt64.self) }
            }
            guard stored == size else {
                throw InputError(
                    at: "\(path): \(name)", "a stored entry has two sizes", expected: "\(stored)", found: "\(size)")
            }
            self.size = size
            self.start = start
        }

        /// The extra field that holds the numbers too large for 32 bits.
        private static func field64(in file: RandomAccessFile, _ range: Range<Int>) throws -> BoundedReader? {
            var reader = try BoundedReader(file, range, subject: "ZIP directory")
            while reader.remaining >= 4 {
                let identifier = try reader.integer(UInt16.self)
                let field = try reader.take(Int(try reader.integer(UInt16.self)))
                if identifier == 1 { return try BoundedReader(file, field, subject: "ZIP directory") }
            }
            return nil
        }

        /// Where the contents are: behind the entry's own header and before the directory, at `end`.
        func contents(in file: RandomAccessFile, before end: Int) throws -> Range<Int> {
            guard start <= end else {
                throw InputError(
                    at: "\(path): \(name)", "the entry lies outside the archive",
                    expected: "an offset within \(end) bytes", found: "\(start)")
            }
            var reader = try BoundedReader(file, start..<end, subject: "ZIP entry \(name)")
            guard try reader.integer(UInt32.self) == localSignature else {
                throw InputError(at: "\(path): \(name)", "the entry's header is damaged")
            }
            _ = try reader.take(22)
            let nameLength = Int(try reader.integer(UInt16.self))
            let extraLength = Int(try reader.integer(UInt16.self))
            guard try reader.text(nameLength) == name else {
                throw InputError(at: "\(path): \(name)", "the entry has another name in its own header")
            }
            _ = try reader.take(extraLength)
            return try reader.take(size)
        }
    }
}
