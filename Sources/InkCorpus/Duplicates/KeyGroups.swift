/// Documents with equal keys.
struct KeyGroups: Sendable {
    /// Documents with one key.
    struct Group {
        /// The first 64 bits of the key.
        var key: UInt64
        /// In the order of the entries; two or more.
        var documents: ArraySlice<UInt32>
        /// Whether these stand with those of an earlier group with the same key, whose first is the first again: a group
        /// of more than fits in memory comes in parts.
        var isContinued = false

        var first: UInt32 { documents[documents.startIndex] }
        var others: ArraySlice<UInt32> { documents.dropFirst() }
    }

    private var keys: [UInt64] = []
    private var documents: [UInt32] = []
    private var ends: [Int] = []

    /// The groups of two documents or more, in the order of their second documents.
    /// - Parameter skipped: documents that are not looked at.
    init(_ entries: KeyEntries, skipping skipped: DocumentSet?) {
        let count = entries.count
        var bits = 4
        while 1 << bits < 2 * count { bits += 1 }
        // Open addressing; a slot holds one more than the first entry with a key.
        var slots = [UInt32](repeating: 0, count: 1 << bits)
        // Of a first entry: the latest with its key. Of every entry: the next with its key, 0 for none.
        var latest = [UInt32](repeating: 0, count: count)
        var next = latest
        var repeated: [UInt32] = []
        for entry in 0..<count {
            if let skipped, skipped.contains(entries.document(entry)) { continue }
            var slot = Int((entries.key(entry) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - bits))
            while slots[slot] != 0, !entries.haveSameKey(Int(slots[slot]) - 1, entry) {
                slot = (slot + 1) & (slots.count - 1)
            }
            let number = UInt32(truncatingIfNeeded: entry)
            guard slots[slot] != 0 else {
                slots[slot] = number + 1
                latest[entry] = number
                continue
            }
            let first = slots[slot] - 1
            if latest[Int(first)] == first { repeated.append(first) }
            next[Int(latest[Int(first)])] = number
            latest[Int(first)] = number
        }
        for first in repeated {
            keys.append(entries.key(Int(first)))
            documents.append(entries.document(Int(first)))
            var entry = next[Int(first)]
            while entry != 0 {
                documents.append(entries.document(Int(entry)))
                entry = next[Int(entry)]
            }
            ends.append(documents.count)
        }
    }

    func forEach(_ body: (Group) throws -> Void) rethrows {
        var start = 0
        for (key, end) in zip(keys, ends) {
            try body(Group(key: key, documents: documents[start..<end]))
            start = end
        }
    }
}
