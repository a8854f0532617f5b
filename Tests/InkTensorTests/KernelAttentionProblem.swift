import CInkKernels

/// Operands of one attention call and what the kernels make of them.
final class KernelAttentionProblem {
    struct Form: Sendable {
        enum Buckets: Sendable {
            /// Distances clipped to −4...4: constant, rising, constant.
            case clipped
            /// Falling, slower the farther.
            case slowing
            /// Neither rising nor falling.
            case jumping

            func row(of distance: Int) -> Int32 {
                switch self {
                case .clipped: Int32(max(-4, min(4, distance)) + 4)
                case .slowing: Int32(24 - (abs(distance) < 6 ? distance : (abs(distance) / 8 + 6) * distance.signum()))
                case .jumping: Int32((distance * distance + 3 * abs(distance)) % 17)
                }
            }
        }

        var causal = false
        var dropout: Float = 0
        var bias = false
        var headDim = 26
        var queries: [Int32] = [0, 5, 5, 22, 23, 52]
        var keys: [Int32] = [0, 5, 5, 22, 23, 52]
        var rotary = false
        var rotatesValues = false
        var buckets: Buckets?
        /// Which of the key, query and value tables there are.
        var tables = [true, true, true]
        var sharedTables = false
        /// Without gradients for the tables, a sequence and head is a task of its own.
        var tableGradients = true
    }

    static let reach = 700
    static let tableRows = 48

    let form: Form
    let heads = 2
    let queryStride, keyStride: Int
    let q, k, v, dout, bias: FloatBuffer
    let out, logSumExp, dq, dk, dv, biasGradient: FloatBuffer
    /// Key, query and value table, and their gradients for all heads.
    let tables, tableGradients: [FloatBuffer]
    let cosines, sines: FloatBuffer
    let queries, keys, buckets: UnsafeMutablePointer<Int32>

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
        let width = form.headDim * (form.sharedTables ? 1 : 2)
        tables = (0..<3).map { _ in FloatBuffer(random.floats(Self.tableRows * width)) }
        tableGradients = (0..<3).map { _ in FloatBuffer(count: Self.tableRows * 2 * form.headDim) }
        cosines = FloatBuffer(random.floats(Self.reach * form.headDim / 2))
        sines = FloatBuffer(random.floats(Self.reach * form.headDim / 2))
        queries = .allocate(capacity: form.queries.count)
        queries.initialize(from: form.queries, count: form.queries.count)
        keys = .allocate(capacity: form.keys.count)
        keys.initialize(from: form.keys, count: form.keys.count)
        let rows = (-Self.reach...Self.reach).map { form.buckets?.row(of: $0) ?? 0 }
        buckets = .allocate(capacity: rows.count)
        buckets.initialize(from: rows, count: rows.count)
    }

    deinit {
        queries.deallocate()
        keys.deallocate()
        buckets.deallocate()
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
        var rotary = ink_rotary(
            cosines: cosines.pointer, sines: sines.pointer, rotates_values: form.rotatesValues)
        var relative = ink_relative(
            key: table(0), query: table(1), value: table(2), buckets: buckets, reach: Int64(Self.reach))
        var gradients = ink_attention_gradients()
        (gradients.q, gradients.k, gradients.v) = (dq.pointer, dk.pointer, dv.pointer)
        if form.bias { gradients.bias = biasGradient.pointer }
        if form.buckets != nil, form.tableGradients {
            gradients.key_table = form.tables[0] ? tableGradients[0].pointer : nil
            gradients.query_table = form.tables[1] ? tableGradients[1].pointer : nil
            gradients.value_table = form.tables[2] ? tableGradients[2].pointer : nil
        }
        withUnsafePointer(to: &rotary) { rotary in
            withUnsafePointer(to: &relative) { relative in
                if form.rotary { a.rotary = rotary }
                if form.buckets != nil { a.relative = relative }
                ink_attention_forward(&a, out.pointer, Int64(queryStride), logSumExp.pointer)
                ink_attention_backward(
                    &a, out.pointer, dout.pointer, Int64(queryStride), logSumExp.pointer, &gradients)
            }
        }
    }

    private func table(_ number: Int) -> ink_relative_table {
        let stride = Int64(form.headDim * (form.sharedTables ? 1 : 2))
        return ink_relative_table(
            rows: form.tables[number] ? UnsafePointer(tables[number].pointer) : nil, stride: stride,
            head_step: form.sharedTables ? 0 : Int64(form.headDim))
    }

    /// All results, for comparing runs bit for bit.
    var results: [[Float]] {
        ([out, logSumExp, dq, dk, dv, biasGradient] + tableGradients).map(\.values)
    }
}
