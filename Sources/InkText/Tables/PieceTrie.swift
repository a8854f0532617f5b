import InkSupport

/// Texts and their ids as a trie over Unicode scalars.
///
/// Scalars that occur in a text have a code from 1; the node of a text of one scalar has its code as number, all other
/// nodes follow. Edges stand in a hash table; a filter in each node spares most look-ups of edges that are not there.
struct PieceTrie: Sendable {
    struct Node: Sendable {
        /// The id of the text that ends here, or -1.
        var id: Int32 = -1
        /// One bit for each edge, by its code; 0 when nothing goes on from here.
        var filter: UInt32 = 0

        /// False where there is surely no edge for `code`.
        @inline(__always)
        func mayContinue(_ code: UInt32) -> Bool { filter & Self.bit(code) != 0 }

        @inline(__always)
        fileprivate static func bit(_ code: UInt32) -> UInt32 { 1 << ((code &* 0x9E37_79B1) >> 27) }
    }

    /// The code of each scalar; 0 when no text holds it.
    private(set) var codes = ScalarTable(usual: 0)
    private(set) var nodes: [Node] = [Node()]
    /// From a node by code to a node.
    private(set) var edges: EdgeTable
    /// Codes run from 1 to below this.
    let codeLimit: Int

    /// The trie of `texts`, none of which may be empty; of equal ones the last counts. `location` is for errors.
    /// - Throws: `InputError` when there are more of them than any vocabulary has.
    init(_ texts: [(text: String, id: Int32)], location: String) throws {
        edges = EdgeTable(expectedCount: texts.count * 2)
        for (text, _) in texts {
            for scalar in text.unicodeScalars where codes[scalar] == 0 {
                codes[scalar] = UInt32(nodes.count)
                nodes.append(Node())
            }
        }
        codeLimit = nodes.count
        for (text, id) in texts {
            insert(text, id: id)
            // One more text of the greatest length still finds room.
            guard nodes.count < EdgeTable.limit - (1 << 13), codeLimit < EdgeTable.labelLimit else {
                throw InputError(
                    at: location, "the vocabulary is too large", expected: "at most about 2 million characters in all")
            }
        }
    }

    private mutating func insert(_ text: String, id: Int32) {
        var node: UInt32 = 0
        for scalar in text.unicodeScalars {
            let code = codes[scalar]
            guard node != 0 else {
                node = code
                continue
            }
            var next = edges.find(node, code)
            if next == 0 {
                next = UInt32(nodes.count)
                nodes.append(Node())
                edges.set(node, code, next)
                nodes[Int(node)].filter |= Node.bit(code)
            }
            node = next
        }
        nodes[Int(node)].id = id
    }

    /// The id of a text, or nil.
    func id(of text: some Sequence<Unicode.Scalar>) -> Int32? {
        var node: UInt32 = 0
        for scalar in text {
            let code = codes[scalar]
            guard code != 0 else { return nil }
            node = node == 0 ? code : edges.find(node, code)
            guard node != 0 else { return nil }
        }
        let id = nodes[Int(node)].id
        return id >= 0 ? id : nil
    }
}
