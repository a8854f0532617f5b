import InkTensor
import InkTestSupport
import Testing

@Suite("Attention with positions")
struct AttentionPositionTests {
    static let layout = SequenceLayout(lengths: [5, 0, 1, 9])
    private static let bucket = RelativeTerms.clippedBuckets(limit: 3, longest: 9)

    private func qkv(seed: UInt64 = 1) -> Tensor { .random([Self.layout.tokens, 3 * 2 * 6], seed: seed) }

    private func options(_ tables: [Tensor?], causal: Bool = false, dropout: Float = 0) -> AttentionOptions {
        let terms = RelativeTerms(
            bucket: Self.bucket, keyTable: tables[0], queryTable: tables[1], valueTable: tables[2])
        return AttentionOptions(heads: 2, causal: causal, dropout: dropout, positions: .relative(terms))
    }

    @Test("Gradients of relative terms", arguments: [6, 12], [false, true])
    func relativeGradients(width: Int, drops: Bool) {
        let tables = (2...4).map { Tensor.random([7, width], seed: $0, deviation: 0.5) }
        GradientCheck(makePass: { drops ? .training(seed: 4, step: 6) : .recording() }).run([qkv()] + tables) {
            $0.selfAttention(
                qkv: $1[0], layout: Self.layout, options: options(Array($1[1...]), causal: drops, dropout: 0.3))
        }
    }

    @Test("Gradients where one table serves keys and values")
    func sharedTableGradients() {
        GradientCheck().run([qkv(), .random([7, 6], seed: 2, deviation: 0.5)]) {
            $0.selfAttention(qkv: $1[0], layout: Self.layout, options: options([$1[1], nil, $1[1]]))
        }
    }

    @Test("Gradients of rotary attention", arguments: [false, true])
    func rotaryGradients(rotatesValues: Bool) {
        let table = RotaryTable(headSize: 6, positions: 9, rotatesValues: rotatesValues)
        let options = AttentionOptions(heads: 2, positions: .rotary(table))
        GradientCheck().run([qkv()]) { $0.selfAttention(qkv: $1[0], layout: Self.layout, options: options) }
    }

    @Test("Only a table wants a gradient")
    func tableOnly() {
        let x = qkv()
        func gradient(of qkv: Tensor) -> [Float]? {
            let table = Tensor.random([7, 12], seed: 2).trainable()
            let pass = Pass.recording()
            let result = pass.selfAttention(qkv: qkv, layout: Self.layout, options: options([nil, table, nil]))
            pass.backward(from: result, gradient: Tensor.random(result.shape, seed: 9))
            return table.gradient?.values
        }
        #expect(gradient(of: x)?.contains { $0 != 0 } == true)
        #expect(gradient(of: x) == gradient(of: x.trainable()))
    }

    @Test("A packed sequence is treated as if it were alone")
    func packedAsAlone() {
        let layout = SequenceLayout(lengths: [70, 3, 140])
        let x = Tensor.random([layout.tokens, 3 * 8], seed: 3)
        let tables = (4...6).map { Tensor.random([64, 8], seed: $0) }
        let bucket = RelativeTerms.logarithmicBuckets(positionBuckets: 32, maxRelativePositions: 128, longest: 140)
        let relative = RelativeTerms(
            bucket: bucket, keyTable: tables[0], queryTable: tables[1], valueTable: tables[2])
        let rotary = RotaryTable(headSize: 4, positions: 140, rotatesValues: true)
        let pass = Pass.inference()
        for positions in [AttentionPositions.relative(relative), .rotary(rotary)] {
            let options = AttentionOptions(heads: 2, positions: positions)
            let together = pass.selfAttention(qkv: x, layout: layout, options: options)
            for sequence in 0..<layout.count {
                let rows = layout.rows(of: sequence)
                let alone = pass.selfAttention(
                    qkv: pass.rows(x, rows), layout: SequenceLayout(lengths: [rows.count]), options: options)
                #expect(pass.rows(together, rows).values == alone.values)
            }
        }
    }

    @Test("Rotated scores depend on the distance only")
    func rotaryDistance() {
        // The same query and key everywhere: every query after the first two sees the same two neighbours.
        let row = Tensor.random([1, 3 * 4], seed: 1).values
        let x = Tensor((0..<6).flatMap { _ in row }, shape: [6, 12])
        let table = RotaryTable(headSize: 4, positions: 6, rotatesValues: true)
        let result = Pass.inference().attention(
            Pass.inference().columns(x, 0..<4), Pass.inference().columns(x, 4..<8),
            Pass.inference().columns(x, 8..<12), queries: SequenceLayout(lengths: [1, 2, 3]),
            keys: SequenceLayout(lengths: [1, 2, 3]), options: AttentionOptions(heads: 1, positions: .rotary(table)))
        #expect(result.row(0) == Array(row[8..<12]), "the first position is not turned")
        #expect(result.row(1) != result.row(0))
    }

    @Test("Batches without tokens, sequences or keys")
    func empty() {
        let none = Tensor([], shape: [0, 12]).trainable()
        let table = Tensor.random([7, 6], seed: 1).trainable()
        let three = Tensor.random([3, 12], seed: 2).trainable()
        for positions in [options([table, table, table]).positions, .rotary(RotaryTable(headSize: 6, positions: 9))] {
            let options = AttentionOptions(heads: 2, positions: positions)
            for (q, lengths, keys) in [(none, [], []), (none, [0], [0]), (three, [3], [0])] as [(Tensor, [Int], [Int])]
            {
                let pass = Pass.recording()
                let result = pass.attention(
                    q, none, none, queries: SequenceLayout(lengths: lengths), keys: SequenceLayout(lengths: keys),
                    options: options)
                #expect(result.values == [Float](repeating: 0, count: q.count))
                pass.backward(from: pass.sum(result))
            }
        }
        #expect(table.gradient?.values == [Float](repeating: 0, count: 42))
        #expect(three.gradient?.values == [Float](repeating: 0, count: 36))
    }

    @Test("Rows of tables by distance")
    func buckets() {
        #expect(RelativeTerms.clippedBuckets(limit: 2, longest: 4) == [0, 0, 1, 2, 3, 4, 4])
        #expect(RelativeTerms.clippedBuckets(limit: 2, longest: 1) == [2])
        let unbucketed = RelativeTerms.logarithmicBuckets(positionBuckets: -1, maxRelativePositions: 3, longest: 5)
        #expect(unbucketed == [5, 5, 5, 4, 3, 2, 1, 0, 0])
        let bucket = RelativeTerms.clippedBuckets(limit: 64, longest: 100)
        #expect(RelativeTerms.rowsInUse(bucket, longest: 3) == 62..<67)
        #expect(RelativeTerms.rowsInUse(bucket, longest: 1000) == 0..<129)
    }
}
