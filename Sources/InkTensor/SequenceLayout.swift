/// How the rows of a packed batch belong to sequences: sequence `s` is rows `starts[s] ..< starts[s + 1]`.
public struct SequenceLayout: Sendable, Equatable {
    /// First row of each sequence, and the number of all rows at the end.
    public let starts: [Int32]

    /// Sequences of these lengths, one after the other.
    public init(lengths: [Int]) {
        var starts: [Int32] = [0]
        starts.reserveCapacity(lengths.count + 1)
        for length in lengths {
            precondition(length >= 0, "negative sequence length")
            starts.append(starts[starts.count - 1] + Int32(length))
        }
        self.starts = starts
    }

    /// Number of sequences.
    public var count: Int { starts.count - 1 }
    /// Number of rows of all sequences together.
    public var tokens: Int { Int(starts[starts.count - 1]) }
    /// Tokens of each sequence.
    public var lengths: [Int] { (0..<count).map { length(of: $0) } }
    /// Tokens of the longest sequence, 0 without one.
    public var longest: Int { lengths.max() ?? 0 }

    /// Tokens of a sequence.
    public func length(of sequence: Int) -> Int { Int(starts[sequence + 1] - starts[sequence]) }
    /// The rows of a sequence among the T tokens.
    public func rows(of sequence: Int) -> Range<Int> { Int(starts[sequence])..<Int(starts[sequence + 1]) }
    /// The first row of every sequence: where `[CLS]` stands.
    public var firstRows: [Int32] { Array(starts.dropLast()) }

    /// The position of every row within its sequence: 0, 1, 2 … 0, 1 …
    public var positions: [Int32] {
        var result: [Int32] = []
        result.reserveCapacity(tokens)
        for length in lengths { result.append(contentsOf: 0..<Int32(length)) }
        return result
    }
}
