import InkModels
import InkText

/// The token ids of one input of the model.
public struct TokenSequence: Sendable, Equatable {
    public var ids: [Int32]
    /// One for each id; empty where all are 0.
    public var tokenTypeIDs: [Int32]
    /// Tokens of its texts that found no room.
    public var unread = UnreadTokens()

    public init(_ ids: [Int32], tokenTypeIDs: [Int32] = []) {
        self.ids = ids
        self.tokenTypeIDs = tokenTypeIDs
    }

    init(_ encoding: Encoding) {
        ids = encoding.ids
        tokenTypeIDs = encoding.tokenTypeIDs.contains { $0 != 0 } ? encoding.tokenTypeIDs : []
    }
}

/// An example as the model takes it: one sequence, or several that are compared (the options of a choice).
public struct EncodedExample<Target: Sendable>: Sendable {
    /// Index of the example it came from.
    public var example: Int
    public var sequences: [TokenSequence]
    public var target: Target

    public init(example: Int, sequences: [TokenSequence], target: Target) {
        self.example = example
        self.sequences = sequences
        self.target = target
    }

    /// Number of tokens.
    public var tokenCount: Int { sequences.reduce(0) { $0 + $1.ids.count } }
}

extension EncoderInput {
    /// All sequences of a batch, in order.
    init(_ batch: [EncodedExample<some Sendable>]) {
        self.init(batch.flatMap(\.sequences))
    }

    init(_ sequences: [TokenSequence]) {
        let plain = sequences.allSatisfy(\.tokenTypeIDs.isEmpty)
        self.init(
            sequences.map(\.ids),
            tokenTypeIDs: plain
                ? nil
                : sequences.map {
                    $0.tokenTypeIDs.isEmpty ? [Int32](repeating: 0, count: $0.ids.count) : $0.tokenTypeIDs
                })
    }
}
