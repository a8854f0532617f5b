/// Buffers of a SentencePiece tokenizer that are used from text to text.
public struct SentencePieceScratch: TokenizerScratch, Sendable {
    /// The UTF-8 of the text.
    var text: [UInt8] = []
    /// The normalised text.
    var normalized = NormalizedPieces()
    /// Best paths to each position.
    var path: [UnigramModel<Float>.PathNode] = []
    /// Entries of the trie, fetched ahead.
    var probes: [UInt64] = []
    /// The pieces of the text.
    var segments = PieceSegments()
    var merging = PairMerging()

    public init() {}
}

/// A text after SentencePiece's normaliser.
struct NormalizedPieces: Sendable {
    struct Symbol: Sendable {
        /// The code of the scalar in the trie of pieces; 0 when no piece holds it.
        var code: UInt32
        var scalar: Unicode.Scalar
        /// Index of the scalar of the text where the rule that gave this symbol begins.
        var source: Int32
    }

    var symbols: [Symbol] = []
    /// Where the last symbol's source ends.
    var end: Int32 = 0

    mutating func setCodes(_ table: ScalarTable) {
        let (blocks, values) = (table.blocks.span, table.values.span)
        var span = symbols.mutableSpan
        for index in span.indices {
            span[index].code = ScalarTable.value(of: span[index].scalar, blocks, values)
        }
    }

    /// Where symbol `index`, or the end, comes from.
    func source(_ index: Int) -> Int { Int(index < symbols.count ? symbols[index].source : end) }
}

/// A normalised text cut into pieces.
struct PieceSegments: Sendable {
    var ids: [Int32] = []
    /// The symbol at which each piece ends.
    var ends: [Int] = []
    /// Pieces that are not the unknown one.
    private(set) var knownCount = 0

    mutating func removeAll() {
        knownCount = 0
        ids.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    mutating func append(_ id: Int32, end: Int, isKnown: Bool) {
        if isKnown { knownCount += 1 }
        ids.append(id)
        ends.append(end)
    }
}
