/// Several texts as one row of ids with boundaries: the form that packed training batches are cut from.
public struct PackedEncodings: Hashable, Sendable {
    /// The ids of all texts, one after the other.
    public var ids: [Int32] = []
    /// The token type of each id; empty when all are 0.
    public var tokenTypeIDs: [Int32] = []
    /// Where each text begins; one more entry at the end. Text `i` is `ids[starts[i]..<starts[i + 1]]`.
    public var starts: [Int] = [0]
    /// What a longest input cut off, by the number of the text; texts that were read whole have no entry.
    public package(set) var unread: [Int: UnreadTokens] = [:]

    public init() {}

    /// Number of texts.
    public var count: Int { starts.count - 1 }

    /// The ids of text `index`.
    public subscript(index: Int) -> ArraySlice<Int32> { ids[starts[index]..<starts[index + 1]] }

    /// The token types of text `index`; empty when all are 0.
    public func tokenTypes(_ index: Int) -> ArraySlice<Int32> {
        tokenTypeIDs.isEmpty ? [] : tokenTypeIDs[starts[index]..<starts[index + 1]]
    }

    package mutating func append(_ other: PackedEncodings) {
        let base = ids.count
        for (index, tokens) in other.unread { unread[count + index] = tokens }
        if !tokenTypeIDs.isEmpty || !other.tokenTypeIDs.isEmpty {
            tokenTypeIDs.append(contentsOf: repeatElement(0, count: base - tokenTypeIDs.count))
            tokenTypeIDs.append(contentsOf: other.tokenTypeIDs)
            tokenTypeIDs.append(contentsOf: repeatElement(0, count: base + other.ids.count - tokenTypeIDs.count))
        }
        ids.append(contentsOf: other.ids)
        starts.append(contentsOf: other.starts.dropFirst().lazy.map { $0 + base })
    }
}
