/// The most probable sequence of tags that keeps to the scheme (Viterbi 1967 over the transitions that it allows, all
/// equally probable).
///
/// Taking each token's best tag alone may give an `I-` that goes on nothing or a span that no `E-` ends; one then has to
/// guess what was meant. Here such sequences do not compete. A rule holds for a type only where the labels can keep it:
/// models without `B-` or `E-` labels of a type are read as they are.
package struct TagDecoder: Sendable {
    /// Different sets of tags that may stand before a tag.
    private let predecessors: [[Int]]
    /// Which of them, for each tag.
    private let group: [Int]
    private let mayBegin: [Bool]
    private let mayEnd: [Bool]

    /// `tags`: the labels, in the order of their ids.
    package init(_ tags: [TagScheme.Tag]) {
        let begun = Set(tags.filter { $0.place == .begin }.map(\.type))
        let ended = Set(tags.filter { $0.place == .end }.map(\.type))
        func goesOn(_ tag: TagScheme.Tag) -> Bool { tag.place == .inside || tag.place == .end }
        func isOpen(_ tag: TagScheme.Tag) -> Bool { tag.place == .begin || tag.place == .inside }
        let needsPredecessor = tags.map { goesOn($0) && begun.contains($0.type) }
        let needsSuccessor = tags.map { isOpen($0) && ended.contains($0.type) }
        var predecessors: [[Int]] = []
        var group: [Int] = []
        for (index, tag) in tags.enumerated() {
            let allowed = tags.indices.filter { previous in
                if goesOn(tag), isOpen(tags[previous]), tags[previous].type == tag.type { return true }
                return !needsPredecessor[index] && !needsSuccessor[previous]
            }
            if let known = predecessors.firstIndex(of: allowed) {
                group.append(known)
            } else {
                group.append(predecessors.count)
                predecessors.append(allowed)
            }
        }
        self.predecessors = predecessors
        self.group = group
        mayBegin = needsPredecessor.map { !$0 }
        mayEnd = needsSuccessor.map { !$0 }
    }

    /// The best sequence of tag ids for tokens whose log-probabilities of all tags stand one row after the other.
    /// Ties go to the lower id. Where no sequence keeps to the scheme, each token has its own best tag.
    package func decode(_ logProbabilities: [Float]) -> [Int] {
        let tagCount = group.count
        let count = logProbabilities.count / tagCount
        guard count > 0 else { return [] }
        var scores = (0..<tagCount).map { mayBegin[$0] ? logProbabilities[$0] : -.infinity }
        var steps: [[Int]] = []
        steps.reserveCapacity(count)
        for token in 1..<max(count, 1) {
            let best = predecessors.map { candidates in
                candidates.reduce(-1) { best, next in best < 0 || scores[next] > scores[best] ? next : best }
            }
            steps.append(best)
            scores = (0..<tagCount).map { tag in
                let previous = best[group[tag]]
                return previous < 0 ? -.infinity : scores[previous] + logProbabilities[token * tagCount + tag]
            }
        }
        let last = (0..<tagCount).filter { mayEnd[$0] && scores[$0] > -.infinity }.max { scores[$0] < scores[$1] }
        guard let last else { return Self.tops(logProbabilities, tagCount) }
        var tags = [last]
        for step in steps.reversed() { tags.append(step[group[tags[tags.count - 1]]]) }
        return tags.reversed()
    }

    private static func tops(_ values: [Float], _ width: Int) -> [Int] {
        stride(from: 0, to: values.count, by: width).map { start in
            (0..<width).reduce(0) { values[start + $1] > values[start + $0] ? $1 : $0 }
        }
    }
}
