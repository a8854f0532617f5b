import InkSupport
import InkText

/// Which tokens of a long text stay when some of them must.
enum KeptTokens {
    /// Ascending ranges of at most `room` of `count` tokens: all of `needed`, and as much as fits on both sides of
    /// each. Nil when `needed` alone is too long.
    static func around(_ needed: [Range<Int>], of count: Int, room: Int) -> [Range<Int>]? {
        guard count > room else { return [0..<count] }
        var pieces = merged(needed)
        guard !pieces.isEmpty else { return [0..<max(room, 0)] }
        var rest = room - pieces.reduce(0) { $0 + $1.count }
        guard rest >= 0 else { return nil }
        // There are more tokens than room, so that in every round a piece can grow.
        while rest > 0 {
            for index in pieces.indices {
                let lowest = index == 0 ? 0 : pieces[index - 1].upperBound
                if rest > 0, pieces[index].lowerBound > lowest {
                    pieces[index] = pieces[index].lowerBound - 1..<pieces[index].upperBound
                    rest -= 1
                }
                let highest = index + 1 < pieces.count ? pieces[index + 1].lowerBound : count
                if rest > 0, pieces[index].upperBound < highest {
                    pieces[index] = pieces[index].lowerBound..<pieces[index].upperBound + 1
                    rest -= 1
                }
            }
        }
        return pieces
    }

    private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = result.last, range.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}

extension TextAnalysis {
    /// The tokens that stand in a stretch of the text, in Unicode scalars, or reach into it.
    func tokens(in scalars: Range<Int>) -> Range<Int> {
        guard let first = offsets.firstIndex(where: { $0.upperBound > scalars.lowerBound && !$0.isEmpty }),
            let last = offsets.lastIndex(where: { $0.lowerBound < scalars.upperBound && !$0.isEmpty }), first <= last
        else { return 0..<0 }
        return first..<last + 1
    }

    /// The ids of at most `room` tokens with those in the stretches of the text among them; nil when these alone are
    /// too many.
    func ids(keeping stretches: [Range<Int>], room: Int) -> [Int32]? {
        KeptTokens.around(stretches.map { tokens(in: $0) }, of: count, room: room)?.flatMap { ids[$0] }
    }
}

extension InputEncoder {
    /// What is said of an example that cannot be shortened to the longest input.
    func tooLong(_ what: String, line: Int?, needed: Int) -> InputError {
        InputError(
            at: line.map { "line \($0)" } ?? "question", "\(what) does not fit into the longest input",
            expected: "at most \(form.maxLength) tokens", found: "\(needed)",
            remedy: "give a larger --max-length, if the model has as many positions")
    }
}
