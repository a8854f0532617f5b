import InkTensor
import InkTestSupport
import Testing

@Suite("Rearrangements")
struct RearrangementTests {
    private let x = Tensor((0..<12).map(Float.init), shape: [3, 4])

    @Test("Values")
    func values() {
        let pass = Pass.inference()
        #expect(pass.reshape(x, [2, 6]).values == x.values && pass.reshape(x, [2, 6]).shape == [2, 6])
        #expect(pass.transpose(x).values == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
        #expect(pass.transpose(x).shape == [4, 3])
        #expect(pass.columns(x, 1..<3).values == [1, 2, 5, 6, 9, 10])
        #expect(pass.rows(x, 1..<2).values == [4, 5, 6, 7])
        #expect(
            pass.concatenateColumns([pass.columns(x, 3..<4), x]).values
                == [3, 0, 1, 2, 3, 7, 4, 5, 6, 7, 11, 8, 9, 10, 11])
        #expect(pass.concatenateRows([pass.rows(x, 2..<3), x]).values == [8, 9, 10, 11] + x.values)
    }

    @Test("A large matrix transposed twice is the same")
    func transposeTwice() {
        let x = Tensor.random([67, 129], seed: 1)
        let pass = Pass.inference()
        let turned = pass.transpose(x)
        #expect(turned.row(100)[66] == x.row(66)[100])
        #expect(pass.transpose(turned).values == x.values)
    }

    @Test("Gradients")
    func gradients() {
        let x = Tensor.random([5, 6], seed: 1)
        GradientCheck().run([x]) { $0.reshape($1[0], [3, 10]) }
        GradientCheck().run([x]) { $0.transpose($1[0]) }
        GradientCheck().run([x]) { $0.columns($1[0], 1..<4) }
        GradientCheck().run([x]) { $0.add($0.columns($1[0], 1..<4), $0.columns($1[0], 2..<5)) }
    }

    @Test("Gradients of concatenations, a part occurring twice")
    func concatenations() {
        let x = Tensor.random([5, 6], seed: 1)
        GradientCheck().run([x, .random([5, 3], seed: 2)]) { $0.concatenateColumns([$1[0], $1[1], $1[0]]) }
        GradientCheck().run([x, .random([2, 6], seed: 3)]) { $0.concatenateRows([$1[1], $1[0], $1[1]]) }
    }
}
