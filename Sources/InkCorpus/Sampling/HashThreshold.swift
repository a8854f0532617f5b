/// Exactly so many of a row of numbered things, each set of them equally likely, without a table of them.
///
/// A thing is taken when the hash of its number is below a limit. `Hash64.of(_:seed:)` gives each number another hash, so
/// there is a limit for every count.
struct HashThreshold: Sendable {
    private let seed: UInt64
    /// The largest hash that is taken; nil when none is.
    private let last: UInt64?

    private static let bucketBits: UInt64 = 16

    /// - Parameters:
    ///   - taken: how many of `count` things to take; at most all.
    init(taking taken: Int, of count: Int, seed: UInt64) {
        self.seed = seed
        guard taken > 0, count > 0 else {
            last = nil
            return
        }
        guard taken < count else {
            last = .max
            return
        }
        // Which sixteenth bits the limit has, then the limit among the few hashes that share them.
        let shift = 64 - Self.bucketBits
        var buckets = [Int](repeating: 0, count: 1 << Self.bucketBits)
        for number in 0..<UInt64(count) { buckets[Int(Hash64.of(number, seed: seed) >> shift)] += 1 }
        var before = 0
        var bucket = 0
        while before + buckets[bucket] < taken {
            before += buckets[bucket]
            bucket += 1
        }
        var hashes: [UInt64] = []
        for number in 0..<UInt64(count) {
            let hash = Hash64.of(number, seed: seed)
            if Int(hash >> shift) == bucket { hashes.append(hash) }
        }
        hashes.sort()
        last = hashes[taken - before - 1]
    }

    /// Takes the hashes below `limit`; nil for all.
    init(below limit: UInt64?, seed: UInt64) {
        self.seed = seed
        last = limit.map { $0 == 0 ? nil : $0 - 1 } ?? .max
    }

    /// Whether the thing of this number is taken.
    func takes(_ number: Int) -> Bool {
        guard let last else { return false }
        return Hash64.of(UInt64(number), seed: seed) <= last
    }
}
