import CInkKernels

/// A matrix inside a buffer, as an operand of a product.
struct MatrixView {
    let pointer: UnsafeMutablePointer<Float>
    let stride: Int
    let transposed: Bool

    init(_ tensor: Tensor, transposed: Bool = false) {
        pointer = tensor.pointer
        stride = tensor.columns
        self.transposed = transposed
    }

    init(_ pointer: UnsafeMutablePointer<Float>, stride: Int, transposed: Bool = false) {
        self.pointer = pointer
        self.stride = stride
        self.transposed = transposed
    }
}

/// c (+)= a b, with c of `m` rows and `n` columns and `k` inner extent.
func product(
    _ a: MatrixView, _ b: MatrixView, into c: MatrixView, m: Int, n: Int, k: Int, accumulate: Bool = false
) {
    var arguments = ink_gemm_arguments()
    arguments.m = Int64(m)
    arguments.n = Int64(n)
    arguments.k = Int64(k)
    arguments.a = UnsafePointer(a.pointer)
    arguments.a_stride = Int64(a.stride)
    arguments.transpose_a = a.transposed
    arguments.b = UnsafePointer(b.pointer)
    arguments.b_stride = Int64(b.stride)
    arguments.transpose_b = b.transposed
    arguments.c = c.pointer
    arguments.c_stride = Int64(c.stride)
    arguments.accumulate = accumulate
    ink_gemm(&arguments)
}

extension Pass {
    /// op(a) op(b), where op transposes when asked. a: [M, K] or [K, M]; b: [K, N] or [N, K]; result [M, N].
    public func matmul(
        _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
    ) -> Tensor {
        let (m, k) = transposeA ? (a.columns, a.rows) : (a.rows, a.columns)
        let (n, inner) = transposeB ? (b.rows, b.columns) : (b.columns, b.rows)
        precondition(k == inner, "matmul of \(a.shape) and \(b.shape)")
        let result = Tensor(uninitialized: [m, n])
        product(
            MatrixView(a, transposed: transposeA), MatrixView(b, transposed: transposeB), into: MatrixView(result),
            m: m, n: n, k: k)
        guard let tape = recorder(for: a, b) else { return result }
        return tape.record(result) { gradient in
            // With A = op(a), B = op(b): dA = dC Bᵀ and dB = Aᵀ dC; for a transposed operand both sides are turned.
            a.slot?.contribute(shape: a.shape) { buffer, accumulate in
                let target = MatrixView(buffer, stride: a.columns)
                if transposeA {
                    product(
                        MatrixView(b, transposed: transposeB), MatrixView(gradient, transposed: true), into: target,
                        m: k, n: m, k: n, accumulate: accumulate)
                } else {
                    product(
                        MatrixView(gradient), MatrixView(b, transposed: !transposeB), into: target,
                        m: m, n: k, k: n, accumulate: accumulate)
                }
            }
            b.slot?.contribute(shape: b.shape) { buffer, accumulate in
                let target = MatrixView(buffer, stride: b.columns)
                if transposeB {
                    product(
                        MatrixView(gradient, transposed: true), MatrixView(a, transposed: transposeA), into: target,
                        m: n, n: k, k: m, accumulate: accumulate)
                } else {
                    product(
                        MatrixView(a, transposed: !transposeA), MatrixView(gradient), into: target,
                        m: k, n: n, k: m, accumulate: accumulate)
                }
            }
        }
    }
}
