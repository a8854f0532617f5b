import InkTensor
import InkTestSupport
import Testing

@Suite("Embeddings and rows")
struct EmbeddingTests {
    static let words: [Int32] = [3, 0, 10, 3, 3, 7]
    static let segments: [Int32] = [0, 0, 1, 1, 0, 1]

    @Test("Sums of table rows", arguments: 1...4)
    func values(tables: Int) {
        let parts = (0..<tables).map { index in
            (
                table: Tensor.random([11, 9], seed: UInt64(index)),
                ids: Self.words.map { ($0 + Int32(index)) % 11 }
            )
        }
        let result = Pass.inference().embeddingSum(parts)
        #expect(result.shape == [6, 9])
        for token in 0..<6 {
            let expected = (0..<9).map { column in
                parts.reduce(0.0) { $0 + Double($1.table.row(Int($1.ids[token]))[column]) }
            }
            expectClose(result.row(token), expected, tolerance: 1e-6)
        }
    }

    @Test("Gradients with repeated ids")
    func gradients() {
        GradientCheck(sampledElements: 99).run([.random([11, 9], seed: 1), .random([2, 9], seed: 2)]) {
            $0.embeddingSum([(table: $1[0], ids: Self.words), (table: $1[1], ids: Self.segments)])
        }
        GradientCheck().run([.random([11, 5], seed: 3)]) {
            $0.embeddingSum([(table: $1[0], ids: Self.words), (table: $1[0], ids: Self.segments)])
        }
    }

    @Test("Ids that do not occur have no gradient, of an earlier step neither")
    func unusedRows() {
        let table = Tensor.random([5, 3], seed: 1).trainable()
        for id in [Int32(4), 2] {
            table.clearGradient()
            let pass = Pass.recording()
            pass.backward(from: pass.sum(pass.embeddingSum([(table: table, ids: [id, id])])))
            let expected = (0..<15).map { $0 / 3 == Int(id) ? Float(2) : 0 }
            #expect(table.gradient?.values == expected)
        }
    }

    @Test("Gathered and scattered rows")
    func gatherAndScatter() {
        let pass = Pass.inference()
        let x = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
        #expect(pass.gatherRows(x, [2, 0, 2, 2]).values == [5, 6, 1, 2, 5, 6, 5, 6])
        #expect(pass.scatterRows(x, to: [3, 0, 3], rows: 5).values == [3, 4, 0, 0, 0, 0, 6, 8, 0, 0])
        #expect(pass.rows(x, 1..<3).values == [3, 4, 5, 6])
        #expect(pass.gatherRows(x, []).shape == [0, 2])
    }

    @Test("Gradients of gathered and scattered rows")
    func rowGradients() {
        let x = Tensor.random([7, 5], seed: 1)
        GradientCheck().run([x]) { $0.gatherRows($1[0], [6, 1, 1, 0, 6, 1]) }
        GradientCheck().run([x]) { $0.scatterRows($1[0], to: [0, 8, 3, 3, 8, 1, 2], rows: 9) }
        GradientCheck().run([x]) { $0.rows($1[0], 2..<5) }
    }
}
