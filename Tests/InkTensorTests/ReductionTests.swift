import InkTensor
import InkTestSupport
import Testing

@Suite("Reductions")
struct ReductionTests {
    private let layout = SequenceLayout(lengths: [3, 0, 1, 5])
    private let x = Tensor.random([9, 7], seed: 1)

    @Test("Values")
    func values() {
        let pass = Pass.inference()
        let elements = x.values.map(Double.init)
        expectClose(pass.sum(x), [elements.reduce(0, +)], tolerance: 1e-6)
        expectClose(pass.mean(x), [elements.reduce(0, +) / 63], tolerance: 1e-6)
        #expect(pass.sum(x).shape == [] && pass.mean(x).shape == [])
        expectClose(
            pass.columnSum(x), (0..<7).map { column in (0..<9).reduce(0.0) { $0 + elements[$1 * 7 + column] } },
            tolerance: 1e-6)
    }

    @Test("Long columns are summed without drift")
    func longColumns() {
        let x = Tensor.random([3001, 3], seed: 2, mean: 1)
        let elements = x.values.map(Double.init)
        expectClose(
            Pass.inference().columnSum(x),
            (0..<3).map { column in (0..<3001).reduce(0.0) { $0 + elements[$1 * 3 + column] } }, tolerance: 2e-6)
    }

    @Test("Sums and means of sequences", arguments: [false, true])
    func sequences(sum: Bool) {
        let result = Pass.inference().sequenceMean(x, layout, sum: sum)
        #expect(result.shape == [4, 7])
        for sequence in 0..<layout.count {
            let rows = layout.rows(of: sequence)
            let expected = (0..<7).map { column in
                rows.reduce(0.0) { $0 + Double(x.row($1)[column]) } / Double(sum ? 1 : max(rows.count, 1))
            }
            expectClose(result.row(sequence), expected, tolerance: 1e-6)
        }
    }

    @Test("Gradients")
    func gradients() {
        GradientCheck().run([x]) { $0.sum($1[0]) }
        GradientCheck().run([x]) { $0.mean($1[0]) }
        GradientCheck().run([x]) { $0.columnSum($1[0]) }
        GradientCheck().run([x]) { $0.sequenceMean($1[0], layout) }
        GradientCheck().run([x]) { $0.sequenceMean($1[0], layout, sum: true) }
    }

    @Test("Norms and the test for finite values")
    func norms() {
        let squares = x.values.map { Double($0) * Double($0) }
        expectClose([x.squaredNorm(0..<63)], [squares.reduce(0, +)], tolerance: 1e-6)
        expectClose([x.squaredNorm(5..<18)], [squares[5..<18].reduce(0, +)], tolerance: 1e-6)
        #expect(x.squaredNorm(4..<4) == 0)
        #expect(x.isFinite)
        for bad in [Float.nan, .infinity, -.infinity] {
            for position in [0, 31, 62] {
                var values = x.values
                values[position] = bad
                #expect(!Tensor(values, shape: [9, 7]).isFinite)
            }
        }
    }
}
