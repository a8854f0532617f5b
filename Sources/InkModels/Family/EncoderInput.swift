import InkTensor

/// A packed batch of token sequences for an encoder: the real tokens of all sequences in one row, no padding.
public struct EncoderInput: Sendable {
    /// Token ids, one sequence after the other; T of them.
    public let ids: [Int32]
    /// 0 for the first text of a pair and its special tokens, 1 for the second; T of them.
    public let tokenTypeIDs: [Int32]
    /// Where each text begins and ends among the T tokens.
    public let layout: SequenceLayout

    /// - Parameter tokenTypeIDs: one list per sequence; nil for all 0.
    public init(_ sequences: [[Int32]], tokenTypeIDs: [[Int32]]? = nil) {
        layout = SequenceLayout(lengths: sequences.map(\.count))
        ids = Array(sequences.joined())
        self.tokenTypeIDs = tokenTypeIDs.map { Array($0.joined()) } ?? [Int32](repeating: 0, count: ids.count)
        precondition(self.tokenTypeIDs.count == ids.count, "a token type for every token")
    }

    /// Number of tokens, T.
    public var tokens: Int { ids.count }
}
