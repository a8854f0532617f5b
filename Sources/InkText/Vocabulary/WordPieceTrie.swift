/// A vocabulary arranged for greedy longest-match-first WordPiece over UTF-8 bytes.
///
/// Two tries share their nodes' storage: one for tokens that begin a word, one for `##` continuations. An edge is one
/// entry of an open-addressing hash table, so a byte costs about one probe.
struct WordPieceTrie: Sendable {
    /// Words of more scalars than this become unknown, as `max_input_chars_per_word` of the reference.
    static let longestWord = 100
    private static let initialRoot: UInt32 = 1
    private static let continuationRoot: UInt32 = 2
    /// Nodes are numbered in 24 bits: an edge's key is node and byte.
    private static let nodeLimit = 1 << 24

    /// Key (node << 8 | byte) in the high half, child node in the low half; 0 is an empty slot.
    private var slots: [UInt64]
    private var mask: UInt32
    /// For each node the id of the token that ends there, or -1.
    private var idAtNode: [Int32]
    private var edgeCount = 0

    /// An empty trie with room for about `expectedCount` tokens.
    init(expectedCount: Int) {
        let capacity = Self.capacity(forEdges: expectedCount * 3)
        slots = [UInt64](repeating: 0, count: capacity)
        mask = UInt32(capacity - 1)
        idAtNode = [-1, -1, -1]
        idAtNode.reserveCapacity(expectedCount * 3)
    }

    /// False once there is no room for another token of ordinary length.
    var hasRoom: Bool { idAtNode.count < Self.nodeLimit - (1 << 16) }

    /// Adds a token, which must not be empty. One that is there already takes the new id; its old one is returned.
    mutating func insert(_ token: String, id: Int32) -> Int32? {
        let bytes = token.utf8
        if bytes.starts(with: "##".utf8) { _ = insert(bytes.dropFirst(2), under: Self.continuationRoot, id: id) }
        return insert(bytes, under: Self.initialRoot, id: id)
    }

    /// Appends the ids of the pieces of one word, or `unknown` when it cannot be covered.
    ///
    /// `word` is the UTF-8 of the word; `scalarCount` its number of scalars; `ends` receives, for each id appended, the
    /// byte at which its piece ends.
    func appendPieces(
        of word: [UInt8], scalarCount: Int, unknown: Int32, to ids: inout [Int32], ends: inout [Int]
    ) {
        let (firstID, firstEnd) = (ids.count, ends.count)
        var start = 0
        while start < word.count, scalarCount <= Self.longestWord {
            var node = start == 0 ? Self.initialRoot : Self.continuationRoot
            var id: Int32 = -1
            var end = start
            var position = start
            while position < word.count {
                node = child(of: node, word[position])
                if node == 0 { break }
                position += 1
                let found = idAtNode[Int(node)]
                if found >= 0 {
                    id = found
                    end = position
                }
            }
            guard id >= 0 else { break }
            ids.append(id)
            ends.append(end)
            start = end
        }
        if start < word.count {
            ids.removeSubrange(firstID...)
            ends.removeSubrange(firstEnd...)
            ids.append(unknown)
            ends.append(word.count)
        }
    }

    /// The id of the whole-word token `token`, if there is one.
    func id(of token: some Sequence<UInt8>) -> Int32? {
        var node = Self.initialRoot
        for byte in token {
            node = child(of: node, byte)
            if node == 0 { return nil }
        }
        let id = idAtNode[Int(node)]
        return id >= 0 ? id : nil
    }

    private func child(of node: UInt32, _ byte: UInt8) -> UInt32 {
        let key = node << 8 | UInt32(byte)
        var slot = Self.hash(key) & mask
        while true {
            let entry = slots[Int(slot)]
            if UInt32(truncatingIfNeeded: entry >> 32) == key { return UInt32(truncatingIfNeeded: entry) }
            if entry == 0 { return 0 }
            slot = (slot &+ 1) & mask
        }
    }

    private mutating func insert(_ token: some Sequence<UInt8>, under root: UInt32, id: Int32) -> Int32? {
        var node = root
        for byte in token {
            let next = child(of: node, byte)
            if next != 0 {
                node = next
                continue
            }
            let new = UInt32(idAtNode.count)
            idAtNode.append(-1)
            addEdge(node << 8 | UInt32(byte), to: new)
            node = new
        }
        guard node != root else { return nil }
        defer { idAtNode[Int(node)] = id }
        return idAtNode[Int(node)] >= 0 ? idAtNode[Int(node)] : nil
    }

    private mutating func addEdge(_ key: UInt32, to child: UInt32) {
        edgeCount += 1
        if edgeCount * 2 > slots.count { grow() }
        place(UInt64(key) << 32 | UInt64(child))
    }

    private mutating func place(_ entry: UInt64) {
        var slot = Self.hash(UInt32(entry >> 32)) & mask
        while slots[Int(slot)] != 0 { slot = (slot &+ 1) & mask }
        slots[Int(slot)] = entry
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        mask = UInt32(slots.count - 1)
        for entry in old where entry != 0 { place(entry) }
    }

    private static func hash(_ key: UInt32) -> UInt32 {
        let mixed = key &* 0x9E37_79B1
        return mixed ^ mixed >> 15
    }

    private static func capacity(forEdges edges: Int) -> Int {
        var capacity = 1024
        while capacity < edges * 2 { capacity *= 2 }
        return capacity
    }
}
