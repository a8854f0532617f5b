import InkTensor
import InkTestSupport
import Testing

/// The number of threads holds for the whole process, hence one test after the other.
@Suite("Determinism", .serialized)
struct DeterminismTests {
    private func train(threads: Int, steps: Int = 12) -> (losses: [Float], weights: [[Float]]) {
        let before = Parallelism.threadCount
        Parallelism.threadCount = threads
        defer { Parallelism.threadCount = before }
        let loop = TrainingLoop()
        let losses = (0..<steps).map { loop.step($0, lengths: [37, 1, 18, 30]) }
        return (losses, loop.parameters.map(\.values))
    }

    @Test("The same weights, bit for bit, whatever the number of threads")
    func threads() {
        let one = train(threads: 1)
        #expect(one.losses.allSatisfy { $0.isFinite })
        for threads in [1, 2, 3] {
            let other = train(threads: threads)
            #expect(other.losses == one.losses, "\(threads) threads")
            #expect(other.weights == one.weights, "\(threads) threads")
        }
    }

    @Test("The loop learns")
    func learning() {
        let losses = train(threads: 2, steps: 40).losses
        #expect(losses.suffix(5).reduce(0, +) < 0.5 * losses.prefix(5).reduce(0, +))
    }

    @Test("A large product is the same for every number of threads")
    func largeProduct() {
        let before = Parallelism.threadCount
        defer { Parallelism.threadCount = before }
        let (a, b) = (Tensor.random([150, 170], seed: 1), Tensor.random([170, 190], seed: 2))
        let results = [1, 2, 3, 5].map { threads in
            Parallelism.threadCount = threads
            return Pass.inference().matmul(a, b).values
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }

    @Test("Runs at the same time do not disturb each other")
    func concurrentRuns() async {
        let alone = train(threads: 2, steps: 4)
        let together = await withTaskGroup(of: [[Float]].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let loop = TrainingLoop()
                    for step in 0..<4 { _ = loop.step(step, lengths: [37, 1, 18, 30]) }
                    return loop.parameters.map(\.values)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(together.count == 4 && together.allSatisfy { $0 == alone.weights })
    }
}
