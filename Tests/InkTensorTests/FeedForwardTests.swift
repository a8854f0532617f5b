import InkTensor
import InkTestSupport
import Testing

@Suite("Feed-forward")
struct FeedForwardTests {
    private let x = Tensor.random([5, 7], seed: 1)
    private let parameters = [
        Tensor.random([13, 7], seed: 2), Tensor.random([13], seed: 3), Tensor.random([7, 13], seed: 4),
        Tensor.random([7], seed: 5),
    ]

    private func feedForward(_ pass: Pass, _ x: [Tensor], _ activation: Activation) -> Tensor {
        pass.feedForward(x[0], (x[1], x[2]), activation, (x[3], x[4]))
    }

    @Test("Gradients", arguments: [Activation.gelu, .geluTanh, .silu, .identity])
    func gradients(activation: Activation) {
        GradientCheck().run([x] + parameters) { feedForward($0, $1, activation) }
    }

    @Test("Two linear operations give the same values and gradients", arguments: [Activation.gelu, .relu])
    func asTwoOperations(activation: Activation) throws {
        func run(_ function: (Pass, [Tensor]) -> Tensor) -> [Tensor] {
            let inputs = ([x] + parameters).map { $0.trainable() }
            let pass = Pass.recording()
            let result = function(pass, inputs)
            pass.backward(from: pass.sum(pass.multiply(result, result)))
            return [result] + inputs.compactMap(\.gradient)
        }
        let fused = run { feedForward($0, $1, activation) }
        let apart = run { pass, x in
            let inner = pass.linear(x[0], weight: x[1], bias: x[2], activation: activation)
            return pass.linear(inner, weight: x[3], bias: x[4])
        }
        #expect(fused.count == 6 && apart.count == 6)
        for (a, b) in zip(fused, apart) { expectClose(a, b, tolerance: 1e-6) }
    }
}
