import Foundation

/// A hidden Markov model that puts letters together into words that no dictionary holds: each letter begins a word (B),
/// stands inside one (M), ends one (E), or is one (S).
///
/// It is estimated from a dictionary or from segmented text, or read from a file; the probabilities are natural
/// logarithms. The decoding is jieba's, the rule for equal probabilities included.
public struct WordBoundaryModel: Sendable {
    /// What a letter is to its word. The raw value is the letter's index in tables.
    public enum State: Int, CaseIterable, Sendable {
        case begin, middle, end, single

        /// The letter that names the state in files.
        public var name: String { ["B", "M", "E", "S"][rawValue] }
    }

    /// The logarithm that stands for what never happens. Finite, so that sums of it can be compared.
    public static let never = -3.14e100

    /// The log probability of each state at the start of a text.
    public private(set) var start: [State: Double]
    /// The log probability of a state behind another; what is missing never happens.
    public private(set) var transition: [State: [State: Double]]
    /// The log probability of each letter in a state; a letter that is missing never stands there.
    public private(set) var emission: [State: [Unicode.Scalar: Double]]

    private let startScores: SIMD4<Double>
    /// Row: the state before.
    private let transitionScores: [SIMD4<Double>]
    /// For each letter its row in `emissionScores`; row 0 is for letters that are not known.
    private let rows: ScalarTable
    private let emissionScores: [SIMD4<Double>]

    /// Makes a model of log probabilities.
    public init(
        start: [State: Double], transition: [State: [State: Double]], emission: [State: [Unicode.Scalar: Double]]
    ) {
        self.start = start
        self.transition = transition
        self.emission = emission
        startScores = Self.scores(start)
        transitionScores = State.allCases.map { Self.scores(transition[$0] ?? [:]) }
        var rows = ScalarTable(usual: 0)
        var scores = [SIMD4<Double>(repeating: Self.never)]
        for (state, letters) in emission {
            for (letter, value) in letters {
                if rows[letter] == 0 {
                    rows[letter] = UInt32(scores.count)
                    scores.append(SIMD4(repeating: Self.never))
                }
                scores[Int(rows[letter])][state.rawValue] = value
            }
        }
        self.rows = rows
        emissionScores = scores
    }

    private static func scores(_ values: [State: Double]) -> SIMD4<Double> {
        var scores = SIMD4<Double>(repeating: never)
        for (state, value) in values { scores[state.rawValue] = value }
        return scores
    }

    /// For each state the two that may stand before it. Of two equally likely ones the second is taken.
    private static let before: [(State, State)] = [
        (.end, .single), (.begin, .middle), (.begin, .middle), (.end, .single),
    ]

    /// The most probable words of a row of letters, as the place where each ends, appended to `ends`.
    ///
    /// - Parameters:
    ///   - range: the letters, at least one.
    ///   - back: a buffer for the states before.
    func appendEnds(of letters: [SegmentLetter], _ range: Range<Int>, to ends: inout [Int], _ back: inout [UInt8]) {
        back.removeAll(keepingCapacity: true)
        var scores = startScores + emissionScores[Int(rows[letters[range.lowerBound].scalar])]
        for place in range.dropFirst() {
            let emitted = emissionScores[Int(rows[letters[place].scalar])]
            var next = SIMD4<Double>()
            for state in 0..<4 {
                let (first, second) = Self.before[state]
                let one = scores[first.rawValue] + transitionScores[first.rawValue][state] + emitted[state]
                let other = scores[second.rawValue] + transitionScores[second.rawValue][state] + emitted[state]
                next[state] = other >= one ? other : one
                back.append(UInt8(other >= one ? second.rawValue : first.rawValue))
            }
            scores = next
        }
        let isSingle = scores[State.single.rawValue] >= scores[State.end.rawValue]
        var state = isSingle ? State.single.rawValue : State.end.rawValue
        let first = ends.count
        for place in range.reversed() {
            if state == State.end.rawValue || state == State.single.rawValue { ends.append(place + 1) }
            if place > range.lowerBound { state = Int(back[4 * (place - range.lowerBound - 1) + state]) }
        }
        ends[first...].reverse()
    }
}

extension WordBoundaryModel: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        left.start == right.start && left.transition == right.transition && left.emission == right.emission
    }
}
