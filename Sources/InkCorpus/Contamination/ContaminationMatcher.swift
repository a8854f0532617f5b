/// Finds the n-grams of evaluation texts in a document; one for each thread.
struct ContaminationMatcher {
    /// What stands in a document.
    struct Match: Sendable {
        /// Every n-gram of the evaluation files that occurs, as its slot, ascending.
        var slots: [Int]
        /// The evaluation texts that occur far enough, ascending.
        var items: [Int]
        /// Bytes of the n-grams of these texts, joined where they overlap.
        var spans: [Range<Int>]
    }

    private let index: EvaluationIndex
    private let minimumOverlap: Double
    private var units = TextUnits()

    init(_ index: EvaluationIndex, minimumOverlap: Double) {
        self.index = index
        self.minimumOverlap = minimumOverlap
    }

    /// - Returns: nil when no n-gram occurs.
    mutating func match(_ utf8: [UInt8]) -> Match? {
        units.take(utf8)
        var found: [(slot: Int, unit: Int)] = []
        units.forEachGram(index.gramLength) { hash, unit in
            if let slot = index.slot(hash) { found.append((slot, unit)) }
        }
        if found.isEmpty { return nil }
        let slots = Set(found.map(\.slot)).sorted()
        var counts: [Int: Int] = [:]
        for slot in slots { counts[index.owner(slot), default: 0] += 1 }
        let items = counts.filter { item, count in
            Double(count) >= minimumOverlap * Double(index.items[item].grams)
        }
        var spans: [Range<Int>] = []
        for (slot, unit) in found where items[index.owner(slot)] != nil {
            let start = units.ranges[unit].lowerBound
            let end = units.ranges[unit + index.gramLength - 1].upperBound
            if let last = spans.last, start <= last.upperBound {
                spans[spans.count - 1] = last.lowerBound..<end
            } else {
                spans.append(start..<end)
            }
        }
        return Match(slots: slots, items: items.keys.sorted(), spans: spans)
    }
}
