/// Finds many words in a text at once, byte by byte (Aho and Corasick, "Efficient string matching", 1975).
///
/// Memory is about 25 bytes for each byte of the words; states with many successors have a table of their own.
public struct AhoCorasick: Sendable {
    /// Successors of a state lie in `edgeBytes` and `edgeTargets` from `edgeStart[state]` to `edgeStart[state + 1]`.
    private var edgeStart: [Int32] = []
    private var edgeBytes: [UInt8] = []
    private var edgeTargets: [Int32] = []
    /// For states with many successors, the beginning of 256 targets in `rows`; -1 for others.
    private var rowStart: [Int32] = []
    private var rows: [Int32] = []
    /// The state of the longest proper suffix of a state that begins a word.
    private var fail: [Int32] = []
    /// The pattern that ends in a state, -1 for none.
    private var pattern: [Int32] = []
    /// The next state on the way of `fail` in which a pattern ends, -1 for none.
    private var output: [Int32] = []

    /// What each byte counts as.
    private let form: [UInt8]

    private static let rowThreshold = 8

    /// - Parameters:
    ///   - patterns: the words; an empty one is never found, and of equal ones only the first.
    ///   - ignoresCase: whether ASCII capitals in the text count as small letters; the words are then in small letters.
    public init(_ patterns: [[UInt8]], ignoresCase: Bool = false) {
        form = (0...255).map { ignoresCase ? ASCIIText.small($0) : $0 }
        var children: [[(byte: UInt8, target: Int32)]] = [[]]
        pattern = [-1]
        for (index, word) in patterns.enumerated() where !word.isEmpty {
            var state = 0
            for byte in word {
                if let edge = children[state].first(where: { $0.byte == byte }) {
                    state = Int(edge.target)
                } else {
                    children[state].append((byte, Int32(children.count)))
                    state = children.count
                    children.append([])
                    pattern.append(-1)
                }
            }
            if pattern[state] < 0 { pattern[state] = Int32(index) }
        }
        for (state, edges) in children.enumerated() {
            edgeStart.append(Int32(edgeBytes.count))
            let isRow = state == 0 || edges.count > Self.rowThreshold
            rowStart.append(isRow ? Int32(rows.count) : -1)
            if isRow { rows += [Int32](repeating: -1, count: 256) }
            for edge in edges {
                edgeBytes.append(edge.byte)
                edgeTargets.append(edge.target)
                if isRow { rows[Int(rowStart[state]) + Int(edge.byte)] = edge.target }
            }
        }
        edgeStart.append(Int32(edgeBytes.count))
        link(children)
    }

    /// Finds every occurrence in a part of a text, in the order of their ends, overlapping ones too.
    /// - Parameter body: takes the number of the word and the end of the occurrence, and returns false to stop.
    public func forEachMatch(in text: [UInt8], _ range: Range<Int>, _ body: (_ pattern: Int, _ end: Int) -> Bool) {
        var state = 0
        var position = range.lowerBound
        while position < range.upperBound {
            state = next(state, form[Int(text[position])])
            position += 1
            guard state > 0, pattern[state] >= 0 || output[state] >= 0 else { continue }
            var found = pattern[state] >= 0 ? state : Int(output[state])
            while found >= 0 {
                if !body(Int(pattern[found]), position) { return }
                found = Int(output[found])
            }
        }
    }

    /// Finds the words that begin where a part of a text begins, shorter ones first.
    /// - Parameter body: takes the number of the word and the end of the occurrence, and returns false to stop.
    public func forEachPrefix(of text: [UInt8], _ range: Range<Int>, _ body: (_ pattern: Int, _ end: Int) -> Bool) {
        var state = 0
        for position in range {
            state = child(state, form[Int(text[position])])
            if state < 0 { return }
            if pattern[state] >= 0, !body(Int(pattern[state]), position + 1) { return }
        }
    }

    private func next(_ from: Int, _ byte: UInt8) -> Int {
        var state = from
        while true {
            let target = child(state, byte)
            if target >= 0 { return target }
            if state == 0 { return 0 }
            state = Int(fail[state])
        }
    }

    private func child(_ state: Int, _ byte: UInt8) -> Int {
        let row = Int(rowStart[state])
        if row >= 0 { return Int(rows[row + Int(byte)]) }
        var edge = Int(edgeStart[state])
        let end = Int(edgeStart[state + 1])
        while edge < end {
            if edgeBytes[edge] == byte { return Int(edgeTargets[edge]) }
            edge += 1
        }
        return -1
    }

    /// Sets `fail` and `output`, nearer states first.
    private mutating func link(_ children: [[(byte: UInt8, target: Int32)]]) {
        fail = [Int32](repeating: 0, count: children.count)
        output = [Int32](repeating: -1, count: children.count)
        var queue = [0]
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            for edge in children[state] {
                let target = Int(edge.target)
                if state > 0 {
                    let suffix = next(Int(fail[state]), edge.byte)
                    fail[target] = Int32(suffix)
                    output[target] = pattern[suffix] >= 0 ? Int32(suffix) : output[suffix]
                }
                queue.append(target)
            }
        }
    }
}
