/// Learns word pieces by joining adjacent symbols, the most frequent pair first.
struct PieceLearner {
    private struct Pair: Hashable {
        var left: Int32
        var right: Int32
    }

    /// A pair with the count it had when it was put in the queue; stale entries are skipped when they come up.
    private struct Candidate {
        var pair: Pair
        var count: Int

        /// More frequent first; a tie goes to the pair whose symbols are older.
        func precedes(_ other: Candidate) -> Bool {
            if count != other.count { return count > other.count }
            if pair.left != other.pair.left { return pair.left < other.pair.left }
            return pair.right < other.pair.right
        }
    }

    private let minimumFrequency: Int
    /// Spelling of each symbol, `##` included inside a word.
    private var symbols: [String] = []
    private var symbolIDs: [[UInt8]: Int32] = [:]
    /// Each word as symbols, with its count.
    private var words: [(symbols: [Int32], count: Int)] = []
    private var counts: [Pair: Int] = [:]
    /// Words that hold, or once held, a pair.
    private var wordsOfPair: [Pair: Set<Int>] = [:]
    private var queue: [Candidate] = []

    /// - Parameter words: distinct words in UTF-8 with their counts, in a fixed order.
    init(words: [(word: [UInt8], count: Int)], minimumFrequency: Int) {
        self.minimumFrequency = minimumFrequency
        for (word, count) in words {
            let scalars = UTF8Text.scalars(word, 0..<word.count)
            let ids = scalars.enumerated().map { symbol(($0.offset == 0 ? "" : "##") + String(Character($0.element))) }
            self.words.append((ids, count))
        }
        for (index, word) in self.words.enumerated() { countPairs(of: word.symbols, index, by: word.count) }
        for (pair, count) in counts { push(Candidate(pair: pair, count: count)) }
    }

    /// At most `limit` new pieces, in the order in which they were learned.
    mutating func learn(limit: Int) -> [String] {
        var pieces: [String] = []
        var isNew = [Bool](repeating: false, count: symbols.count)
        while pieces.count < limit, let candidate = pop() {
            let count = counts[candidate.pair] ?? 0
            guard count >= minimumFrequency else { continue }
            if count != candidate.count {
                push(Candidate(pair: candidate.pair, count: count))
                continue
            }
            let joined = join(candidate.pair)
            if Int(joined) == isNew.count { isNew.append(true) }
            if isNew[Int(joined)] {
                isNew[Int(joined)] = false
                pieces.append(symbols[Int(joined)])
            }
        }
        return pieces
    }

    /// Joins the pair wherever it stands and returns the symbol it becomes.
    private mutating func join(_ pair: Pair) -> Int32 {
        let continuation = symbols[Int(pair.right)].unicodeScalars.dropFirst(2)
        let joined = symbol(symbols[Int(pair.left)] + String(continuation))
        var changed = Set<Pair>()
        for index in (wordsOfPair.removeValue(forKey: pair) ?? []).sorted() {
            let old = words[index].symbols
            let new = Self.joining(pair, into: joined, in: old)
            guard new.count < old.count else { continue }
            countPairs(of: old, index, by: -words[index].count)
            countPairs(of: new, index, by: words[index].count)
            words[index].symbols = new
            for position in 1..<max(new.count, 1) where new[position - 1] == joined || new[position] == joined {
                changed.insert(Pair(left: new[position - 1], right: new[position]))
            }
        }
        counts[pair] = nil
        for pair in changed { push(Candidate(pair: pair, count: counts[pair] ?? 0)) }
        return joined
    }

    private static func joining(_ pair: Pair, into joined: Int32, in word: [Int32]) -> [Int32] {
        var result: [Int32] = []
        var index = 0
        while index < word.count {
            if index + 1 < word.count, word[index] == pair.left, word[index + 1] == pair.right {
                result.append(joined)
                index += 2
            } else {
                result.append(word[index])
                index += 1
            }
        }
        return result
    }

    private mutating func countPairs(of word: [Int32], _ index: Int, by count: Int) {
        for (left, right) in zip(word, word.dropFirst()) {
            let pair = Pair(left: left, right: right)
            counts[pair, default: 0] += count
            if count > 0 { wordsOfPair[pair, default: []].insert(index) }
        }
    }

    private mutating func symbol(_ spelling: String) -> Int32 {
        let key = Array(spelling.utf8)
        if let id = symbolIDs[key] { return id }
        let id = Int32(symbols.count)
        symbols.append(spelling)
        symbolIDs[key] = id
        return id
    }

    // MARK: A binary heap

    private mutating func push(_ candidate: Candidate) {
        queue.append(candidate)
        var child = queue.count - 1
        while child > 0, queue[child].precedes(queue[(child - 1) / 2]) {
            queue.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> Candidate? {
        guard let first = queue.first else { return nil }
        queue.swapAt(0, queue.count - 1)
        queue.removeLast()
        var parent = 0
        while true {
            let children = (2 * parent + 1)..<min(2 * parent + 3, max(queue.count, 2 * parent + 1))
            guard let best = children.min(by: { queue[$0].precedes(queue[$1]) }),
                queue[best].precedes(queue[parent])
            else { break }
            queue.swapAt(parent, best)
            parent = best
        }
        return first
    }
}
