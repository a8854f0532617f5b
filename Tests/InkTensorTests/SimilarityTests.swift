import InkTensor
import InkTestSupport
import Testing

@Suite("Similarities and yes-or-no losses")
struct SimilarityTests {
    @Test("Gradients")
    func gradients() {
        let (a, b) = (Tensor.random([4, 5], seed: 1), Tensor.random([4, 5], seed: 2))
        GradientCheck().run([a]) { $0.normalizeRows($1[0]) }
        GradientCheck().run([a, b]) { $0.rowDots($1[0], $1[1]) }
        GradientCheck().run([.random([6], seed: 3, deviation: 0.3)]) {
            $0.orderingLoss($1[0], grades: [0, 1, 1, 2, 0, 2], scale: 3)
        }
        let targets: [Float] = (0..<20).map { $0 % 3 == 0 ? 1 : 0.125 }
        GradientCheck().run([a]) { $0.binaryCrossEntropy($1[0], targets: targets).loss }
    }

    @Test("A row of zeros stays, and so does its gradient")
    func zeroRow() {
        let x = Tensor([0, 0, 3, 4], shape: [2, 2]).trainable()
        let pass = Pass.recording()
        let result = pass.normalizeRows(x)
        expectClose(result, [0, 0, 0.6, 0.8], tolerance: 1e-6)
        pass.backward(from: pass.sum(result))
        #expect(x.gradient?.values.allSatisfy { $0.isFinite } == true)
    }

    @Test("Losses of logits of any size are finite, probabilities between 0 and 1")
    func extremeLogits() {
        let x = Tensor([-1e4, 1e4, -1e4, 1e4, 0], shape: [5]).trainable()
        let pass = Pass.recording()
        let (loss, probabilities) = pass.binaryCrossEntropy(x, targets: [0, 1, 1, 0, 1])
        expectClose(probabilities, [0, 1, 0, 1, 0.5], tolerance: 1e-6)
        #expect(abs(loss.scalar - (2e4 + 0.693147) / 5) < 1e-2)
        pass.backward(from: loss)
        #expect(x.gradient?.values == [0, 0, -0.2, 0.2, -0.1])
    }

    @Test("Nothing to order, nothing to lose; large differences do not overflow")
    func ordering() {
        let pass = Pass.inference()
        let x = Tensor([1, -1, 0.5], shape: [3])
        #expect(pass.orderingLoss(x, grades: [2, 2, 2]).scalar == 0)
        #expect(pass.orderingLoss(Tensor([], shape: [0]), grades: []).scalar == 0)
        #expect(pass.orderingLoss(x, grades: [2, 0, 1]).scalar < 1e-4)
        #expect(abs(pass.orderingLoss(x, grades: [0, 2, 1], scale: 1000).scalar - 2000) < 1e-2)
    }

    @Test("No elements")
    func empty() {
        let none = Tensor([], shape: [0, 6]).trainable()
        let pass = Pass.recording()
        #expect(pass.rowDots(none, none).shape == [0])
        #expect(pass.binaryCrossEntropy(none, targets: []).loss.scalar == 0)
        pass.backward(from: pass.sum(pass.normalizeRows(none)))
        #expect(none.gradient?.shape == [0, 6])
    }
}
