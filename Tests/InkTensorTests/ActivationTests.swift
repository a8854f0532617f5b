import InkTensor
import InkTestSupport
import Testing

@Suite("Activations")
struct ActivationTests {
    @Test("Values from the tails to the middle", arguments: Activation.allCases)
    func values(activation: Activation) {
        let x = stride(from: Float(-20), through: 20, by: 0.0625).map { $0 }
        let result = Pass.inference().activate(Tensor(x, shape: [x.count]), activation)
        expectClose(
            result, x.map { referenceActivation(activation, Double($0)) }, tolerance: 1e-6, activation.rawValue)
        #expect(result.isFinite)
    }

    @Test("GELU is as near as single precision allows")
    func gelu() {
        let x = Tensor.random([999], seed: 5, deviation: 2)
        let result = Pass.inference().activate(x, .gelu)
        let expected = x.values.map { referenceActivation(.gelu, Double($0)) }
        // The kernel's erf is off by 2e-7 at most, and x/2 multiplies that.
        for (x, (value, expected)) in zip(x.values, zip(result.values, expected)) {
            #expect(abs(Double(value) - expected) <= 3e-7 * max(1, abs(Double(x))))
        }
    }

    @Test("Gradients", arguments: Activation.allCases)
    func gradients(activation: Activation) {
        GradientCheck(sampledElements: 77).run([.random([7, 11], seed: 4, awayFromZero: 0.1)]) {
            $0.activate($1[0], activation)
        }
    }
}
