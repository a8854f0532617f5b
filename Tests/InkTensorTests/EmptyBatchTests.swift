import InkTensor
import InkTestSupport
import Testing

/// Batches without tokens and sequences: what is left when a filter took everything.
@Suite("Empty batches")
struct EmptyBatchTests {
    private let none = Tensor([], shape: [0, 6]).trainable()
    private let weight = Tensor.random([6, 6], seed: 1).trainable()
    private let gamma = Tensor.random([6], seed: 2).trainable()
    private let zeros = [Float](repeating: 0, count: 6)

    @Test("Operations on rows give no rows, and zero gradients to the parameters")
    func rows() {
        let pass = Pass.training(seed: 1, step: 1)
        let embedded = pass.embeddingSum([(table: weight, ids: [])])
        let normed = pass.layerNorm(embedded, adding: none, dropout: 0.1, gamma: gamma, beta: gamma, epsilon: 1e-5)
        let product = pass.matmul(pass.activate(pass.dropout(normed, 0.5), .gelu), weight)
        let result = pass.softmax(pass.add(product, pass.multiply(product, product)))
        #expect(result.shape == [0, 6] && result.values.isEmpty)
        pass.backward(from: pass.sum(result))
        #expect(weight.gradient?.values == [Float](repeating: 0, count: 36))
        #expect(gamma.gradient?.values == zeros)
    }

    @Test("Attention and means over no sequences")
    func sequences() {
        let layout = SequenceLayout(lengths: [])
        let pass = Pass.recording()
        let options = AttentionOptions(heads: 2)
        let attended = pass.attention(none, none, none, queries: layout, keys: layout, options: options)
        #expect(attended.shape == [0, 6])
        let means = pass.sequenceMean(attended, layout)
        #expect(means.shape == [0, 6])
        pass.backward(from: pass.sum(means))
        #expect(none.gradient?.shape == [0, 6])
    }

    @Test("Queries without keys attend to nothing")
    func noKeys() {
        let q = Tensor.random([3, 6], seed: 3).trainable()
        let pass = Pass.recording()
        let result = pass.attention(
            q, none, none, queries: SequenceLayout(lengths: [3]), keys: SequenceLayout(lengths: [0]),
            options: AttentionOptions(heads: 2))
        #expect(result.values == [Float](repeating: 0, count: 18))
        pass.backward(from: pass.sum(result))
        #expect(q.gradient?.values == [Float](repeating: 0, count: 18))
    }

    @Test("Reductions")
    func reductions() {
        let pass = Pass.inference()
        #expect(pass.sum(none).scalar == 0 && pass.mean(none).scalar == 0)
        #expect(pass.columnSum(none).values == zeros)
        #expect(pass.crossEntropy(none, labels: []).loss.scalar == 0)
        #expect(pass.transpose(none).shape == [6, 0])
        #expect(pass.concatenateRows([none, gamma]).values == gamma.values)
    }
}
