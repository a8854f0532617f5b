import InkTensor
import InkTestSupport
import Testing

@Suite("Attention")
struct AttentionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var heads: Int
        var width: Int
        var causal = false
        var biased = false
        var testDescription: String {
            "\(heads) heads of \(width)\(causal ? ", causal" : "")\(biased ? ", biased" : "")"
        }
    }

    static let cases = [
        Case(heads: 3, width: 4), Case(heads: 2, width: 13), Case(heads: 2, width: 26),
        Case(heads: 2, width: 13, causal: true), Case(heads: 3, width: 4, biased: true),
        Case(heads: 2, width: 26, causal: true, biased: true),
    ]
    static let layout = SequenceLayout(lengths: [5, 0, 1, 9])

    private func qkv(_ attention: Case, seed: UInt64 = 1) -> [Tensor] {
        let longest = Self.layout.longest + 2
        return [.random([Self.layout.tokens, 3 * attention.heads * attention.width], seed: seed)]
            + (attention.biased ? [.random([attention.heads, longest, longest], seed: seed + 1)] : [])
    }

    @Test("Self-attention values", arguments: cases)
    func selfAttention(attention: Case) {
        let hidden = attention.heads * attention.width
        let x = qkv(attention)
        let bias = attention.biased ? x[1] : nil
        let pass = Pass.inference()
        let result = pass.selfAttention(
            qkv: x[0], layout: Self.layout,
            options: AttentionOptions(heads: attention.heads, causal: attention.causal), bias: bias)
        let parts = (0..<3).map { ReferenceMatrix(pass.columns(x[0], $0 * hidden..<($0 + 1) * hidden)) }
        let expected = ReferenceAttention(heads: attention.heads, causal: attention.causal, bias: bias)(
            parts[0], parts[1], parts[2], queries: Self.layout, keys: Self.layout)
        expectClose(result, expected.values, tolerance: 5e-6)
    }

    @Test("Longer sequences than any block of a kernel")
    func longSequences() {
        let layout = SequenceLayout(lengths: [150, 3, 67])
        let x = (1...3).map { Tensor.random([layout.tokens, 2 * 7], seed: $0) }
        for causal in [false, true] {
            let result = Pass.inference().attention(
                x[0], x[1], x[2], queries: layout, keys: layout, options: AttentionOptions(heads: 2, causal: causal))
            let expected = ReferenceAttention(heads: 2, causal: causal)(
                ReferenceMatrix(x[0]), ReferenceMatrix(x[1]), ReferenceMatrix(x[2]), queries: layout, keys: layout)
            expectClose(result, expected.values, tolerance: 5e-6)
        }
    }

    @Test("Cross-attention values", arguments: [false, true])
    func crossAttention(causal: Bool) {
        let queries = SequenceLayout(lengths: [3, 1, 0, 4])
        let keys = SequenceLayout(lengths: [6, 1, 2, 5])
        let q = Tensor.random([queries.tokens, 3 * 5], seed: 1)
        let (k, v) = (Tensor.random([keys.tokens, 15], seed: 2), Tensor.random([keys.tokens, 15], seed: 3))
        let bias = Tensor.random([3, 4, 7], seed: 4)
        let result = Pass.inference().attention(
            q, k, v, queries: queries, keys: keys, options: AttentionOptions(heads: 3, causal: causal), bias: bias)
        let expected = ReferenceAttention(heads: 3, causal: causal, bias: bias)(
            ReferenceMatrix(q), ReferenceMatrix(k), ReferenceMatrix(v), queries: queries, keys: keys)
        expectClose(result, expected.values, tolerance: 5e-6)
    }

    @Test("Scores of hundreds neither overflow nor vanish")
    func largeScores() {
        let layout = SequenceLayout(lengths: [7])
        let x = (1...3).map { Tensor.random([7, 8], seed: $0, deviation: $0 == 3 ? 1 : 20) }
        let result = Pass.inference().attention(
            x[0], x[1], x[2], queries: layout, keys: layout, options: AttentionOptions(heads: 1))
        let expected = ReferenceAttention(heads: 1)(
            ReferenceMatrix(x[0]), ReferenceMatrix(x[1]), ReferenceMatrix(x[2]), queries: layout, keys: layout)
        // Scores near 1000 carry an absolute error near 1e-4 in single precision.
        expectClose(result, expected.values, tolerance: 1e-3)
    }

    @Test("The scale can be set")
    func scale() {
        let x = qkv(Self.cases[0])[0]
        let pass = Pass.inference()
        let given = pass.selfAttention(
            qkv: x, layout: Self.layout, options: AttentionOptions(heads: 3, scale: 0.5))
        let byDefault = pass.selfAttention(qkv: x, layout: Self.layout, options: AttentionOptions(heads: 3))
        #expect(given.values == byDefault.values, "heads of 4 are scaled by 1/2")
        let other = pass.selfAttention(qkv: x, layout: Self.layout, options: AttentionOptions(heads: 3, scale: 0.25))
        #expect(other.values != byDefault.values)
    }

    @Test("A packed sequence is treated as if it were alone", arguments: cases)
    func packing(attention: Case) {
        let x = qkv(attention)
        let options = AttentionOptions(heads: attention.heads, causal: attention.causal)
        let bias = attention.biased ? x[1] : nil
        let pass = Pass.inference()
        let together = pass.selfAttention(qkv: x[0], layout: Self.layout, options: options, bias: bias)
        for sequence in 0..<Self.layout.count {
            let rows = Self.layout.rows(of: sequence)
            let alone = pass.selfAttention(
                qkv: pass.rows(x[0], rows), layout: SequenceLayout(lengths: [rows.count]), options: options,
                bias: bias)
            #expect(alone.values == pass.rows(together, rows).values, "sequence \(sequence)")
        }
    }

    @Test("Dropout multiplies the weights by the mask of their query, head and key")
    func dropout() {
        let x = qkv(Self.cases[0])[0]
        let result = Pass.training(seed: 77, step: 2).selfAttention(
            qkv: x, layout: Self.layout, options: AttentionOptions(heads: 3, dropout: 0.25))
        let pass = Pass.inference()
        let parts = (0..<3).map { ReferenceMatrix(pass.columns(x, $0 * 12..<($0 + 1) * 12)) }
        let reference = ReferenceAttention(heads: 3, dropout: (seed: 77, stream: 2 << 20, probability: 0.25))
        let expected = reference(parts[0], parts[1], parts[2], queries: Self.layout, keys: Self.layout)
        expectClose(result, expected.values, tolerance: 5e-6)
    }

    @Test("Gradients of self-attention", arguments: cases)
    func selfAttentionGradients(attention: Case) {
        let options = AttentionOptions(heads: attention.heads, causal: attention.causal)
        GradientCheck().run(qkv(attention)) {
            $0.selfAttention(
                qkv: $1[0], layout: Self.layout, options: options, bias: attention.biased ? $1[1] : nil)
        }
    }

    @Test("Gradients with dropout", arguments: [false, true])
    func dropoutGradients(causal: Bool) {
        let attention = Case(heads: 2, width: 13, causal: causal, biased: true)
        GradientCheck(makePass: { .training(seed: 4, step: 6) }).run(qkv(attention)) {
            $0.selfAttention(
                qkv: $1[0], layout: Self.layout, options: AttentionOptions(heads: 2, causal: causal, dropout: 0.3),
                bias: $1[1])
        }
    }

    @Test("Gradients of cross-attention", arguments: [false, true])
    func crossAttentionGradients(causal: Bool) {
        let queries = SequenceLayout(lengths: [3, 1, 0, 4])
        let keys = SequenceLayout(lengths: [6, 1, 2, 5])
        GradientCheck().run([
            .random([queries.tokens, 10], seed: 1), .random([keys.tokens, 10], seed: 2),
            .random([keys.tokens, 10], seed: 3), .random([2, 4, 6], seed: 4),
        ]) {
            $0.attention(
                $1[0], $1[1], $1[2], queries: queries, keys: keys, options: AttentionOptions(heads: 2, causal: causal),
                bias: $1[3])
        }
    }

    @Test("Gradients where keys and values, or all three, are one tensor")
    func sharedOperands() {
        let layout = SequenceLayout(lengths: [4, 3])
        let inputs = [Tensor.random([7, 8], seed: 1, deviation: 0.7), .random([7, 8], seed: 2, deviation: 0.7)]
        let options = AttentionOptions(heads: 2)
        GradientCheck().run(inputs) {
            $0.attention($1[0], $1[1], $1[1], queries: layout, keys: layout, options: options)
        }
        GradientCheck().run([inputs[0]]) {
            $0.attention($1[0], $1[0], $1[0], queries: layout, keys: layout, options: options)
        }
    }

    @Test("Only the bias wants a gradient")
    func biasOnly() {
        let x = qkv(Self.cases[4])
        func biasGradient(of qkv: Tensor) -> [Float]? {
            let bias = x[1].trainable()
            let pass = Pass.recording()
            let result = pass.selfAttention(
                qkv: qkv, layout: Self.layout, options: AttentionOptions(heads: 3), bias: bias)
            pass.backward(from: result, gradient: Tensor.random(result.shape, seed: 9))
            return bias.gradient?.values
        }
        #expect(biasGradient(of: x[0]) != nil)
        #expect(biasGradient(of: x[0]) == biasGradient(of: x[0].trainable()))
    }
}
