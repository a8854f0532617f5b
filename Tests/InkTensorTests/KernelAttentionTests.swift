import CInkKernels
import Foundation
import Testing

/// Attention of every instruction set against the textbook formula in Double, with its gradients by hand.
@Suite struct KernelAttentionTests {
    struct Form: Sendable {
        var causal = false
        var dropout: Float = 0
        var bias = false
        var headDim = 26
        var queries: [Int32] = [0, 5, 5, 22, 23, 52]
        var keys: [Int32] = [0, 5, 5, 22, 23, 52]
    }

    private static let forms: [Form] = [
        Form(), Form(causal: true, bias: true), Form(dropout: 0.3, bias: true, headDim: 16),
        Form(causal: true, dropout: 0.2, headDim: 7),
        Form(headDim: 13, queries: [0, 3, 6, 8], keys: [0, 9, 9, 40]),
        Form(causal: true, headDim: 5, queries: [0, 70], keys: [0, 75]),
    ]

    private final class Problem {
        let form: Form
        let heads = 2
        let queryStride, keyStride: Int
        let q, k, v, dout, bias: FloatBuffer
        let out, logSumExp, dq, dk, dv, biasGradient: FloatBuffer
        let queries, keys: UnsafeMutablePointer<Int32>

        init(_ form: Form) {
            var random = KernelRandom(21)
            self.form = form
            queryStride = 2 * form.headDim + 3
            keyStride = 2 * form.headDim + 1
            let queryTokens = Int(form.queries.last ?? 0)
            let keyTokens = Int(form.keys.last ?? 0)
            q = FloatBuffer(random.floats(queryTokens * queryStride))
            k = FloatBuffer(random.floats(keyTokens * keyStride))
            v = FloatBuffer(random.floats(keyTokens * keyStride))
            dout = FloatBuffer(random.floats(queryTokens * queryStride))
            bias = FloatBuffer(random.floats(2 * 80 * 80))
            out = FloatBuffer(count: q.count)
            logSumExp = FloatBuffer(count: queryTokens * 2)
            (dq, dk, dv) = (FloatBuffer(q.values), FloatBuffer(k.values), FloatBuffer(v.values))
            biasGradient = FloatBuffer(count: bias.count)
            queries = .allocate(capacity: form.queries.count)
            queries.initialize(from: form.queries, count: form.queries.count)
            keys = .allocate(capacity: form.keys.count)
            keys.initialize(from: form.keys, count: form.keys.count)
        }

        deinit {
            queries.deallocate()
            keys.deallocate()
        }

        func run() {
            var a = ink_attention()
            a.sequences = Int64(form.queries.count - 1)
            (a.query_starts, a.key_starts) = (UnsafePointer(queries), UnsafePointer(keys))
            (a.heads, a.head_dim) = (Int64(heads), Int64(form.headDim))
            (a.q, a.k, a.v) = (UnsafePointer(q.pointer), UnsafePointer(k.pointer), UnsafePointer(v.pointer))
            (a.q_stride, a.k_stride, a.v_stride) = (Int64(queryStride), Int64(keyStride), Int64(keyStride))
            a.scale = 0.3
            a.causal = form.causal
            if form.bias { a.bias = UnsafePointer(bias.pointer) }
            (a.bias_rows, a.bias_columns) = (80, 80)
            a.dropout = ink_dropout(seed: 6, stream: 3, probability: form.dropout)
            ink_attention_forward(&a, out.pointer, Int64(queryStride), logSumExp.pointer)
            ink_attention_backward(
                &a, out.pointer, dout.pointer, Int64(queryStride), logSumExp.pointer, dq.pointer, dk.pointer,
                dv.pointer, form.bias ? biasGradient.pointer : nil)
        }
    }

    /// The same values as `Problem.run`, one head of one sequence at a time.
    private struct Reference {
        var out, logSumExp, dq, dk, dv, biasGradient: [Double]

        init(_ p: Problem) {
            out = [Double](repeating: 0, count: p.out.count)
            logSumExp = [Double](repeating: 0, count: p.logSumExp.count)
            dq = p.q.values.map(Double.init)
            (dk, dv) = (p.k.values.map(Double.init), p.v.values.map(Double.init))
            biasGradient = [Double](repeating: 0, count: p.bias.count)
            for sequence in 0..<p.form.queries.count - 1 {
                for head in 0..<p.heads { add(p, sequence, head) }
            }
        }

        private mutating func add(_ p: Problem, _ sequence: Int, _ head: Int) {
            let dim = p.form.headDim
            let (queryStart, keyStart) = (Int(p.form.queries[sequence]), Int(p.form.keys[sequence]))
            let queries = Int(p.form.queries[sequence + 1]) - queryStart
            let keys = Int(p.form.keys[sequence + 1]) - keyStart
            let keyAt = { (key: Int, d: Int) in (keyStart + key) * p.keyStride + head * dim + d }
            let queryAt = { (query: Int, d: Int) in (queryStart + query) * p.queryStride + head * dim + d }
            for key in 0..<keys { for d in 0..<dim { (dk[keyAt(key, d)], dv[keyAt(key, d)]) = (0, 0) } }
            for query in 0..<queries {
                for d in 0..<dim { dq[queryAt(query, d)] = 0 }
                let visible = p.form.causal ? max(0, min(keys, query + keys - queries + 1)) : keys
                guard visible > 0 else { continue }
                let biasRow = (head * 80 + query) * 80
                let scores = (0..<visible).map { key in
                    let dot = (0..<dim).reduce(0.0) { $0 + p.q[queryAt(query, $1)] * p.k[keyAt(key, $1)] }
                    return dot * Double(Float(0.3)) + (p.form.bias ? p.bias[biasRow + key] : 0)
                }
                let total = scores.reduce(0) { $0 + exp($1) }
                logSumExp[(queryStart + query) * p.heads + head] = log(total)
                let probability = scores.map { exp($0) / total }
                var words = [UInt32](repeating: 0, count: visible)
                ink_philox_row(6, 3, UInt32((queryStart + query) * p.heads + head), Int64(visible), &words)
                let keep = words.map { word in
                    Double(word) < Double(p.form.dropout) * 4_294_967_296 ? 0 : 1 / (1 - Double(p.form.dropout))
                }
                var gradient = (0..<visible).map { key in
                    (0..<dim).reduce(0.0) { $0 + p.dout[queryAt(query, $1)] * p.v[keyAt(key, $1)] } * keep[key]
                }
                let mean = zip(gradient, probability).reduce(0) { $0 + $1.0 * $1.1 }
                for key in 0..<visible {
                    gradient[key] = probability[key] * (gradient[key] - mean)
                    biasGradient[biasRow + key] += gradient[key]
                    for d in 0..<dim {
                        let weight = probability[key] * keep[key]
                        out[queryAt(query, d)] += weight * p.v[keyAt(key, d)]
                        dv[keyAt(key, d)] += weight * p.dout[queryAt(query, d)]
                        dq[queryAt(query, d)] += 0.3 * gradient[key] * p.k[keyAt(key, d)]
                        dk[keyAt(key, d)] += 0.3 * gradient[key] * p.q[queryAt(query, d)]
                    }
                }
            }
        }
    }

    @Test(arguments: KernelSet.supported, 0..<forms.count)
    func forwardAndBackward(set: KernelSet, form: Int) {
        let problem = Problem(Self.forms[form])
        set.use { problem.run() }
        let reference = Reference(problem)
        #expect(largestDifference(problem.out.values, reference.out) <= 5e-6)
        #expect(largestDifference(problem.logSumExp.values, reference.logSumExp) <= 5e-6)
        #expect(largestDifference(problem.dq.values, reference.dq) <= 2e-5)
        #expect(largestDifference(problem.dk.values, reference.dk) <= 2e-5)
        #expect(largestDifference(problem.dv.values, reference.dv) <= 2e-5)
        if Self.forms[form].bias {
            #expect(largestDifference(problem.biasGradient.values, reference.biasGradient) <= 2e-5)
        }
    }

    @Test(arguments: KernelSet.supported)
    func threadsDoNotChangeResults(set: KernelSet) {
        let before = ink_thread_count()
        defer { ink_set_thread_count(before) }
        let results = [1, 2, 3].map { threads in
            ink_set_thread_count(Int32(threads))
            let problem = Problem(Self.forms[2])
            set.use { problem.run() }
            return [problem.out, problem.dq, problem.dk, problem.dv, problem.biasGradient].map(\.values)
        }
        #expect(results[0] == results[1] && results[1] == results[2])
    }
}
