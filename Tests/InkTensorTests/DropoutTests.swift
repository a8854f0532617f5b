import InkTensor
import InkTestSupport
import Testing

@Suite("Dropout")
struct DropoutTests {
    @Test("Elements are kept by their Philox word and scaled")
    func mask() {
        let x = Tensor.random([5, 150], seed: 1)
        let step = 3
        let pass = Pass.training(seed: 0x1234_5678_9abc_def0, step: step)
        for operation in 0..<2 {
            let result = pass.dropout(x, 0.3).values
            var expected: [Double] = []
            for row in 0..<5 {
                for column in 0..<150 {
                    let factor = ReferencePhilox.dropoutFactor(
                        seed: 0x1234_5678_9abc_def0, stream: UInt64(step) << 20 + UInt64(operation), row: row,
                        column: column, probability: Double(Float(0.3)))
                    expected.append(Double(x.row(row)[column]) * factor)
                }
            }
            expectClose(result, expected, tolerance: 1e-6)
        }
    }

    @Test("The share of kept elements", arguments: [Float(0.1), 0.5, 0.9])
    func share(probability: Float) {
        let result = Pass.training(seed: 1, step: 1).dropout(Tensor(repeating: 1, shape: [200, 333]), probability)
        let kept = result.values.count { $0 != 0 }
        let count = Double(result.count)
        let deviation = (count * Double(probability * (1 - probability))).squareRoot()
        #expect(abs(Double(kept) - count * Double(1 - probability)) < 4 * deviation)
        #expect(result.values.allSatisfy { $0 == 0 || abs($0 - 1 / (1 - probability)) < 1e-6 / (1 - probability) })
    }

    @Test("Seed, step and order of the operations decide")
    func repeatability() {
        let x = Tensor(repeating: 1, shape: [9, 31])
        func draw(seed: UInt64, step: Int) -> [[Float]] {
            let pass = Pass.training(seed: seed, step: step)
            return (0..<3).map { _ in pass.dropout(x, 0.5).values }
        }
        let masks = draw(seed: 1, step: 1)
        #expect(masks == draw(seed: 1, step: 1))
        #expect(Set(masks + draw(seed: 1, step: 2) + draw(seed: 2, step: 1)).count == 9)
    }

    @Test("Passes without dropout drop nothing")
    func withoutDropout() {
        let x = Tensor.random([4, 5], seed: 1)
        for pass in [Pass.inference(), .recording(), .training(seed: 1, step: 1)] {
            #expect(pass.dropout(x, 0).values == x.values)
        }
        #expect(Pass.inference().dropout(x, 0.9).values == x.values)
        #expect(Pass.recording().dropout(x, 0.9).values == x.values)
    }

    @Test("Gradients")
    func gradients() {
        GradientCheck(sampledElements: 63, makePass: { .training(seed: 8, step: 5) }).run([.random([9, 7], seed: 1)]) {
            $0.dropout($0.dropout($1[0], 0.4), 0.2)
        }
    }
}
