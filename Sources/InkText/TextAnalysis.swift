/// The tokens of one text, without special tokens around it. Both arrays have one entry per token.
public struct TextAnalysis: Hashable, Sendable {
    /// Vocabulary ids.
    public private(set) var ids: [Int32] = []
    /// Where each token stands, in Unicode scalars (code points) of the text as given.
    public private(set) var offsets: [Range<Int>] = []

    public init() {}

    /// Number of tokens.
    public var count: Int { ids.count }

    public mutating func append(_ id: Int32, _ offset: Range<Int>) {
        ids.append(id)
        offsets.append(offset)
    }

    /// The last token reaches to `end`.
    mutating func extendLast(to end: Int) {
        guard let last = offsets.popLast() else { return }
        offsets.append(last.lowerBound..<max(last.lowerBound, end))
    }
}
