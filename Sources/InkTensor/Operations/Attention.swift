import CInkKernels

/// What distinguishes the kinds of dot-product attention (Vaswani et al. 2017).
public struct AttentionOptions: Sendable {
    /// Number of heads; divides H.
    public var heads: Int
    /// Factor on the scores; 1/√D by default.
    public var scale: Float?
    /// Token i sees tokens up to i only.
    public var causal = false
    /// Dropout probability on the attention weights.
    public var dropout: Float = 0
    /// How positions enter scores and values.
    public var positions: AttentionPositions = .none

    public init(
        heads: Int, scale: Float? = nil, causal: Bool = false, dropout: Float = 0,
        positions: AttentionPositions = .none
    ) {
        self.heads = heads
        self.scale = scale
        self.causal = causal
        self.dropout = dropout
        self.positions = positions
    }
}

extension Pass {
    /// Multi-head attention of packed sequences to themselves. `qkv`: [T, 3 H], the queries, keys and values side by
    /// side; `bias`: [heads, L, L], added to the scaled scores of every sequence (L at least the longest); result [T, H].
    public func selfAttention(
        qkv: Tensor, layout: SequenceLayout, options: AttentionOptions, bias: Tensor? = nil
    ) -> Tensor {
        let hidden = qkv.columns / 3
        precondition(qkv.columns == 3 * hidden, "three equal parts wanted, not \(qkv.shape)")
        return attention(
            AttentionOperand(qkv, offset: 0), AttentionOperand(qkv, offset: hidden),
            AttentionOperand(qkv, offset: 2 * hidden), width: hidden, queries: layout, keys: layout, options, bias
        ) {
            let gradient = Tensor(uninitialized: qkv.shape)
            return AttentionGradients(
                q: gradient.pointer, k: gradient.pointer + hidden, v: gradient.pointer + 2 * hidden,
                handOn: { qkv.slot?.add(gradient) })
        }
    }

    /// Multi-head attention of the rows of `q` [Tq, H] to those of `k` and `v` [Tk, H], sequence by sequence;
    /// result [Tq, H].
    public func attention(
        _ q: Tensor, _ k: Tensor, _ v: Tensor, queries: SequenceLayout, keys: SequenceLayout,
        options: AttentionOptions, bias: Tensor? = nil
    ) -> Tensor {
        attention(
            AttentionOperand(q, offset: 0), AttentionOperand(k, offset: 0), AttentionOperand(v, offset: 0),
            width: q.columns, queries: queries, keys: keys, options, bias
        ) {
            let (dq, dk, dv) = (
                Tensor(uninitialized: q.shape), Tensor(uninitialized: k.shape), Tensor(uninitialized: v.shape)
            )
            return AttentionGradients(
                q: dq.pointer, k: dk.pointer, v: dv.pointer,
                handOn: {
                    q.slot?.add(dq)
                    k.slot?.add(dk)
                    v.slot?.add(dv)
                })
        }
    }

    private func attention(
        _ q: AttentionOperand, _ k: AttentionOperand, _ v: AttentionOperand, width: Int, queries: SequenceLayout,
        keys: SequenceLayout, _ options: AttentionOptions, _ bias: Tensor?,
        makeGradients: @escaping () -> AttentionGradients
    ) -> Tensor {
        precondition(width % options.heads == 0, "\(width) columns do not divide into \(options.heads) heads")
        precondition(queries.count == keys.count, "as many query as key sequences")
        precondition(q.tensor.rows == queries.tokens && k.tensor.rows == keys.tokens, "layout of another batch")
        if let bias {
            precondition(
                bias.shape.rank == 3 && bias.shape[0] == options.heads && bias.shape[1] >= queries.longest
                    && bias.shape[2] >= keys.longest, "attention bias \(bias.shape) too small")
        }
        let dropout = nextDropout(options.dropout)
        let headWidth = width / options.heads
        let positions = options.positions
        positions.check(heads: options.heads, headWidth: headWidth, queries: queries, keys: keys)

        func withArguments(_ body: (UnsafePointer<ink_attention>) -> Void) {
            queries.starts.withUnsafeBufferPointer { queryStarts in
                keys.starts.withUnsafeBufferPointer { keyStarts in
                    positions.withArguments(headWidth: headWidth) { relative, rotary in
                        let arguments = ink_attention(
                            sequences: Int64(queries.count), query_starts: queryStarts.baseAddress,
                            key_starts: keyStarts.baseAddress, heads: Int64(options.heads),
                            head_dim: Int64(headWidth), q: q.pointer, k: k.pointer, v: v.pointer,
                            q_stride: q.stride, k_stride: k.stride, v_stride: v.stride,
                            scale: options.scale ?? 1 / Float(headWidth).squareRoot(), causal: options.causal,
                            bias: bias.map { UnsafePointer($0.pointer) }, bias_rows: Int64(bias?.shape[1] ?? 0),
                            bias_columns: Int64(bias?.shape[2] ?? 0), relative: relative, rotary: rotary,
                            dropout: dropout)
                        withUnsafePointer(to: arguments, body)
                    }
                }
            }
        }

        let result = Tensor(uninitialized: [queries.tokens, width])
        let tables = positions.tables
        let tape = recorder(for: [q.tensor, k.tensor, v.tensor, bias] + tables)
        let logSumExp = tape.map { _ in Tensor(uninitialized: [queries.tokens, options.heads]) }
        withArguments { ink_attention_forward($0, result.pointer, Int64(width), logSumExp?.pointer) }
        guard let tape, let logSumExp else { return result }
        return tape.record(result) { gradient in
            let gradients = makeGradients()
            let tableGradients = tables.map { RelativeTableGradient($0, width: width) }
            func run(_ biasGradient: UnsafeMutablePointer<Float>?) {
                var targets = ink_attention_gradients(
                    q: gradients.q, k: gradients.k, v: gradients.v, bias: biasGradient,
                    key_table: tableGradients[0]?.pointer, query_table: tableGradients[1]?.pointer,
                    value_table: tableGradients[2]?.pointer)
                withArguments {
                    ink_attention_backward(
                        $0, result.pointer, gradient.pointer, Int64(width), logSumExp.pointer, &targets)
                }
            }
            if let bias, let slot = bias.slot {
                slot.contributeByAdding(shape: bias.shape, run)
            } else {
                run(nil)
            }
            gradients.handOn()
            for table in tableGradients { table?.handOn() }
        }
    }
}

/// Columns of a tensor that hold all heads of the queries, the keys or the values.
private struct AttentionOperand {
    let tensor: Tensor
    let offset: Int

    init(_ tensor: Tensor, offset: Int) {
        self.tensor = tensor
        self.offset = offset
    }

    var pointer: UnsafePointer<Float> { UnsafePointer(tensor.pointer + offset) }
    var stride: Int64 { Int64(tensor.columns) }
}

/// Where the kernel writes the gradients of the three operands, and what gives them to their slots afterwards.
private struct AttentionGradients {
    let q, k, v: UnsafeMutablePointer<Float>
    let handOn: () -> Void
}
