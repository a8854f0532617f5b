import Foundation
import InkSupport

/// A 128-bit fingerprint.
struct Fingerprint: Hashable, Comparable, Sendable {
    var high: UInt64
    var low: UInt64

    static func < (left: Fingerprint, right: Fingerprint) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

/// Finds documents with equal keys among more than memory holds.
///
/// Pairs of key and document are kept in memory while they fit; then they go to files by the first bits of the key, and
/// each file is looked at alone, and split again by the next bits where it is still too large.
final class KeyTable {
    /// Documents with one key.
    struct Group {
        var key: Fingerprint
        /// In order.
        var documents: [UInt32]
        /// Whether these stand with those of the group before, whose first is the first again: a group of more than
        /// fits in memory comes in parts.
        var isContinued: Bool
    }

    private struct Entry {
        var key: Fingerprint
        var document: UInt32

        static let bytes = 20

        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            left.key != right.key ? left.key < right.key : left.document < right.document
        }
    }

    private static let bitsPerLevel = 6
    private static let deepestLevel = 10

    private let folder: URL
    private let name: String
    private let memory: Int
    private let level: Int
    private let capacity: Int
    private var entries: [Entry] = []
    private var files: [ScratchFile] = []
    /// The key whose first documents were already handed over.
    private var handedOver: Fingerprint?

    /// - Parameters:
    ///   - name: what the files are named after; one of its own for each table.
    ///   - memory: bytes that the table may take.
    init(in folder: URL, name: String, memory: Int, level: Int = 0) {
        self.folder = folder
        self.name = name
        self.memory = memory
        self.level = level
        // An array that grows is there twice for a moment.
        capacity = max(64, memory / (2 * MemoryLayout<Entry>.stride))
    }

    /// Adds a document under a key, documents in order.
    /// - Throws: `InputError` (`.run`) when the disk is full.
    func add(_ key: Fingerprint, _ document: UInt32) throws {
        if entries.count >= capacity, level < Self.deepestLevel { try spill() }
        entries.append(Entry(key: key, document: document))
    }

    /// Calls `body` with each group of two documents or more, and forgets them all.
    /// - Throws: what `body` throws; `InputError` (`.run`) when a file cannot be read or written.
    func forEachGroup(_ body: (Group) throws -> Void) throws {
        guard !files.isEmpty else {
            try sortAndGroup(body)
            entries = []
            return
        }
        try spill()
        entries = []
        while let file = files.popLast() {
            if file.count == 0 { continue }
            let part = KeyTable(in: folder, name: "\(name)-\(files.count)", memory: memory, level: level + 1)
            var offset = 0
            while offset < file.count {
                let count = min(file.count - offset, Entry.bytes << 12)
                let bytes = try file.read(at: offset, count: count)
                for start in stride(from: 0, to: count, by: Entry.bytes) {
                    try part.addAgain(Self.decode(bytes, start), body)
                }
                offset += count
            }
            try part.forEachGroup(body)
        }
    }

    /// Adds an entry of a file. Where no bits are left to split by, the entries have one key: they are handed over in
    /// parts.
    private func addAgain(_ entry: Entry, _ body: (Group) throws -> Void) throws {
        if level >= Self.deepestLevel, entries.count >= capacity, let first = entries.first,
            entries.allSatisfy({ $0.key == entry.key })
        {
            try body(Group(key: first.key, documents: entries.map(\.document), isContinued: handedOver == first.key))
            handedOver = first.key
            entries.removeSubrange(1...)
        }
        try add(entry.key, entry.document)
    }

    private func sortAndGroup(_ body: (Group) throws -> Void) throws {
        entries.sort(by: Entry.precedes)
        var start = 0
        while start < entries.count {
            var end = start + 1
            while end < entries.count, entries[end].key == entries[start].key { end += 1 }
            if end - start > 1 {
                let key = entries[start].key
                let documents = entries[start..<end].map(\.document)
                try body(Group(key: key, documents: documents, isContinued: handedOver == key))
            }
            start = end
        }
    }

    private func spill() throws {
        let count = 1 << Self.bitsPerLevel
        if files.isEmpty {
            files = try (0..<count).map { try ScratchFile(folder.appending(path: "\(name)-\($0).keys")) }
        }
        var bytes = [[UInt8]](repeating: [], count: count)
        let shift = UInt64(64 - Self.bitsPerLevel * (level + 1))
        for entry in entries {
            Self.encode(entry, to: &bytes[Int(entry.key.high >> shift) & (count - 1)])
        }
        for (file, bytes) in zip(files, bytes) { try file.append(bytes) }
        entries.removeAll(keepingCapacity: true)
    }

    private static func encode(_ entry: Entry, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: entry.key.high >> shift)) }
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: entry.key.low >> shift)) }
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: entry.document >> shift)) }
    }

    private static func decode(_ bytes: [UInt8], _ at: Int) -> Entry {
        var (high, low, document) = (UInt64(0), UInt64(0), UInt32(0))
        for index in 0..<8 {
            high |= UInt64(bytes[at + index]) << (8 * UInt64(index))
            low |= UInt64(bytes[at + 8 + index]) << (8 * UInt64(index))
        }
        for index in 0..<4 { document |= UInt32(bytes[at + 16 + index]) << (8 * UInt32(index)) }
        return Entry(key: Fingerprint(high: high, low: low), document: document)
    }
}
