import Foundation
import InkSupport

/// Finds documents with equal keys among more than memory holds.
///
/// Pairs of key and document lie in partitions by the first bits of the key: in memory while they fit, then in one file.
/// Each partition is looked at alone, several at a time, and split again by the next bits where it is still too large.
final class KeyTable {
    /// Bytes that a table may take: a quarter for entries on their way to the file, the rest for the partitions that are
    /// looked at.
    private let memory: Int
    private let folder: URL
    private let name: String
    private let width: KeyEntries.Width
    private let level: Int
    private var pending = [[UInt32]](repeating: [], count: KeyEntries.partitions)
    private var pendingCount = 0
    private var file: ScratchFile<UInt32>?
    /// Of each partition: where its pieces lie in the file.
    private var pieces = [[Range<Int>]](repeating: [], count: KeyEntries.partitions)

    /// - Parameters:
    ///   - name: what the files are named after; one of its own for each table.
    ///   - memory: bytes that the table may take.
    init(in folder: URL, name: String, _ width: KeyEntries.Width, memory: Int, level: Int = 0) {
        self.folder = folder
        self.name = name
        self.width = width
        self.memory = memory
        self.level = level
    }

    /// Words of entries that may wait for the file.
    private var pendingLimit: Int { max(64 * width.rawValue, memory / 4 / 4) }
    /// Words of a partition that is looked at in memory.
    private var partitionLimit: Int { max(64 * width.rawValue, memory / 16 / 4) }

    /// Adds entries that are partitioned by the table's level.
    /// - Parameter firstDocument: what their documents are counted from; documents of a later call come later.
    /// - Throws: `InputError` (`.run`) when the disk is full.
    func add(_ part: (entries: KeyEntries, ends: [Int]), firstDocument: UInt32 = 0) throws {
        var entries = part.entries
        if firstDocument > 0 { entries.shiftDocuments(by: firstDocument) }
        var start = 0
        for (partition, end) in part.ends.enumerated() where end > start {
            pending[partition] += entries.words[start..<end]
            start = end
        }
        pendingCount += entries.words.count
        if pendingCount >= pendingLimit { try spill() }
    }

    /// Calls `body` with each group of two documents or more, in an order that does not depend on the number of threads,
    /// and forgets them all.
    /// - Parameter skipped: documents that are not looked at.
    /// - Throws: what `body` throws; `InputError` (`.run`) when a file cannot be read or written.
    func forEachGroup(
        threads: Int, skipping skipped: DocumentSet? = nil, _ body: (KeyGroups.Group) throws -> Void
    ) throws {
        var partition = 0
        var large: [Int] = []
        let width = width
        try OrderedWork.run(
            threads: threads,
            next: {
                while partition < KeyEntries.partitions {
                    defer { partition += 1 }
                    let count = pieces[partition].reduce(pending[partition].count) { $0 + $1.count }
                    if count > partitionLimit { large.append(partition) }
                    if count > width.rawValue, count <= partitionLimit {
                        var words: [UInt32] = []
                        words.reserveCapacity(count)
                        try forEachPiece(of: partition) { words += $0 }
                        return words
                    }
                }
                return nil
            },
            makeWorker: {},
            work: { words, _ in KeyGroups(KeyEntries(width, words: words), skipping: skipped) },
            consume: { try $0.forEach(body) })
        for partition in large {
            if level + 1 < KeyEntries.levels {
                let parts = KeyTable(
                    in: folder, name: "\(name)-\(partition)", width, memory: memory, level: level + 1)
                try forEachPiece(of: partition) {
                    try parts.add(KeyEntries(width, words: $0).partitioned(level: level + 1))
                }
                try parts.forEachGroup(threads: threads, skipping: skipped, body)
            } else {
                try handOverOneKey(partition, skipped, body)
            }
        }
        file = nil
    }

    /// Hands over a partition in parts whose keys have the same 64 bits, and mostly are one key.
    private func handOverOneKey(
        _ partition: Int, _ skipped: DocumentSet?, _ body: (KeyGroups.Group) throws -> Void
    ) throws {
        var groups: [(first: KeyEntries, documents: [UInt32], isContinued: Bool)] = []
        func handOver(_ index: Int) throws {
            try body(
                KeyGroups.Group(
                    key: groups[index].first.key(0), documents: groups[index].documents[...],
                    isContinued: groups[index].isContinued))
            groups[index].documents.removeSubrange(1...)
            groups[index].isContinued = true
        }
        let width = width.rawValue
        try forEachPiece(of: partition) { words in
            for start in stride(from: 0, to: words.count, by: width) {
                let entry = KeyEntries(self.width, words: Array(words[start..<(start + width)]))
                if let skipped, skipped.contains(entry.document(0)) { continue }
                let index = groups.firstIndex { group in
                    KeyEntries(self.width, words: group.first.words + entry.words).haveSameKey(0, 1)
                }
                guard let index else {
                    groups.append((entry, [entry.document(0)], false))
                    continue
                }
                groups[index].documents.append(entry.document(0))
                if groups[index].documents.count * width >= partitionLimit { try handOver(index) }
            }
        }
        for index in groups.indices where groups[index].documents.count > 1 { try handOver(index) }
    }

    /// Reads a partition in the order in which it was added.
    private func forEachPiece(of partition: Int, _ body: ([UInt32]) throws -> Void) throws {
        if let file {
            for piece in pieces[partition] { try body(file.read(at: piece.lowerBound, count: piece.count)) }
        }
        if !pending[partition].isEmpty { try body(pending[partition]) }
    }

    private func spill() throws {
        let file = try file ?? ScratchFile(folder.appending(path: "\(name).keys"))
        self.file = file
        for partition in pending.indices where !pending[partition].isEmpty {
            let start = file.count
            try file.append(pending[partition])
            pieces[partition].append(start..<file.count)
            pending[partition].removeAll(keepingCapacity: true)
        }
        pendingCount = 0
    }
}
