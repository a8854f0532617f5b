import InkTensor
import InkTestSupport
import Testing

@Suite("Optimizer steps")
struct OptimizerStepTests {
    /// The state of one parameter in double precision.
    private struct Reference {
        var value: [Double]
        var first: [Double]
        var second: [Double]

        init(_ tensor: Tensor) {
            value = tensor.values.map(Double.init)
            first = value.map { _ in 0 }
            second = first
        }

        mutating func adamW(
            _ gradient: [Double], _ range: Range<Int>, rate: Double, betas: (Double, Double), epsilon: Double,
            corrections: (Double, Double), decay: Double
        ) {
            for index in range {
                let g = gradient[index]
                value[index] *= 1 - rate * decay
                first[index] = betas.0 * first[index] + (1 - betas.0) * g
                second[index] = betas.1 * second[index] + (1 - betas.1) * g * g
                let deviation = (second[index] / corrections.1).squareRoot() + epsilon
                value[index] -= rate / corrections.0 * first[index] / deviation
            }
        }
    }

    private static func zeros(like tensor: Tensor) -> Tensor { Tensor(repeating: 0, shape: tensor.shape) }

    /// With the corrections 1 − βᵗ, and without (as the original BERT code has it).
    @Test("AdamW over several runs and steps", arguments: [true, false])
    func adamW(corrected: Bool) {
        let values = [Tensor.random([7, 11], seed: 1), .random([131], seed: 2)]
        var references = values.map(Reference.init)
        let (first, second) = (values.map(Self.zeros), values.map(Self.zeros))
        // The first tensor is updated in two stretches of different decay, as rows that are treated apart would be.
        let stretches = [(0, 0..<30, 0.1), (0, 30..<77, 0), (1, 0..<131, 0.01)]
        let (beta1, beta2, scale) = (0.9, 0.98, 0.25)
        for step in 1...5 {
            let gradients = values.indices.map {
                Tensor.random(values[$0].shape, seed: UInt64(10 * step + $0), deviation: 3)
            }
            let corrections =
                corrected ? (1 - power(beta1, step), 1 - power(beta2, step)) : (1, 1)
            OptimizerStep.adamW(
                stretches.map { index, range, decay in
                    OptimizerRun(
                        value: values[index], gradient: gradients[index], firstMoment: first[index],
                        secondMoment: second[index], range: range, weightDecay: Float(decay),
                        gradientScale: Float(scale))
                },
                learningRate: 0.01, beta1: Float(beta1), beta2: Float(beta2), epsilon: 1e-6,
                correction1: Float(corrections.0), correction2: Float(corrections.1))
            for (index, range, decay) in stretches {
                references[index].adamW(
                    gradients[index].values.map { Double($0) * scale }, range, rate: 0.01, betas: (beta1, beta2),
                    epsilon: 1e-6, corrections: corrections, decay: decay)
            }
        }
        for index in values.indices {
            expectClose(values[index], references[index].value, tolerance: 2e-6, "value")
            expectClose(first[index], references[index].first, tolerance: 2e-6, "first moment")
            expectClose(second[index], references[index].second, tolerance: 2e-6, "second moment")
        }
    }

    @Test("AdamW without a gradient still decays the moments and the value")
    func missingGradient() {
        let value = Tensor.random([19], seed: 1)
        var reference = Reference(value)
        let (first, second) = (Tensor.random([19], seed: 2), Tensor(repeating: 0.5, shape: [19]))
        reference.first = first.values.map(Double.init)
        reference.second = second.values.map(Double.init)
        OptimizerStep.adamW(
            [
                OptimizerRun(
                    value: value, gradient: nil, firstMoment: first, secondMoment: second, range: 0..<19,
                    weightDecay: 0.1, gradientScale: 1)
            ], learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, correction1: 1, correction2: 1)
        reference.adamW(
            [Double](repeating: 0, count: 19), 0..<19, rate: 0.1, betas: (0.9, 0.99), epsilon: 1e-8,
            corrections: (1, 1), decay: 0.1)
        expectClose(value, reference.value, tolerance: 1e-6)
        expectClose(first, reference.first, tolerance: 1e-6)
        expectClose(second, reference.second, tolerance: 1e-6)
    }

    @Test("Gradient descent with and without momentum", arguments: [0, 0.9])
    func sgd(momentum: Double) {
        let value = Tensor.random([5, 13], seed: 1)
        let velocity = momentum > 0 ? Self.zeros(like: value) : nil
        var expected = value.values.map(Double.init)
        var speed = expected.map { _ in 0.0 }
        for step in 1...4 {
            let gradient = Tensor.random([5, 13], seed: UInt64(step) + 50)
            OptimizerStep.sgd(
                [
                    OptimizerRun(
                        value: value, gradient: gradient, firstMoment: velocity, secondMoment: nil, range: 0..<65,
                        weightDecay: 0.02, gradientScale: 0.5)
                ], learningRate: 0.1, momentum: Float(momentum))
            for (index, g) in gradient.values.enumerated() {
                speed[index] = momentum * speed[index] + Double(g) * 0.5 + 0.02 * expected[index]
                expected[index] -= 0.1 * speed[index]
            }
        }
        expectClose(value, expected, tolerance: 2e-6)
    }

    @Test("Elements outside the range stay as they are")
    func outsideRange() {
        let value = Tensor.random([40], seed: 1)
        let before = value.values
        OptimizerStep.sgd(
            [
                OptimizerRun(
                    value: value, gradient: Tensor(repeating: 1, shape: [40]), firstMoment: nil, secondMoment: nil,
                    range: 7..<29, weightDecay: 0, gradientScale: 1)
            ], learningRate: 1, momentum: 0)
        expectClose(value, before.enumerated().map { (7..<29).contains($0) ? $1 - 1 : $1 }, tolerance: 1e-6)
        #expect(value.values[..<7] == before[..<7] && value.values[29...] == before[29...])
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { product, _ in product * base }
    }
}
