import InkTraining
import Testing

@Suite struct BatchPlanTests {
    private func plan(
        _ examples: Int, _ batch: Int, epochs: Int = 1, _ order: TrainingOptions.Order = .shuffled,
        _ tail: TrainingOptions.Tail = .keep, seed: UInt64 = 1
    ) -> BatchPlan {
        var options = TrainingOptions()
        options.batchSize = batch
        options.epochs = epochs
        options.order = order
        options.tail = tail
        options.seed = seed
        return BatchPlan(exampleCount: examples, options: options)
    }

    private func epoch(_ plan: BatchPlan, _ number: Int) -> [Int] {
        var plan = plan
        return (0..<plan.stepsPerEpoch).flatMap { plan.batch(number * plan.stepsPerEpoch + $0) }
    }

    @Test(arguments: [(10, 3), (12, 4), (1, 5), (7, 7), (100, 1), (1000, 64)])
    func everyEpochShowsEveryExampleOnce(_ examples: Int, _ batch: Int) {
        let plan = plan(examples, batch, epochs: 3)
        #expect(plan.totalSteps == 3 * plan.stepsPerEpoch)
        for number in 0..<3 { #expect(epoch(plan, number).sorted() == Array(0..<examples)) }
    }

    @Test func epochsAndSeedsShuffleDifferently() {
        let orders = [
            epoch(plan(50, 8, epochs: 2), 0), epoch(plan(50, 8, epochs: 2), 1), epoch(plan(50, 8, seed: 2), 0),
        ]
        #expect(Set(orders).count == 3)
        #expect(!orders.contains(Array(0..<50)))
    }

    @Test func aBatchDependsOnItsStepOnly() {
        var forwards = plan(30, 4, epochs: 3)
        let batches = (0..<forwards.totalSteps).map { forwards.batch($0) }
        var backwards = plan(30, 4, epochs: 3)
        for step in (0..<forwards.totalSteps).reversed() { #expect(backwards.batch(step) == batches[step]) }
        for step in [17, 3, 23, 0] {
            var fresh = plan(30, 4, epochs: 3)
            #expect(fresh.batch(step) == batches[step])
        }
    }

    @Test func theGivenOrderIsTheSameEveryEpoch() {
        let plan = plan(10, 4, epochs: 2, .asGiven)
        #expect(epoch(plan, 0) == Array(0..<10))
        #expect(epoch(plan, 1) == Array(0..<10))
    }

    /// n = ⌊N / batch⌋ full batches; the rest is a batch of its own where N mod n ≠ 0.
    @Test(arguments: [
        (180_000, 128, 1407), (10_000, 128, 79), (116_493, 128, 911),
        // 130 = 1 · 128 + 2 and 130 mod 1 = 0: the tail of two is dropped.
        (130, 128, 1),
        // 10 = 2 · 4 + 2 and 10 mod 2 = 0, 14 = 3 · 4 + 2 and 14 mod 3 = 2.
        (10, 4, 2), (14, 4, 4), (12, 4, 3), (128, 128, 1),
        // Fewer than one batch: the reference would divide by zero.
        (5, 8, 1), (0, 8, 0),
    ])
    func theReferenceDropsSomeTails(_ examples: Int, _ batch: Int, _ steps: Int) {
        let plan = plan(examples, batch, .asGiven, .reference)
        #expect(plan.stepsPerEpoch == steps)
        #expect(epoch(plan, 0) == Array(0..<min(examples, steps * batch)))
    }

    @Test(arguments: [(10, 4, 3), (8, 4, 2), (3, 4, 1), (1, 1, 1), (0, 4, 0)])
    func otherwiseTheTailIsKept(_ examples: Int, _ batch: Int, _ steps: Int) {
        #expect(plan(examples, batch).stepsPerEpoch == steps)
    }

    @Test func partsStayUnderTheLimit() {
        let lengths = [3, 3, 3, 9, 1, 1, 20, 2]
        let parts = BatchPlan.parts(of: Array(lengths.indices), limit: 9) { lengths[$0] }
        #expect(parts == [[0, 1, 2], [3], [4, 5], [6], [7]])
        #expect(BatchPlan.parts(of: [2, 0], limit: 100) { lengths[$0] } == [[2, 0]])
        #expect(BatchPlan.parts(of: [], limit: 9) { lengths[$0] }.isEmpty)
    }
}
