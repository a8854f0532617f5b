import InkTensor
import InkTestSupport
import Testing

@Suite("Linear")
struct LinearTests {
    /// Tokens, inputs, outputs.
    static let sizes = [[1, 1, 1], [7, 13, 5], [19, 33, 17], [67, 29, 130]]

    @Test("Values", arguments: Activation.allCases)
    func values(activation: Activation) {
        for size in Self.sizes {
            let x = Tensor.random([size[0], size[1]], seed: 1)
            let weight = Tensor.random([size[2], size[1]], seed: 2, deviation: 0.3)
            let bias = Tensor.random([size[2]], seed: 3)
            let result = Pass.inference().linear(x, weight: weight, bias: bias, activation: activation)

            var expected = ReferenceMatrix(x) * ReferenceMatrix(weight).transposed
            for row in 0..<expected.rows {
                for column in 0..<expected.columns {
                    expected[row, column] = referenceActivation(
                        activation, expected[row, column] + Double(bias.values[column]))
                }
            }
            #expect(result.shape == [size[0], size[2]])
            expectClose(result, expected.values, tolerance: 5e-6, "\(size)")
        }
    }

    @Test("A packed weight gives what the plain one gives", arguments: Activation.allCases)
    func packed(activation: Activation) {
        for size in Self.sizes {
            let x = Tensor.random([size[0], size[1]], seed: 1)
            let weight = Tensor.random([size[2], size[1]], seed: 2)
            let bias = Tensor.random([size[2]], seed: 3)
            let packed = PackedMatrix(weight)
            #expect(packed.outputs == size[2] && packed.inputs == size[1])
            for bias in [bias, nil] {
                let pass = Pass.inference()
                expectClose(
                    pass.linear(x, packed: packed, bias: bias, activation: activation),
                    pass.linear(x, weight: weight, bias: bias, activation: activation), tolerance: 1e-6, "\(size)")
            }
        }
    }

    @Test("Leading extents are kept")
    func leadingExtents() {
        let x = Tensor.random([2, 3, 5], seed: 1)
        let weight = Tensor.random([4, 5], seed: 2)
        let pass = Pass.inference()
        let result = pass.linear(x, weight: weight, bias: nil)
        #expect(result.shape == [2, 3, 4])
        #expect(result.values == pass.linear(pass.reshape(x, [6, 5]), weight: weight, bias: nil).values)
    }

    @Test("No tokens")
    func noTokens() {
        let weight = Tensor.random([4, 5], seed: 2).trainable()
        let pass = Pass.recording()
        let result = pass.linear(Tensor([], shape: [0, 5]), weight: weight, bias: nil, activation: .gelu)
        #expect(result.shape == [0, 4])
        pass.backward(from: pass.sum(result))
        #expect(weight.gradient?.values == [Float](repeating: 0, count: 20))
    }

    @Test("Gradients", arguments: Activation.allCases.filter { $0 != .relu })
    func gradients(activation: Activation) {
        let inputs = [
            Tensor.random([7, 13], seed: 1, deviation: 0.5), .random([5, 13], seed: 2, deviation: 0.5),
            .random([5], seed: 3),
        ]
        GradientCheck().run(inputs) { $0.linear($1[0], weight: $1[1], bias: $1[2], activation: activation) }
        GradientCheck().run(Array(inputs.prefix(2))) {
            $0.linear($1[0], weight: $1[1], bias: nil, activation: activation)
        }
    }

    @Test("Gradients with ReLU")
    func reluGradients() {
        // Biases of ±6 keep every value before the activation away from the kink.
        let inputs = [
            Tensor.random([5, 4], seed: 1, deviation: 0.5), .random([3, 4], seed: 2, deviation: 0.5),
            Tensor([6, -6, 6], shape: [3]),
        ]
        GradientCheck().run(inputs) { $0.linear($1[0], weight: $1[1], bias: $1[2], activation: .relu) }
    }

    @Test("The gradient of a bias has the bias's shape, be it a row or a vector")
    func biasShape() {
        GradientCheck().run([.random([4, 5], seed: 1), .random([3, 5], seed: 2), .random([1, 3], seed: 3)]) {
            $0.linear($1[0], weight: $1[1], bias: $1[2])
        }
    }

    @Test("Gradients of batched rows")
    func batchedGradients() {
        GradientCheck().run([.random([3, 2, 5], seed: 1), .random([4, 5], seed: 2), .random([4], seed: 3)]) {
            $0.linear($1[0], weight: $1[1], bias: $1[2])
        }
    }
}
