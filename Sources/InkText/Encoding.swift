/// One text, or a pair, as the model takes it.
///
/// All arrays have one entry per token.
public struct Encoding: Hashable, Sendable {
    /// Vocabulary ids, special tokens included.
    public var ids: [Int32]
    /// 0 for the first text and its special tokens, 1 for the second text and the separator behind it.
    public var tokenTypeIDs: [Int32]
    /// True for the special tokens the template added; false for those written in the text.
    public var specialTokensMask: [Bool]
    /// Where each token stands in its original text, in Unicode scalars (code points); `0..<0` for added special tokens.
    public var offsets: [Range<Int>]

    /// Number of tokens.
    public var count: Int { ids.count }

    public init(
        ids: [Int32] = [], tokenTypeIDs: [Int32] = [], specialTokensMask: [Bool] = [], offsets: [Range<Int>] = []
    ) {
        self.ids = ids
        self.tokenTypeIDs = tokenTypeIDs
        self.specialTokensMask = specialTokensMask
        self.offsets = offsets
    }

    /// The ranges of the tokens of one text as string indices; nil for tokens of the other text and added ones.
    ///
    /// - Parameters:
    ///   - text: the text that was encoded.
    ///   - typeID: 0 when `text` was the first text, 1 when it was the pair.
    public func stringRanges(in text: String, typeID: Int32 = 0) -> [Range<String.Index>?] {
        let scalars = text.unicodeScalars
        var indices = Array(scalars.indices)
        indices.append(scalars.endIndex)
        return offsets.indices.map { token in
            let range = offsets[token]
            guard !specialTokensMask[token], tokenTypeIDs[token] == typeID, range.upperBound < indices.count else {
                return nil
            }
            return indices[range.lowerBound]..<indices[range.upperBound]
        }
    }

    mutating func append(_ id: Int32, typeID: Int32, isAdded: Bool, offset: Range<Int>) {
        ids.append(id)
        tokenTypeIDs.append(typeID)
        specialTokensMask.append(isAdded)
        offsets.append(offset)
    }
}

/// Several texts as one row of ids with boundaries: the form that packed training batches are cut from.
public struct PackedEncodings: Hashable, Sendable {
    /// The ids of all texts, one after the other.
    public var ids: [Int32] = []
    /// Where each text begins; one more entry at the end. Text `i` is `ids[starts[i]..<starts[i + 1]]`.
    public var starts: [Int] = [0]

    public init() {}

    /// Number of texts.
    public var count: Int { starts.count - 1 }

    /// The ids of text `index`.
    public subscript(index: Int) -> ArraySlice<Int32> { ids[starts[index]..<starts[index + 1]] }

    package mutating func append(_ other: PackedEncodings) {
        let base = ids.count
        ids.append(contentsOf: other.ids)
        starts.append(contentsOf: other.starts.dropFirst().lazy.map { $0 + base })
    }
}
