import Foundation
import InkTasks
import InkTensor
import InkTestSupport
import Testing

@Suite struct SpanSearchTests {
    private func target(_ first: Int32, _ last: Int32, passage: Range<Int> = 1..<2) -> SpanTarget {
        SpanTarget(
            first: first, last: last, passage: passage, owned: 0..<passage.count,
            offsets: Array(passage).map { $0..<$0 + 1 }[...])
    }

    /// Each sequence has its own softmax over its own tokens; values computed in double precision.
    @Test func theLossIsThatOfEachSequenceAlone() {
        let layout = SequenceLayout(lengths: [4, 2, 6])
        let targets = [target(1, 3), target(0, 0), target(-100, -100)]
        let logits = Tensor.random([12, 2], seed: 8, deviation: 3)
        func loss(_ sequence: Int) -> Double {
            [(0, targets[sequence].first), (1, targets[sequence].last)].reduce(0.0) { sum, part in
                let values = layout.rows(of: sequence).map { Double(logits.row($0)[part.0]) }
                let total = values.reduce(0.0) { $0 + Foundation.exp($1) }
                return sum + Foundation.log(total) - values[Int(part.1)]
            } / 2
        }
        let batch = SpanBatch(logits, layout, targets, .inference())
        expectClose([batch.loss.scalar], [(loss(0) + loss(1)) / 2], tolerance: 1e-5)
        let scores = batch.scores(targets)
        expectClose(scores.prefix(2).compactMap(\.loss), [loss(0), loss(1)], tolerance: 1e-5)
        #expect(scores[2].loss == nil)
        #expect(scores[1].empty == logits.row(4)[0] + logits.row(4)[1])
        #expect(Array(scores[0].last) == [logits.row(1)[1]])
    }

    @Test func gradientsAreThoseOfTheLoss() {
        let layout = SequenceLayout(lengths: [3, 1, 5])
        let targets = [target(2, 2), target(0, 0), target(1, 4)]
        GradientCheck().run([Tensor.random([9, 2], seed: 3)]) { pass, inputs in
            SpanBatch(inputs[0], layout, targets, pass).loss
        }
    }

    private func scores(_ first: [Float], _ last: [Float], at start: Int, owned: Range<Int>) -> (SpanTarget, SpanScores)
    {
        // The window as a sequence of [CLS] and its tokens.
        let layout = SequenceLayout(lengths: [first.count + 1])
        let target = SpanTarget(
            first: -100, last: -100, passage: 1..<first.count + 1, owned: owned,
            offsets: (start..<start + first.count).map { $0..<$0 + 1 }[...])
        let logits = Tensor(zip([0] + first, [0] + last).flatMap { [$0, $1] }, shape: [first.count + 1, 2])
        return (target, SpanBatch(logits, layout, [target], .inference()).scores([target])[0])
    }

    @Test func theBestPairWithinTheLengthWins() {
        let window = scores([1, 9, 0, 3], [0, 0, 2, 8], at: 10, owned: 0..<4)
        func best(_ length: Int) -> [Range<Int>] {
            SpanSearch(longestAnswer: length).best([(target: window.0, scores: window.1)]).map(\.range)
        }
        #expect(best(50).first == 11..<14)
        // Three tokens are too many now: 9 + 2 against 3 + 8, the first of the two.
        #expect(best(2).first == 11..<13)
        #expect(best(1) == [13..<14, 11..<12, 12..<13, 10..<11])
        #expect(best(50).count == 10)
    }

    @Test func windowsCompeteAndAPlaceCountsOnce() {
        let left = scores([0, 0, 5], [0, 0, 5], at: 0, owned: 0..<2)
        let right = scores([4, 0, 1], [4, 0, 1], at: 2, owned: 0..<3)
        let found = SpanSearch(longestAnswer: 5).best([left, right].map { (target: $0.0, scores: $0.1) })
        // Token 2 is owned by the right window, so that an answer from it has the score there.
        #expect(found.first { $0.range == 2..<3 }?.score == 8)
        #expect(found.first?.range == 2..<3)
        #expect(Set(found.map(\.range)).count == found.count)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
        #expect(SpanSearch(longestAnswer: 5).best([(target: SpanTarget, scores: SpanScores)]()).isEmpty)
    }
}
