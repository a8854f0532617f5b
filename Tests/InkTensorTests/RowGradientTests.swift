import InkTensor
import InkTestSupport
import Testing

/// Gradients of tables of which a batch touches few rows: kept row by row inside, the same from outside.
@Suite("Gradients of some rows")
struct RowGradientTests {
    private let ids: [Int32] = [17, 3, 17, 0, 39, 4]

    /// The gradient of sum(w ⊙ table[ids]) by hand.
    private func expected(_ weights: Tensor, rows: Int) -> [Float] {
        var gradient = [Float](repeating: 0, count: rows * weights.columns)
        for (row, id) in ids.enumerated() {
            for column in 0..<weights.columns {
                gradient[Int(id) * weights.columns + column] += weights.values[row * weights.columns + column]
            }
        }
        return gradient
    }

    private func run(_ table: Tensor, _ weights: Tensor, lookups: Int = 1) {
        let pass = Pass.recording()
        var total = pass.embeddingSum([(table, ids)])
        for _ in 1..<lookups { total = pass.add(total, pass.embeddingSum([(table, ids)])) }
        pass.backward(from: total, gradient: weights)
    }

    @Test("A few rows of a large table")
    func fewRows() throws {
        let table = Tensor.random([40, 5], seed: 1).trainable()
        let weights = Tensor.random([6, 5], seed: 2)
        run(table, weights)
        let gradient = try #require(table.gradient)
        #expect(gradient.shape == table.shape)
        expectClose(gradient.values, expected(weights, rows: 40))
    }

    @Test("Several contributions add up, in one pass and over passes")
    func contributions() throws {
        let table = Tensor.random([40, 5], seed: 1).trainable()
        let weights = Tensor.random([6, 5], seed: 2)
        run(table, weights, lookups: 2)
        run(table, weights)
        let gradient = try #require(table.gradient)
        expectClose(gradient.values, expected(weights, rows: 40).map { 3 * $0 })
        table.clearGradient()
        #expect(table.gradient == nil)
    }

    @Test("The norm without a whole gradient")
    func norm() {
        let table = Tensor.random([40, 5], seed: 1).trainable()
        let weights = Tensor.random([6, 5], seed: 2)
        run(table, weights)
        let norm = expected(weights, rows: 40).reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(abs(table.gradientSquaredNorm(0..<200) - norm) < 1e-5 * norm)
    }

    @Test("The optimizer moves every row as with a whole gradient, bit for bit")
    func optimizer() throws {
        func train(whole: Bool) throws -> [Float] {
            let table = Tensor.random([40, 5], seed: 1).trainable()
            let (first, second) = (Tensor(repeating: 0.1, shape: [40, 5]), Tensor(repeating: 0.2, shape: [40, 5]))
            run(table, Tensor.random([6, 5], seed: 2))
            // Asking for the whole gradient fills it out.
            if whole { _ = try #require(table.gradient) }
            let runs = OptimizerRun.runs(
                for: table, firstMoment: first, secondMoment: second, range: 0..<200, weightDecay: 0.01,
                gradientScale: 0.5)
            #expect(runs.count == (whole ? 1 : 8))
            OptimizerStep.adamW(
                runs, learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, correction1: 0.1,
                correction2: 0.001)
            return table.values + first.values + second.values
        }
        #expect(try train(whole: true) == train(whole: false))
    }
}
