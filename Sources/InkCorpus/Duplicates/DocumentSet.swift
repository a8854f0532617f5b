/// A set of documents by their number, one bit each.
struct DocumentSet: Sendable {
    private var words: [UInt64]
    /// Members before each word; filled by `count()`.
    private var before: [UInt32] = []

    /// - Parameter capacity: documents there are.
    init(capacity: Int) { words = [UInt64](repeating: 0, count: capacity / 64 + 1) }

    mutating func insert(_ document: UInt32) { words[Int(document >> 6)] |= 1 << UInt64(document & 63) }

    func contains(_ document: UInt32) -> Bool { words[Int(document >> 6)] >> UInt64(document & 63) & 1 == 1 }

    /// Counts the members, so that `rank(of:)` can tell their places.
    mutating func count() -> Int {
        var count: UInt32 = 0
        before = words.map { word in
            defer { count += UInt32(word.nonzeroBitCount) }
            return count
        }
        return Int(count)
    }

    /// How many members are smaller.
    func rank(of document: UInt32) -> Int {
        let word = Int(document >> 6)
        return Int(before[word]) + (words[word] & (1 << UInt64(document & 63) - 1)).nonzeroBitCount
    }
}
