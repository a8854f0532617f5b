import Foundation

/// Words as a double-array trie over letters (Unicode scalars): one array read for each letter of a walk.
///
/// Letters have dense codes, the frequent ones small. The child of node `n` by code `c` is the cell
/// `cells[n].base + c`, if that place names `n` as its parent. See Aoe, "An Efficient Digital Search Algorithm by Using a
/// Double-Array Structure" (1989).
struct WordTrie: Sendable {
    /// What belongs to a node, beside its parent.
    struct Cell: Sendable {
        /// 0 for a node without children.
        var base: UInt32 = 0
        /// The index of the word that ends here, or -1.
        var word: Int32 = -1
        /// log of the word's frequency; NaN where no word of a frequency above 0 ends, so that comparisons fail.
        var logFrequency = Double.nan
    }

    static let root = 0
    private static let free = UInt32.max
    private static let rootMark = UInt32.max - 1

    /// For each place of the array the node whose child it is. Most reads only ask whether a child is there: apart from
    /// the rest, the parents are few enough bytes for the processor's caches.
    private(set) var parents = [rootMark]
    private(set) var cells = [Cell()]
    /// Code 0 is for letters of no word.
    private var codes = ScalarTable(usual: 0)
    private var codeCount = 1
    private var highestBase = 0
    /// Where the search for room begins, for each order of magnitude of the number of children.
    private var searchStarts = [Int](repeating: 1, count: 24)

    /// Makes a trie of words, which must not be empty.
    ///
    /// - Parameters:
    ///   - letters: the words one after the other.
    ///   - starts: where each word begins, and one more entry at the end.
    ///   - frequencies: one for each word.
    /// - Returns: with the trie, for each word the index of the last word of the same letters: that one counts.
    static func make(letters: [Unicode.Scalar], starts: [Int], frequencies: [Int]) -> (trie: WordTrie, kept: [Int32]) {
        var trie = WordTrie()
        let coded = trie.assignCodes(letters)
        let order = sortedWords(coded, starts)
        let kept = trie.place(order, coded, starts, frequencies)
        return (trie, kept)
    }

    /// The code of a letter: 0 when no word holds it.
    @inline(__always)
    func code(of letter: Unicode.Scalar) -> UInt32 { codes[letter] }

    /// The child of a node, or nil.
    func child(of node: Int, _ code: UInt32) -> Int? { Self.child(of: node, code, parents.span, cells.span) }

    /// As `child(of:_:)`, for a loop that has taken the spans of `parents` and `cells` once.
    @inline(__always)
    static func child(of node: Int, _ code: UInt32, _ parents: Span<UInt32>, _ cells: Span<Cell>) -> Int? {
        let place = Int(cells[node].base &+ code)
        return parents[place] == UInt32(truncatingIfNeeded: node) ? place : nil
    }

    /// The node of a row of letters, nil when no word begins so.
    func node(of letters: some Sequence<Unicode.Scalar>) -> Int? {
        var node = Self.root
        for letter in letters {
            guard let next = child(of: node, code(of: letter)) else { return nil }
            node = next
        }
        return node
    }

    /// The index of the word that ends at a node.
    func word(at node: Int) -> Int? { cells[node].word >= 0 ? Int(cells[node].word) : nil }

    /// Gives every word the index that `indices` holds for it.
    mutating func renumberWords(_ indices: [Int32]) {
        for node in cells.indices where cells[node].word >= 0 { cells[node].word = indices[Int(cells[node].word)] }
    }

    /// Adds a word, or changes the one of these letters. `letters` must not be empty.
    mutating func insert(_ letters: some Sequence<Unicode.Scalar>, word: Int, frequency: Int) {
        var node = Self.root
        for letter in letters {
            let code = newCode(of: letter)
            if let next = child(of: node, code) {
                node = next
                continue
            }
            node = addChild(code, to: node)
        }
        set(node, word: word, frequency: frequency)
    }

    private mutating func set(_ node: Int, word: Int, frequency: Int) {
        cells[node].word = Int32(truncatingIfNeeded: word)
        cells[node].logFrequency = frequency > 0 ? log(Double(frequency)) : .nan
    }
}

// MARK: Making a trie of many words at once

extension WordTrie {
    /// Gives codes by falling frequency (equal ones by scalar value) and returns the letters coded.
    private mutating func assignCodes(_ letters: [Unicode.Scalar]) -> [UInt32] {
        var places = ScalarTable(usual: 0)
        var counts: [(letter: Unicode.Scalar, count: Int)] = []
        for letter in letters {
            if places[letter] == 0 {
                counts.append((letter, 0))
                places[letter] = UInt32(counts.count)
            }
            counts[Int(places[letter]) - 1].count += 1
        }
        counts.sort { ($1.count, $0.letter.value) < ($0.count, $1.letter.value) }
        for (index, entry) in counts.enumerated() { codes[entry.letter] = UInt32(index + 1) }
        codeCount = counts.count + 1
        return letters.map { codes[$0] }
    }

    /// A word with its first three codes in one number: most comparisons end there.
    private struct SortKey {
        var head: UInt64
        var word: Int32
    }

    /// Words in the order of their codes; equal ones in the order given.
    private static func sortedWords(_ coded: [UInt32], _ starts: [Int]) -> [Int32] {
        let headLength = 3
        var keys = (0..<starts.count - 1).map { word in
            var head: UInt64 = 0
            for place in starts[word]..<starts[word] + headLength {
                head = head << 21 | (place < starts[word + 1] ? UInt64(coded[place]) : 0)
            }
            return SortKey(head: head, word: Int32(truncatingIfNeeded: word))
        }
        keys.sort { left, right in
            if left.head != right.head { return left.head < right.head }
            let (a, b) = (Int(left.word), Int(right.word))
            var (i, j) = (starts[a] + headLength, starts[b] + headLength)
            while i < starts[a + 1], j < starts[b + 1] {
                if coded[i] != coded[j] { return coded[i] < coded[j] }
                i += 1
                j += 1
            }
            let (leftEnds, rightEnds) = (i >= starts[a + 1], j >= starts[b + 1])
            return leftEnds == rightEnds ? a < b : leftEnds
        }
        return keys.map(\.word)
    }

    /// A node whose children are to be placed: the words that go through it, as a range of the sorted ones.
    private struct OpenNode {
        var node: Int
        var words: Range<Int>
        /// The sum of the words' frequencies.
        var weight: Int
    }

    /// Fills the cells. Returns for each word the last one of the same letters.
    ///
    /// Level by level, the nodes of the most frequent words first: what is needed often then lies close together, and
    /// the processor's cache holds most of it.
    private mutating func place(
        _ order: [Int32], _ coded: [UInt32], _ starts: [Int], _ frequencies: [Int]
    ) -> [Int32] {
        var kept = [Int32](repeating: 0, count: order.count)
        var sums = [0]
        sums.reserveCapacity(order.count + 1)
        for word in order { sums.append(sums[sums.count - 1] + frequencies[Int(word)]) }

        var level = [OpenNode(node: Self.root, words: order.indices, weight: 0)]
        var depth = 0
        while !level.isEmpty {
            var next: [OpenNode] = []
            for open in level {
                // Words that end here come first.
                var first = open.words.lowerBound
                while first < open.words.upperBound, length(order[first]) == depth { first += 1 }
                if first > open.words.lowerBound {
                    let word = order[first - 1]
                    set(open.node, word: Int(word), frequency: frequencies[Int(word)])
                    for index in open.words.lowerBound..<first { kept[Int(order[index])] = word }
                }
                var children: [UInt32] = []
                let firstChild = next.count
                while first < open.words.upperBound {
                    let code = coded[starts[Int(order[first])] + depth]
                    var end = first + 1
                    while end < open.words.upperBound, coded[starts[Int(order[end])] + depth] == code { end += 1 }
                    children.append(code)
                    next.append(OpenNode(node: Int(code), words: first..<end, weight: sums[end] - sums[first]))
                    first = end
                }
                if children.isEmpty { continue }
                let base = freeBase(for: children)
                setBase(of: open.node, base)
                for index in firstChild..<next.count {
                    adopt(UInt32(next[index].node), by: open.node)
                    next[index].node += base
                }
            }
            next.sort { ($1.weight, $0.words.lowerBound) < ($0.weight, $1.words.lowerBound) }
            level = next
            depth += 1
        }
        return kept

        func length(_ word: Int32) -> Int { starts[Int(word) + 1] - starts[Int(word)] }
    }
}

// MARK: Room in the array

extension WordTrie {
    /// A base at which all the codes (rising) fall on free cells. Searches upwards from where it last ended for as many
    /// children, so that the time for all nodes together stays linear.
    private mutating func freeBase(for codes: [UInt32]) -> Int {
        let magnitude = codes.count.bitWidth - codes.count.leadingZeroBitCount
        var base = searchStarts[magnitude]
        while !codes.allSatisfy({ isFree(base + Int($0)) }) { base += 1 }
        searchStarts[magnitude] = base
        return base
    }

    private func isFree(_ place: Int) -> Bool { place >= parents.count || parents[place] == Self.free }

    /// Sets a node's base and makes sure that every code stays inside the array.
    private mutating func setBase(of node: Int, _ base: Int) {
        cells[node].base = UInt32(truncatingIfNeeded: base)
        highestBase = max(highestBase, base)
        makeRoom()
    }

    private mutating func makeRoom() {
        let missing = highestBase + codeCount - cells.count
        guard missing > 0 else { return }
        cells.append(contentsOf: repeatElement(Cell(), count: missing))
        parents.append(contentsOf: repeatElement(Self.free, count: missing))
    }

    private mutating func newCode(of letter: Unicode.Scalar) -> UInt32 {
        if codes[letter] == 0 {
            codes[letter] = UInt32(codeCount)
            codeCount += 1
            makeRoom()
        }
        return codes[letter]
    }

    private mutating func addChild(_ code: UInt32, to node: Int) -> Int {
        if cells[node].base == 0 || !isFree(Int(cells[node].base + code)) { move(node, makingRoomFor: code) }
        return adopt(code, by: node)
    }

    /// Takes the free cell at a code for a child of `node`.
    @discardableResult
    private mutating func adopt(_ code: UInt32, by node: Int) -> Int {
        let place = Int(cells[node].base + code)
        parents[place] = UInt32(truncatingIfNeeded: node)
        return place
    }

    /// Moves the children of a node to where there is room for another one.
    private mutating func move(_ node: Int, makingRoomFor code: UInt32) {
        let oldBase = Int(cells[node].base)
        let mark = UInt32(truncatingIfNeeded: node)
        let children = oldBase == 0 ? [] : (1..<codeCount).filter { parents[oldBase + $0] == mark }
        let base = freeBase(for: children.map { UInt32($0) } + [code])
        setBase(of: node, base)
        for child in children {
            let (from, to) = (oldBase + child, base + child)
            (cells[to], parents[to]) = (cells[from], mark)
            if cells[to].base != 0 {
                let grandchildren = Int(cells[to].base)
                for code in 1..<codeCount where parents[grandchildren + code] == UInt32(truncatingIfNeeded: from) {
                    parents[grandchildren + code] = UInt32(truncatingIfNeeded: to)
                }
            }
            (cells[from], parents[from]) = (Cell(), Self.free)
        }
    }
}
