/// An open-addressing hash table from a pair of numbers to a number: the edges of a trie, the pairs of a merge table.
///
/// An entry has 8 bytes, so that a look-up costs about one cache line and large vocabularies stay in the cache.
struct EdgeTable: Sendable {
    /// `source` and a value must be below this, and not 0.
    static let limit = 1 << 22
    /// `label` must be below this.
    static let labelLimit = 1 << 20

    /// Source, label and value, from the highest bit down; 0 is an empty slot. Their number is a power of two.
    private(set) var entries: [UInt64]
    private(set) var shift: UInt64
    private var count = 0

    /// An empty table with room for about `expectedCount` edges.
    init(expectedCount: Int) {
        var bits: UInt64 = 8
        while 1 << bits < expectedCount * 2, bits < 24 { bits += 1 }
        shift = 64 - bits
        entries = [UInt64](repeating: 0, count: 1 << Int(bits))
    }

    /// The value of `source` and `label`; 0 when there is none.
    @inline(__always)
    func find(_ source: UInt32, _ label: UInt32) -> UInt32 { Self.find(entries.span, shift, source, label) }

    /// The same on a table's `entries` and `shift`, for loops that look up often.
    @inline(__always)
    static func find(_ entries: borrowing Span<UInt64>, _ shift: UInt64, _ source: UInt32, _ label: UInt32) -> UInt32 {
        resolve(probe(entries, shift, source, label), entries, shift, source, label)
    }

    /// The first entry to look at. A loop that fetches those of many edges before it looks at one waits for the memory
    /// but once.
    @inline(__always)
    static func probe(_ entries: borrowing Span<UInt64>, _ shift: UInt64, _ source: UInt32, _ label: UInt32) -> UInt64 {
        entries[slot(key(source, label), shift)]
    }

    /// What `find` gives, from the entry that `probe` gave.
    @inline(__always)
    static func resolve(
        _ first: UInt64, _ entries: borrowing Span<UInt64>, _ shift: UInt64, _ source: UInt32, _ label: UInt32
    ) -> UInt32 {
        let key = key(source, label)
        var entry = first
        var slot = slot(key, shift)
        while entry >> 22 != key {
            if entry == 0 { return 0 }
            slot = (slot + 1) & (entries.count - 1)
            entry = entries[slot]
        }
        return UInt32(truncatingIfNeeded: entry & 0x3F_FFFF)
    }

    /// Sets the value of `source` and `label`, whether there is one or not.
    mutating func set(_ source: UInt32, _ label: UInt32, _ value: UInt32) {
        if (count + 1) * 2 > entries.count { grow() }
        place(Self.key(source, label) << 22 | UInt64(value))
    }

    @inline(__always)
    private static func key(_ source: UInt32, _ label: UInt32) -> UInt64 { UInt64(source) << 20 | UInt64(label) }

    @inline(__always)
    private static func slot(_ key: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }

    private mutating func place(_ entry: UInt64) {
        var slot = Self.slot(entry >> 22, shift)
        while entries[slot] != 0, entries[slot] >> 22 != entry >> 22 { slot = (slot + 1) & (entries.count - 1) }
        if entries[slot] == 0 { count += 1 }
        entries[slot] = entry
    }

    private mutating func grow() {
        let old = entries
        shift -= 1
        count = 0
        entries = [UInt64](repeating: 0, count: old.count * 2)
        for entry in old where entry != 0 { place(entry) }
    }
}
