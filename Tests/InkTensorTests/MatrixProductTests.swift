import InkTensor
import InkTestSupport
import Testing

@Suite("Matrix product")
struct MatrixProductTests {
    static let transposes = [(false, false), (false, true), (true, false), (true, true)]

    private func operands(_ m: Int, _ n: Int, _ k: Int, _ transposeA: Bool, _ transposeB: Bool) -> [Tensor] {
        [
            .random(transposeA ? [k, m] : [m, k], seed: 1, deviation: 0.7),
            .random(transposeB ? [n, k] : [k, n], seed: 2, deviation: 0.7),
        ]
    }

    @Test("Values", arguments: transposes)
    func values(transposeA: Bool, transposeB: Bool) {
        for (m, n, k) in [(1, 1, 1), (3, 5, 7), (17, 33, 9), (65, 31, 70)] {
            let x = operands(m, n, k, transposeA, transposeB)
            let (a, b) = (ReferenceMatrix(x[0]), ReferenceMatrix(x[1]))
            let expected = (transposeA ? a.transposed : a) * (transposeB ? b.transposed : b)
            let result = Pass.inference().matmul(x[0], x[1], transposeA: transposeA, transposeB: transposeB)
            #expect(result.shape == [m, n])
            expectClose(result, expected.values, tolerance: 5e-6, "\(m) \(n) \(k)")
        }
    }

    @Test("Gradients", arguments: transposes)
    func gradients(transposeA: Bool, transposeB: Bool) {
        GradientCheck().run(operands(7, 5, 11, transposeA, transposeB)) {
            $0.matmul($1[0], $1[1], transposeA: transposeA, transposeB: transposeB)
        }
    }

    @Test("Gradients of a matrix times itself")
    func square() {
        GradientCheck().run([.random([6, 6], seed: 1, deviation: 0.5)]) { $0.matmul($1[0], $1[0]) }
        GradientCheck().run([.random([6, 4], seed: 2, deviation: 0.5)]) {
            $0.matmul($1[0], $1[0], transposeB: true)
        }
    }
}
