/// Counts of keys in bounded memory: beyond `limit` keys the rarest are forgotten, and counts become lower bounds
/// (lossy counting, Manku and Motwani 2002).
struct BoundedCounts: Sendable {
    private let limit: Int
    private(set) var counts: [UInt64: Int] = [:]
    private var forgottenCount = 0

    init(limit: Int) { self.limit = max(1, limit) }

    /// Adds the counts of a part, then forgets what is too much. The parts' order decides what is forgotten.
    mutating func add(_ part: [UInt64: Int]) {
        for (key, count) in part { counts[key, default: 0] += count }
        while counts.count > limit {
            forgottenCount += 1
            counts = counts.filter { $0.value > forgottenCount }
        }
    }

    /// The count of a key, 0 where there is none.
    subscript(key: UInt64) -> Int { counts[key] ?? 0 }
}
