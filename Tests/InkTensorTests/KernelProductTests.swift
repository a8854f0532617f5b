import CInkKernels
import Testing

/// The matrix product of every instruction set against a plain loop in Double.
@Suite struct KernelProductTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        let m, n, k: Int
        var testDescription: String { "\(m)x\(n)x\(k)" }
    }

    private static let shapes: [Shape] = [
        (1, 1, 1), (1, 33, 40), (2, 7, 13), (3, 16, 5), (5, 26, 312), (7, 33, 1), (14, 32, 16), (15, 13, 26),
        (16, 31, 40), (20, 45, 390), (28, 33, 26),
        (29, 50, 33), (44, 17, 390), (1, 312, 26),
    ].map { Shape(m: $0.0, n: $0.1, k: $0.2) }

    private struct Problem {
        let shape: Shape
        let transposeA, transposeB: Bool
        let aStride, bStride, cStride: Int
        let a, b, bias, residual, start: FloatBuffer

        init(_ shape: Shape, transposeA: Bool, transposeB: Bool, seed: UInt64) {
            var random = KernelRandom(seed)
            self.shape = shape
            self.transposeA = transposeA
            self.transposeB = transposeB
            aStride = (transposeA ? shape.m : shape.k) + 3
            bStride = (transposeB ? shape.k : shape.n) + 1
            cStride = shape.n + 2
            a = FloatBuffer(random.floats((transposeA ? shape.k : shape.m) * aStride))
            b = FloatBuffer(random.floats((transposeB ? shape.n : shape.k) * bStride))
            bias = FloatBuffer(random.floats(shape.n))
            residual = FloatBuffer(random.floats(shape.m * cStride))
            start = FloatBuffer(random.floats(shape.m * cStride))
        }

        func product(_ row: Int, _ column: Int) -> Double {
            (0..<shape.k).reduce(0.0) { sum, depth in
                let left = a[transposeA ? depth * aStride + row : row * aStride + depth]
                return sum + left * b[transposeB ? column * bStride + depth : depth * bStride + column]
            }
        }

        var arguments: ink_gemm_arguments {
            var result = ink_gemm_arguments()
            (result.m, result.n, result.k) = (Int64(shape.m), Int64(shape.n), Int64(shape.k))
            (result.a, result.a_stride, result.transpose_a) = (UnsafePointer(a.pointer), Int64(aStride), transposeA)
            (result.b, result.b_stride, result.transpose_b) = (UnsafePointer(b.pointer), Int64(bStride), transposeB)
            result.c_stride = Int64(cStride)
            return result
        }

        func packed() -> FloatBuffer {
            let target = FloatBuffer(count: ink_packed_b_count(Int64(shape.k), Int64(shape.n)))
            ink_pack_b(
                b.pointer, Int64(bStride), transposeB, Int64(shape.k), Int64(shape.n), target.pointer)
            return target
        }
    }

    @Test(arguments: KernelSet.supported, shapes)
    func allTransposesPackedAndAccumulated(set: KernelSet, shape: Shape) {
        for form in 0..<8 {
            let problem = Problem(shape, transposeA: form & 1 != 0, transposeB: form & 2 != 0, seed: UInt64(form))
            let (plain, added) = (FloatBuffer(problem.start.values), FloatBuffer(problem.start.values))
            set.use {
                let packed = form & 4 != 0 ? problem.packed() : nil
                var arguments = problem.arguments
                if let packed {
                    arguments.packed_b = UnsafePointer(packed.pointer)
                    arguments.b = nil
                }
                arguments.c = plain.pointer
                ink_gemm(&arguments)
                arguments.c = added.pointer
                arguments.accumulate = true
                ink_gemm(&arguments)
            }
            let tolerance = 5e-6 * Double(shape.k).squareRoot() + 2e-6
            for row in 0..<shape.m {
                for column in 0..<problem.cStride {
                    let at = row * problem.cStride + column
                    // What lies between the rows is not touched.
                    let expected = column < shape.n ? problem.product(row, column) : problem.start[at]
                    let accumulated = column < shape.n ? expected + problem.start[at] : expected
                    #expect(abs(plain[at] - expected) <= tolerance)
                    #expect(abs(added[at] - accumulated) <= tolerance)
                }
            }
        }
    }

    @Test(arguments: KernelSet.supported)
    func fusedEpilogue(set: KernelSet) {
        let shape = Shape(m: 17, n: 37, k: 21)
        let problem = Problem(shape, transposeA: false, transposeB: true, seed: 9)
        for kind in [INK_IDENTITY, INK_RELU, INK_GELU, INK_GELU_TANH, INK_TANH, INK_SIGMOID, INK_SILU] {
            let (c, before) = (FloatBuffer(count: problem.start.count), FloatBuffer(count: problem.start.count))
            set.use {
                var arguments = problem.arguments
                arguments.bias = UnsafePointer(problem.bias.pointer)
                arguments.activation = kind
                arguments.residual = UnsafePointer(problem.residual.pointer)
                arguments.pre_activation = before.pointer
                arguments.c = c.pointer
                ink_gemm(&arguments)
            }
            for row in 0..<shape.m {
                for column in 0..<shape.n {
                    let at = row * problem.cStride + column
                    #expect(abs(before[at] - problem.product(row, column) - problem.bias[column]) <= 2e-5)
                    var activated: Float = 0
                    ink_activation_forward(kind, [before.pointer[at]], &activated, 1)
                    #expect(abs(c[at] - Double(activated) - problem.residual[at]) <= 2e-6)
                }
            }
        }
    }

    @Test(arguments: KernelSet.supported)
    func emptyProducts(set: KernelSet) {
        let noDepth = Problem(Shape(m: 3, n: 5, k: 0), transposeA: false, transposeB: false, seed: 2)
        let c = FloatBuffer(noDepth.start.values)
        set.use {
            var arguments = noDepth.arguments
            arguments.c = c.pointer
            arguments.bias = UnsafePointer(noDepth.bias.pointer)
            ink_gemm(&arguments)
            arguments.m = 0
            ink_gemm(&arguments)
        }
        for row in 0..<3 {
            for column in 0..<5 { #expect(c[row * noDepth.cStride + column] == noDepth.bias[column]) }
        }
        #expect(ink_packed_b_count(0, 5) == 0 && ink_packed_b_count(5, 0) == 0)
    }

    /// Rows do not see which others are computed with them, and the number of threads changes nothing.
    @Test(arguments: KernelSet.supported)
    func resultsDoNotDependOnThreadsOrNeighbours(set: KernelSet) {
        let shape = Shape(m: 40, n: 100, k: 400)
        let problem = Problem(shape, transposeA: false, transposeB: false, seed: 5)
        let before = ink_thread_count()
        defer { ink_set_thread_count(before) }
        var results: [[Float]] = []
        for threads in [1, 2, 3] {
            let c = FloatBuffer(count: problem.start.count)
            ink_set_thread_count(Int32(threads))
            set.use {
                var arguments = problem.arguments
                arguments.c = c.pointer
                ink_gemm(&arguments)
            }
            results.append(c.values)
        }
        #expect(results[0] == results[1] && results[1] == results[2])
        let alone = FloatBuffer(count: problem.cStride)
        set.use {
            var arguments = problem.arguments
            arguments.m = 1
            arguments.a = UnsafePointer(problem.a.pointer + 23 * problem.aStride)
            arguments.c = alone.pointer
            ink_gemm(&arguments)
        }
        #expect(
            Array(alone.values[0..<shape.n]) == Array(results[0][23 * problem.cStride..<23 * problem.cStride + 100]))
    }
}
