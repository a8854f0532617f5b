import InkTensor
import InkTestSupport
import Testing

@Suite("LayerNorm")
struct LayerNormTests {
    private func operands(_ rows: Int, _ columns: Int) -> [Tensor] {
        [
            .random([rows, columns], seed: 1, deviation: 2, mean: 1), .random([columns], seed: 2, mean: 1),
            .random([columns], seed: 3), .random([rows, columns], seed: 4, deviation: 2),
        ]
    }

    @Test("Values, with and without a residual", arguments: [(1, 3), (5, 33), (9, 64), (3, 131)])
    func values(rows: Int, columns: Int) {
        let x = operands(rows, columns)
        let pass = Pass.inference()
        let plain = pass.layerNorm(x[0], gamma: x[1], beta: x[2], epsilon: 1e-5)
        let expected = ReferenceMatrix(x[0]).layerNorm(gamma: x[1], beta: x[2], epsilon: 1e-5)
        expectClose(plain, expected.values, tolerance: 3e-6)

        let added = pass.layerNorm(x[0], adding: x[3], gamma: x[1], beta: x[2], epsilon: 1e-5)
        let expectedAdded = ReferenceMatrix(pass.add(x[0], x[3])).layerNorm(gamma: x[1], beta: x[2], epsilon: 1e-5)
        expectClose(added, expectedAdded.values, tolerance: 3e-6)
    }

    @Test("A large common offset does not cost the deviations")
    func offset() {
        let x = Tensor.random([4, 48], seed: 1, mean: 1000)
        let (gamma, beta) = (Tensor(repeating: 1, shape: [48]), Tensor(repeating: 0, shape: [48]))
        let result = Pass.inference().layerNorm(x, gamma: gamma, beta: beta, epsilon: 1e-12)
        let expected = ReferenceMatrix(x).layerNorm(gamma: gamma, beta: beta, epsilon: 1e-12)
        expectClose(result, expected.values, tolerance: 2e-4)
    }

    @Test("Dropout acts on the input, not on the residual")
    func dropout() {
        let x = operands(6, 37)
        let fused = Pass.training(seed: 3, step: 1).layerNorm(
            x[0], adding: x[3], dropout: 0.3, gamma: x[1], beta: x[2], epsilon: 1e-5)
        let pass = Pass.training(seed: 3, step: 1)
        let separate = pass.layerNorm(
            pass.add(x[3], pass.dropout(x[0], 0.3)), gamma: x[1], beta: x[2], epsilon: 1e-5)
        expectClose(fused, separate, tolerance: 1e-6)
    }

    @Test("Gradients")
    func gradients() {
        let x = operands(5, 13)
        let check = GradientCheck()
        check.run(Array(x.prefix(3))) { $0.layerNorm($1[0], gamma: $1[1], beta: $1[2], epsilon: 1e-5) }
        check.run(x) { $0.layerNorm($1[0], adding: $1[3], gamma: $1[1], beta: $1[2], epsilon: 1e-5) }
    }

    @Test("Gradients with dropout")
    func dropoutGradients() {
        let x = operands(5, 13)
        let check = GradientCheck(makePass: { .training(seed: 1, step: 9) })
        check.run(Array(x.prefix(3))) {
            $0.layerNorm($1[0], dropout: 0.3, gamma: $1[1], beta: $1[2], epsilon: 1e-5)
        }
        check.run(x) {
            $0.layerNorm($1[0], adding: $1[3], dropout: 0.3, gamma: $1[1], beta: $1[2], epsilon: 1e-5)
        }
    }

    @Test("Gradients where input and residual are the same tensor")
    func ownResidual() {
        GradientCheck().run(Array(operands(4, 9).prefix(3))) {
            $0.layerNorm($1[0], adding: $1[0], gamma: $1[1], beta: $1[2], epsilon: 1e-5)
        }
    }

    @Test("A frozen gamma or beta gets no gradient and disturbs none")
    func frozen() {
        let x = operands(6, 17)
        func gradients(trainGamma: Bool, trainBeta: Bool) -> (x: [Float]?, gamma: [Float]?, beta: [Float]?) {
            let leaf = x[0].trainable()
            let gamma = trainGamma ? x[1].trainable() : x[1]
            let beta = trainBeta ? x[2].trainable() : x[2]
            let pass = Pass.recording()
            // Two uses, so that the second contribution adds to the first.
            let first = pass.layerNorm(leaf, gamma: gamma, beta: beta, epsilon: 1e-5)
            let second = pass.layerNorm(first, gamma: gamma, beta: x[2], epsilon: 1e-5)
            pass.backward(from: second, gradient: x[3])
            return (leaf.gradient?.values, gamma.gradient?.values, beta.gradient?.values)
        }
        let both = gradients(trainGamma: true, trainBeta: true)
        let onlyGamma = gradients(trainGamma: true, trainBeta: false)
        let onlyBeta = gradients(trainGamma: false, trainBeta: true)
        let none = gradients(trainGamma: false, trainBeta: false)
        #expect(both.x != nil && both.x == onlyGamma.x && both.x == onlyBeta.x && both.x == none.x)
        #expect(both.gamma != nil && both.gamma == onlyGamma.gamma && both.beta == onlyBeta.beta)
        #expect(onlyGamma.beta == nil && onlyBeta.gamma == nil)
    }
}
