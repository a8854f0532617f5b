import InkTensor
import InkTestSupport
import Testing

@Suite("Elementwise operations")
struct ElementwiseTests {
    private let x = [Tensor.random([7, 11], seed: 1), .random([7, 11], seed: 2)]

    @Test("Values")
    func values() {
        let pass = Pass.inference()
        let (a, b) = (x[0].values, x[1].values)
        #expect(pass.add(x[0], x[1]).values == zip(a, b).map { $0 + $1 })
        #expect(pass.multiply(x[0], x[1]).values == zip(a, b).map { $0 * $1 })
        #expect(pass.scale(x[0], by: -1.7).values == a.map { $0 * -1.7 })
    }

    @Test("Gradients")
    func gradients() {
        GradientCheck().run(x) { $0.add($1[0], $1[1]) }
        GradientCheck().run(x) { $0.multiply($1[0], $1[1]) }
        GradientCheck().run([x[0]]) { $0.scale($1[0], by: -1.7) }
    }

    @Test("Gradients where both operands are the same tensor")
    func twice() {
        GradientCheck().run([x[0]]) { $0.add($1[0], $1[0]) }
        GradientCheck().run([x[0]]) { $0.multiply($1[0], $1[0]) }
    }
}
