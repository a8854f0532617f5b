/// Counts documents that came before, byte for byte, by their hashes.
///
/// Up to `limit` different hashes the count is exact. Beyond, only hashes whose top bits are 0 are kept, ever fewer, and
/// the share is estimated from the documents that have such hashes.
struct DuplicateCounter {
    private let limit: Int
    /// Hashes are kept while this many of their top bits are 0.
    private var sampleBits = 0
    /// How often each kept hash came.
    private var counts: [UInt64: Int] = [:]

    init(limit: Int) { self.limit = max(1, limit) }

    mutating func add(_ hash: UInt64) {
        guard hash.leadingZeroBitCount >= sampleBits else { return }
        counts[hash, default: 0] += 1
        while counts.count > limit, sampleBits < 63 {
            sampleBits += 1
            counts = counts.filter { $0.key.leadingZeroBitCount >= sampleBits }
        }
    }

    /// Whether every document was counted.
    var isExact: Bool { sampleBits == 0 }

    /// Documents whose hashes were kept.
    var counted: Int { counts.values.reduce(0, +) }

    /// Those of them that came before.
    var duplicates: Int { counted - counts.count }

    /// The share of documents that came before; nil when none was counted.
    var share: Double? { counted > 0 ? Double(duplicates) / Double(counted) : nil }
}
