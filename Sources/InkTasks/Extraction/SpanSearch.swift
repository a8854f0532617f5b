/// The best answers in the windows of a passage.
///
/// An answer scores the sum of the logits of its first and its last token; scores of different windows are compared as
/// they are, as BERT's `run_squad.py` does. A place that several windows show counts where it has most context.
package struct SpanSearch: Sendable {
    /// Most tokens of an answer.
    package var longestAnswer: Int
    /// How many answers share the probability.
    private let count = 20

    package init(longestAnswer: Int) { self.longestAnswer = longestAnswer }

    /// A piece of the passage.
    package struct Candidate: Equatable {
        /// Unicode scalars of the passage; empty for no answer.
        package var range: Range<Int>
        package var score: Float
    }

    /// The best places, the best first; equal ones by place.
    package func best(_ windows: some Sequence<(target: SpanTarget, scores: SpanScores)>) -> [Candidate] {
        var kept: [Candidate] = []
        for (target, scores) in windows {
            let offsets = Array(target.offsets)
            let (first, last) = (Array(scores.first), Array(scores.last))
            for start in target.owned {
                for end in start..<min(start + longestAnswer, offsets.count) {
                    let score = first[start] + last[end]
                    guard kept.count < count || score > kept[kept.count - 1].score else { continue }
                    let (from, to) = (offsets[start].lowerBound, offsets[end].upperBound)
                    if from < to { keep(Candidate(range: from..<to, score: score), in: &kept) }
                }
            }
        }
        return kept
    }

    private func keep(_ candidate: Candidate, in kept: inout [Candidate]) {
        // Several tokens of one character give the same place.
        if let same = kept.firstIndex(where: { $0.range == candidate.range }) {
            guard kept[same].score < candidate.score else { return }
            kept.remove(at: same)
        }
        let place = kept.firstIndex { $0.score < candidate.score } ?? kept.count
        kept.insert(candidate, at: place)
        if kept.count > count { kept.removeLast() }
    }
}
