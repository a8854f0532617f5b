import InkSupport

/// Divides the documents of some shards between the two stages of one pre-training run, short windows first and long
/// ones later (Mengzi: 128, then 512 tokens), by one seeded order without replacement.
///
/// No document is in both stages, and each source has the same share of its documents in both, up to one document.
public struct TwoStageSampler: Sendable {
    /// One stage's documents, in their random order, cut into windows.
    public struct MixturePlan: Sendable {
        /// Most tokens of a window.
        public let windowLength: Int
        /// Documents of the stage.
        public let documentCount: Int
        private let documents: [UInt32]
        private let order: SeededPermutation

        init(windowLength: Int, documents: [UInt32], seed: UInt64) {
            self.windowLength = windowLength
            self.documents = documents
            documentCount = documents.count
            order = SeededPermutation(count: documents.count, seed: seed)
        }

        /// The number of the document at a place of the order, in O(1).
        public func document(at place: Int) -> Int { Int(documents[order[place]]) }

        /// The windows of a document, from its first token to its last.
        /// - Throws: `InputError` when the shards are damaged there.
        public func windows(of document: Int, in shards: TokenShards) throws -> [Range<Int>] {
            let range = try shards.document(document)
            return stride(from: range.lowerBound, to: range.upperBound, by: windowLength).map {
                $0..<min($0 + windowLength, range.upperBound)
            }
        }
    }

    public let first: MixturePlan
    public let second: MixturePlan

    /// - Parameters:
    ///   - firstShare: the part of each source's documents that the first stage gets. A source of two documents or more
    ///     has at least one in each.
    ///   - lengths: tokens of a window in each stage.
    /// - Throws: `InputError` for impossible values and damaged shards.
    public init(
        _ shards: TokenShards, seed: UInt64, firstShare: Double, lengths: (first: Int, second: Int) = (128, 512)
    ) throws {
        guard firstShare > 0, firstShare < 1, lengths.first > 0, lengths.second > 0 else {
            throw InputError(
                .usage, at: "the two stages", "the value is out of range",
                expected: "a share between 0 and 1, lengths above 0",
                found: "\(firstShare), \(lengths.first), \(lengths.second)")
        }
        guard shards.documentCount <= UInt32.max else {
            throw InputError(
                at: shards.folder.path, "the shards hold too many documents", expected: "at most \(UInt32.max)",
                found: "\(shards.documentCount)")
        }
        var bySource = [[UInt32]](repeating: [], count: shards.manifest.sources.count)
        for document in 0..<shards.documentCount {
            bySource[try shards.source(of: document)].append(UInt32(document))
        }
        var (early, late): ([UInt32], [UInt32]) = ([], [])
        for (source, documents) in bySource.enumerated() {
            let order = SeededPermutation(
                count: documents.count, seed: Hash64.of(UInt64(source), seed: seed))
            var count = Int((firstShare * Double(documents.count)).rounded())
            if documents.count > 1 { count = min(max(count, 1), documents.count - 1) }
            for place in documents.indices {
                if place < count { early.append(documents[order[place]]) } else { late.append(documents[order[place]]) }
            }
        }
        first = MixturePlan(windowLength: lengths.first, documents: early, seed: Hash64.of(1, seed: ~seed))
        second = MixturePlan(windowLength: lengths.second, documents: late, seed: Hash64.of(2, seed: ~seed))
    }
}
