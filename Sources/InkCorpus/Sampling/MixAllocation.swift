import InkSupport

/// Divides a total among sources by their weights, as exactly as whole numbers allow.
public enum MixAllocation {
    /// What a source has and should have.
    public struct Source: Hashable, Sendable {
        /// Above 0.
        public var weight: Double
        /// The most that it can give: what it holds times its epochs.
        public var capacity: Int

        public init(weight: Double, capacity: Int) {
            self.weight = weight
            self.capacity = capacity
        }
    }

    /// How much each source gives.
    ///
    /// By largest remainder; what a source lacks is divided among those that still have something, again by weight. As
    /// long as the total suffices, no source that holds anything gives nothing.
    /// - Returns: numbers whose sum is `total`, or all capacities where they sum to less.
    public static func divide(_ total: Int, among sources: [Source]) -> [Int] {
        var given = [Int](repeating: 0, count: sources.count)
        // No more than there is: shares of numbers near the largest would leave the range.
        let capacity = sources.reduce(0) { sum, source in
            let (next, isOver) = sum.addingReportingOverflow(source.capacity)
            return isOver ? .max : next
        }
        var rest = max(0, min(total, capacity))
        while rest > 0 {
            let open = sources.indices.filter { given[$0] < sources[$0].capacity }
            if open.isEmpty { break }
            for (index, share) in zip(open, shares(of: rest, open.map { sources[$0].weight })) {
                let added = min(share, sources[index].capacity - given[index])
                given[index] += added
                rest -= added
            }
        }
        feedStarving(sources, &given)
        return given
    }

    /// Shares of a total in whole numbers that sum to it: rounded down, and one more where most was cut off.
    static func shares(of total: Int, _ weights: [Double]) -> [Int] {
        let sum = weights.reduce(0, +)
        let exact = weights.map { Double(total) * ($0 / sum) }
        var shares = exact.map(NumberCheck.whole)
        var left = shares.reduce(total) { $0.subtractingReportingOverflow($1).partialValue }
        let order = exact.indices.sorted {
            let (a, b) = (exact[$0] - Double(shares[$0]), exact[$1] - Double(shares[$1]))
            return a == b ? $0 < $1 : a > b
        }
        for index in order where left > 0 {
            shares[index] += 1
            left -= 1
        }
        // Rounding of very large totals may give a little too much.
        for index in order where left < 0 && shares[index] > 0 {
            shares[index] -= 1
            left += 1
        }
        return shares
    }

    private static func feedStarving(_ sources: [Source], _ given: inout [Int]) {
        for index in sources.indices where given[index] == 0 && sources[index].capacity > 0 {
            guard let richest = given.indices.max(by: { given[$0] < given[$1] }), given[richest] > 1 else { return }
            given[richest] -= 1
            given[index] = 1
        }
    }
}
