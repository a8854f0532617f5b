import InkTensor
import InkTestSupport
import Testing

#if compiler(>=6.2)
    /// The pool serves the whole process: each test has one of its own, so that no other test takes buffers meanwhile.
    @Suite("Memory pool")
    struct MemoryPoolTests {
        @Test("Training steps allocate nothing once their sizes have been seen")
        func steadyState() async {
            await #expect(processExitsWith: .success) {
                let loop = TrainingLoop()
                for step in 0..<3 { _ = loop.step(step, lengths: [37, 1, 18, 30]) }
                let before = MemoryPool.shared.statistics
                for step in 3..<8 { _ = loop.step(step, lengths: [37, 1, 18, 30]) }
                let after = MemoryPool.shared.statistics
                #expect(before.allocations > 0)
                #expect(after.allocations == before.allocations)
                #expect(after.bytesInUse == before.bytesInUse)
                #expect(after.peakBytesInUse == before.peakBytesInUse)
                // Holds the parameters until here, as their bytes were counted.
                #expect(loop.parameters.allSatisfy { $0.isFinite })
            }
        }

        @Test("Slightly different sizes share a buffer")
        func classes() async {
            await #expect(processExitsWith: .success) {
                func address(of count: Int) -> Int {
                    let tensor = Tensor(repeating: 1, shape: [count])
                    return tensor.withUnsafeElements { Int(bitPattern: $0.baseAddress) }
                }
                let first = address(of: 1030)
                let allocations = MemoryPool.shared.statistics.allocations
                #expect(first % 64 == 0)
                // From 1024 to 1152 floats is one class.
                for count in [1025, 1100, 1152] { #expect(address(of: count) == first) }
                #expect(MemoryPool.shared.statistics.allocations == allocations)
                // An idle buffer also serves what is at most a third smaller, but nothing larger.
                #expect(address(of: 800) == first)
                #expect(address(of: 1153) != first)
                #expect(address(of: 600) != first)
                #expect(MemoryPool.shared.statistics.allocations == allocations + 2)
            }
        }

        @Test("Bytes in use, idle and at the peak; idle buffers are given back")
        func statistics() async {
            await #expect(processExitsWith: .success) {
                let start = MemoryPool.shared.statistics
                do {
                    let tensors = (0..<3).map { _ in Tensor(repeating: 0, shape: [16, 64]) }
                    #expect(MemoryPool.shared.statistics.bytesInUse == start.bytesInUse + 3 * 4096)
                    _ = tensors.map(\.count)
                }
                let idle = MemoryPool.shared.statistics
                #expect(idle.bytesInUse == start.bytesInUse)
                #expect(idle.bytesIdle == start.bytesIdle + 3 * 4096)
                #expect(idle.peakBytesInUse >= start.bytesInUse + 3 * 4096)
                MemoryPool.shared.trim()
                #expect(MemoryPool.shared.statistics.bytesIdle == 0)
                let again = Tensor(repeating: 0, shape: [16, 64])
                #expect(MemoryPool.shared.statistics.allocations == idle.allocations + 1)
                #expect(again.count == 1024)
            }
        }

        @Test("A backward run gives back what the forward saved")
        func backwardReleases() async {
            await #expect(processExitsWith: .success) {
                let weight = Tensor.random([64, 64], seed: 1).trainable()
                let x = Tensor.random([64, 64], seed: 2)
                let before = MemoryPool.shared.statistics.bytesInUse
                let pass = Pass.recording()
                var value = x
                for _ in 0..<6 { value = pass.linear(value, weight: weight, bias: nil, activation: .tanh) }
                let loss = pass.sum(value)
                value = x
                let recorded = MemoryPool.shared.statistics.bytesInUse
                pass.backward(from: loss)
                let after = MemoryPool.shared.statistics.bytesInUse
                #expect(recorded >= before + 6 * 2 * 16384)
                // The gradient of the weight and the loss remain.
                #expect(after <= before + 16384 + 512)
                #expect(weight.gradient != nil)
            }
        }
    }
#endif
