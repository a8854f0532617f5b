/// Counts of many small keys, in half the memory and a fraction of the time of a dictionary: open addressing, a slot
/// of 16 bytes. Each key has two counts.
struct CountTable: Sendable {
    private var keys: [UInt64]
    private var counts: [SIMD2<UInt32>]
    private(set) var count = 0

    init() {
        keys = [UInt64](repeating: 0, count: 1 << 10)
        counts = [SIMD2<UInt32>](repeating: .zero, count: 1 << 10)
    }

    /// The counts of a key; both 0 for an unknown one.
    subscript(key: UInt64) -> SIMD2<UInt32> {
        let slot = slot(key)
        return keys[slot] == key &+ 1 ? counts[slot] : .zero
    }

    /// Adds to the counts of a key, which must be below 2^64 − 1.
    mutating func add(_ change: SIMD2<UInt32>, to key: UInt64) {
        var place = slot(key)
        if keys[place] == 0 {
            if 3 * count >= 2 * keys.count {
                grow()
                place = slot(key)
            }
            keys[place] = key &+ 1
            count += 1
        }
        counts[place] &+= change
    }

    /// Every key with its counts, in no order that means anything.
    func forEach(_ body: (UInt64, SIMD2<UInt32>) -> Void) {
        for place in keys.indices where keys[place] != 0 { body(keys[place] &- 1, counts[place]) }
    }

    /// The slot of a key, or the empty one where it belongs. Empty slots hold 0, others the key plus 1.
    private func slot(_ key: UInt64) -> Int {
        let mask = keys.count - 1
        var place = Int(truncatingIfNeeded: Hash64.mix(key)) & mask
        while keys[place] != 0, keys[place] != key &+ 1 { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let (oldKeys, oldCounts) = (keys, counts)
        keys = [UInt64](repeating: 0, count: 2 * oldKeys.count)
        counts = [SIMD2<UInt32>](repeating: .zero, count: 2 * oldKeys.count)
        for place in oldKeys.indices where oldKeys[place] != 0 {
            let new = slot(oldKeys[place] &- 1)
            keys[new] = oldKeys[place]
            counts[new] = oldCounts[place]
        }
    }
}
