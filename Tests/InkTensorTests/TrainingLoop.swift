import InkTensor
import InkTestSupport

/// A small model that is trained for a few steps: two linear layers, LayerNorm with a residual and dropout, attention.
struct TrainingLoop {
    let parameters: [Tensor]
    private let first: [Tensor]
    private let second: [Tensor]
    private static let hidden = 24

    init() {
        let hidden = Self.hidden
        parameters = [
            Tensor.random([3 * hidden, hidden], seed: 1, deviation: 0.2), .random([3 * hidden], seed: 2),
            .random([hidden], seed: 3, mean: 1), .random([hidden], seed: 4),
            .random([5, hidden], seed: 5, deviation: 0.2), .random([5], seed: 6), .random([40, hidden], seed: 7),
        ].map { $0.trainable() }
        first = parameters.map { Tensor(repeating: 0, shape: $0.shape) }
        second = first.map { $0.copy() }
    }

    /// One step on `lengths.reduce(0, +)` tokens; returns the loss.
    func step(_ number: Int, lengths: [Int]) -> Float {
        let layout = SequenceLayout(lengths: lengths)
        var random = RandomNumbers(seed: 12, stream: UInt64(number))
        let ids = (0..<layout.tokens).map { _ in Int32(random.nextWord() % 40) }
        let pass = Pass.training(seed: 99, step: number)
        let p = parameters
        let embedded = pass.dropout(pass.embeddingSum([(table: p[6], ids: ids)]), 0.1)
        let qkv = pass.linear(embedded, weight: p[0], bias: p[1], activation: .gelu)
        let context = pass.selfAttention(
            qkv: qkv, layout: layout, options: AttentionOptions(heads: 3, dropout: 0.1))
        let output = pass.layerNorm(
            context, adding: embedded, dropout: 0.1, gamma: p[2], beta: p[3], epsilon: 1e-12)
        let logits = pass.linear(output, weight: p[4], bias: p[5])
        let loss = pass.crossEntropy(logits, labels: ids.map { $0 % 5 }).loss
        pass.backward(from: loss)
        let runs = parameters.indices.map {
            OptimizerRun(
                value: p[$0], gradient: p[$0].gradient, firstMoment: first[$0], secondMoment: second[$0],
                range: 0..<p[$0].count, weightDecay: 0.01, gradientScale: 1)
        }
        OptimizerStep.adamW(
            runs, learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 1, correction2: 1)
        for parameter in p { parameter.clearGradient() }
        return loss.scalar
    }
}
