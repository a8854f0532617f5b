/// An open-addressing hash table from a pair of numbers to a pair of numbers: the edges of a trie, the pairs of a merge
/// table. One entry is 16 bytes, so that a look-up costs about one cache line.
struct EdgeTable: Sendable {
    struct Entry: Sendable {
        fileprivate let key: UInt64
        /// The two values.
        var target: UInt32
        var payload: Int32

        /// No such edge.
        static let none = Entry(key: 0, target: 0, payload: -1)
    }

    private var entries: [Entry]
    private var shift: UInt64
    private(set) var count = 0

    /// An empty table with room for about `expectedCount` edges.
    init(expectedCount: Int) {
        var bits: UInt64 = 8
        while 1 << bits < expectedCount * 2 { bits += 1 }
        shift = 64 - bits
        entries = [Entry](repeating: .none, count: 1 << Int(bits))
    }

    /// The entry for `source` and `label`, or nil. `source` must not be 0.
    @inline(__always)
    func find(_ source: UInt32, _ label: UInt32) -> Entry? {
        let key = UInt64(source) << 32 | UInt64(label)
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while true {
            let entry = entries[slot]
            if entry.key == key { return entry }
            if entry.key == 0 { return nil }
            slot = (slot + 1) & (entries.count - 1)
        }
    }

    /// Sets the entry for `source` and `label`, whether there is one or not.
    mutating func set(_ source: UInt32, _ label: UInt32, target: UInt32, payload: Int32) {
        if (count + 1) * 2 > entries.count { grow() }
        place(Entry(key: UInt64(source) << 32 | UInt64(label), target: target, payload: payload))
    }

    private mutating func place(_ entry: Entry) {
        var slot = Int(truncatingIfNeeded: (entry.key &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while entries[slot].key != 0, entries[slot].key != entry.key { slot = (slot + 1) & (entries.count - 1) }
        if entries[slot].key == 0 { count += 1 }
        entries[slot] = entry
    }

    private mutating func grow() {
        let old = entries
        shift -= 1
        count = 0
        entries = [Entry](repeating: .none, count: old.count * 2)
        for entry in old where entry.key != 0 { place(entry) }
    }
}
