/// Joins adjacent symbols by rank, the lowest rank first and of equal ranks the leftmost, until no pair is left.
///
/// This is the inference of byte-pair encoding (Sennrich et al. 2016, arXiv 1508.07909). A value holds the buffers of one
/// thread.
struct PairMerging: Sendable {
    private struct Link: Sendable {
        var symbol: Int32
        var previous: Int32
        var next: Int32
    }

    /// The symbols of the text; one that was joined to its left neighbour is -1.
    private var links: [Link] = []
    /// A binary heap of candidates: rank in the high half, place of the left symbol in the low one.
    private var queue: [UInt64] = []

    /// Results whose parts are to be remembered.
    private var watched: Set<Int32> = []
    /// The parts of each watched result, as they were last seen side by side.
    private(set) var parts: [Int32: (left: Int32, right: Int32)] = [:]

    mutating func removeAll(watching watched: Set<Int32> = []) {
        self.watched = watched
        parts.removeAll(keepingCapacity: true)
        links.removeAll(keepingCapacity: true)
        queue.removeAll(keepingCapacity: true)
    }

    /// Appends a symbol; one below -1 joins with nothing.
    mutating func append(_ symbol: Int32) {
        let index = Int32(truncatingIfNeeded: links.count)
        links.append(Link(symbol: symbol, previous: index - 1, next: index + 1))
    }

    /// Joins what `pairs` lets join.
    mutating func run(_ pairs: PairTable) {
        for left in links.indices.dropLast() { enqueue(left, pairs) }
        while let candidate = pop() {
            let left = Int(candidate & 0xFFFF_FFFF)
            let right = Int(links[left].next)
            guard links[left].symbol >= 0, right < links.count,
                let pair = pairs.find(links[left].symbol, links[right].symbol), UInt64(pair.rank) == candidate >> 32
            else { continue }
            links[left].symbol = pair.result
            links[left].next = links[right].next
            links[right].symbol = -1
            if Int(links[right].next) < links.count { links[Int(links[right].next)].previous = Int32(left) }
            if links[left].previous >= 0 { enqueue(Int(links[left].previous), pairs) }
            enqueue(left, pairs)
        }
    }

    /// Calls `body` with each symbol that is left, and the place of the first behind it.
    func forEach(_ body: (_ symbol: Int32, _ end: Int) -> Void) {
        var index = 0
        while index < links.count {
            let next = Int(links[index].next)
            body(links[index].symbol, next)
            index = next
        }
    }

    private mutating func enqueue(_ left: Int, _ pairs: PairTable) {
        let right = Int(links[left].next)
        guard right < links.count, let pair = pairs.find(links[left].symbol, links[right].symbol) else { return }
        if !watched.isEmpty, watched.contains(pair.result) {
            parts[pair.result] = (links[left].symbol, links[right].symbol)
        }
        queue.append(UInt64(pair.rank) << 32 | UInt64(left))
        var child = queue.count - 1
        while child > 0, queue[child] < queue[(child - 1) / 2] {
            queue.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> UInt64? {
        guard let first = queue.first else { return nil }
        let last = queue.removeLast()
        guard !queue.isEmpty else { return first }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < queue.count else { break }
            if child + 1 < queue.count, queue[child + 1] < queue[child] { child += 1 }
            guard queue[child] < last else { break }
            queue[parent] = queue[child]
            parent = child
        }
        queue[parent] = last
        return first
    }
}

/// Pairs of symbols that may be joined: the rank of each pair, and the symbol it becomes.
struct PairTable: Sendable {
    struct Pair: Sendable {
        var rank: UInt32
        var result: Int32
    }

    /// Symbols must be below this.
    static let symbolLimit = Int32(EdgeTable.labelLimit - 1)

    private var edges: EdgeTable
    private var pairs: [Pair] = [Pair(rank: 0, result: 0)]

    init(expectedCount: Int) { edges = EdgeTable(expectedCount: expectedCount) }

    /// What two symbols become; nil when they stay apart, as those below 0 do.
    @inline(__always)
    func find(_ left: Int32, _ right: Int32) -> Pair? {
        guard left >= 0, right >= 0 else { return nil }
        let index = edges.find(UInt32(truncatingIfNeeded: left) + 1, UInt32(truncatingIfNeeded: right))
        return index == 0 ? nil : pairs[Int(index)]
    }

    /// Whether there is room for all pairs of another piece.
    var hasRoom: Bool { pairs.count < EdgeTable.limit - (1 << 13) }

    /// Adds a pair; one that is there already takes the new values.
    mutating func set(_ left: Int32, _ right: Int32, rank: UInt32, result: Int32) {
        edges.set(
            UInt32(truncatingIfNeeded: left) + 1, UInt32(truncatingIfNeeded: right), UInt32(pairs.count))
        pairs.append(Pair(rank: rank, result: result))
    }
}
