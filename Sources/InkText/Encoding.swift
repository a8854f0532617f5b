/// One text, or a pair, as the model takes it.
///
/// All arrays have one entry per token.
public struct Encoding: Hashable, Sendable {
    /// Vocabulary ids, special tokens included.
    public private(set) var ids: [Int32] = []
    /// As the template says: for BERT 0 for the first text and its special tokens, 1 for the second text and the
    /// separator behind it.
    public private(set) var tokenTypeIDs: [Int32] = []
    /// 0 for tokens of the text, 1 for those of its pair, nil for the special tokens that the template added.
    public private(set) var sequenceIDs: [Int?] = []
    /// Where each token stands in its original text, in Unicode scalars (code points); `0..<0` for added special tokens.
    public private(set) var offsets: [Range<Int>] = []

    public init() {}

    /// Number of tokens.
    public var count: Int { ids.count }

    /// True for the special tokens the template added; false for those written in the text.
    public var specialTokensMask: [Bool] { sequenceIDs.map { $0 == nil } }

    /// The ranges of the tokens of one text as string indices; nil for tokens of the other text and added ones.
    ///
    /// - Parameters:
    ///   - text: the text that was encoded.
    ///   - sequence: 0 when `text` was the first text, 1 when it was the pair.
    public func stringRanges(in text: String, sequence: Int = 0) -> [Range<String.Index>?] {
        let scalars = text.unicodeScalars
        var indices = Array(scalars.indices)
        indices.append(scalars.endIndex)
        return zip(offsets, sequenceIDs).map { range, tokenSequence in
            guard tokenSequence == sequence, range.upperBound < indices.count else { return nil }
            return indices[range.lowerBound]..<indices[range.upperBound]
        }
    }

    mutating func append(_ id: Int32, typeID: Int32, sequence: Int?, offset: Range<Int>) {
        ids.append(id)
        tokenTypeIDs.append(typeID)
        sequenceIDs.append(sequence)
        offsets.append(offset)
    }

    mutating func reserveCapacity(_ capacity: Int) {
        ids.reserveCapacity(capacity)
        tokenTypeIDs.reserveCapacity(capacity)
        sequenceIDs.reserveCapacity(capacity)
        offsets.reserveCapacity(capacity)
    }
}
