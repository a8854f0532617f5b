import CInkKernels
import Foundation
import Testing

/// LayerNorm, softmax, the loss, embeddings, segments and sums of every instruction set, against loops in Double.
@Suite struct KernelRowTests {
    private static let shapes = [(1, 1), (3, 7), (2, 13), (9, 26), (5, 33), (40, 64), (70, 312)]

    @Test(arguments: KernelSet.supported)
    func layerNorm(set: KernelSet) {
        var random = KernelRandom(11)
        for (rows, columns) in Self.shapes {
            let count = rows * columns
            let (x, residual, dy) = (random.floats(count), random.floats(count), random.floats(count))
            let (gamma, beta) = (random.floats(columns), random.floats(columns))
            var (sum, y, ds) = (x, x, x)
            var (mean, reciprocal) = (random.floats(rows), random.floats(rows))
            var (dgamma, dbeta) = (gamma, beta)
            let dropout = ink_dropout(seed: 4, stream: 1, probability: 0.5)
            var dropped = x
            ink_dropout_apply(x, &dropped, Int64(rows), Int64(columns), dropout)
            set.use {
                ink_layer_norm_forward(
                    x, residual, dropout, gamma, beta, 1e-5, Int64(rows), Int64(columns), &sum, &y, &mean, &reciprocal)
                ink_layer_norm_backward(
                    dy, sum, gamma, mean, reciprocal, Int64(rows), Int64(columns), &ds, &dgamma, &dbeta, true)
            }
            var (wantedGamma, wantedBeta) = (gamma.map(Double.init), beta.map(Double.init))
            for row in 0..<rows {
                let range = row * columns..<(row + 1) * columns
                let s = range.map { Double(dropped[$0]) + Double(residual[$0]) }
                let average = s.reduce(0, +) / Double(columns)
                let deviation = (s.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(columns) + 1e-5)
                    .squareRoot()
                let normal = s.map { ($0 - average) / deviation }
                let g = (0..<columns).map { Double(dy[range.lowerBound + $0]) * Double(gamma[$0]) }
                let meanG = g.reduce(0, +) / Double(columns)
                let meanProduct = zip(g, normal).reduce(0) { $0 + $1.0 * $1.1 } / Double(columns)
                for column in 0..<columns {
                    let at = range.lowerBound + column
                    #expect(abs(Double(sum[at]) - s[column]) <= 1e-6)
                    let wanted = normal[column] * Double(gamma[column]) + Double(beta[column])
                    #expect(abs(Double(y[at]) - wanted) <= 2e-5)
                    let gradient = (g[column] - meanG - normal[column] * meanProduct) / deviation
                    // With one column the deviation is sqrt(epsilon) and all is cancellation.
                    #expect(abs(Double(ds[at]) - gradient) <= (columns == 1 ? 1e-3 : 3e-5))
                    wantedGamma[column] += Double(dy[at]) * normal[column]
                    wantedBeta[column] += Double(dy[at])
                }
            }
            #expect(largestDifference(dgamma, wantedGamma) <= 1e-4)
            #expect(largestDifference(dbeta, wantedBeta) <= 1e-4)
        }
    }

    @Test(arguments: KernelSet.supported)
    func softmaxAndCrossEntropy(set: KernelSet) {
        var random = KernelRandom(12)
        for (rows, columns) in Self.shapes {
            let (r, c) = (Int64(rows), Int64(columns))
            let x = random.floats(rows * columns).map { $0 * 20 }
            let dy = random.floats(rows * columns)
            var labels = random.ids(rows, below: Int32(columns))
            if rows > 2 { labels[1] = -100 }
            var (y, dx, probabilities, dlogits) = (x, x, x, x)
            var losses = [Float](repeating: 7, count: rows)
            var lossesOnly = losses
            set.use {
                ink_softmax_forward(x, &y, r, c)
                ink_softmax_backward(y, dy, &dx, r, c)
                ink_cross_entropy_forward(x, labels, -100, r, c, &losses, &probabilities)
                ink_cross_entropy_forward(x, labels, -100, r, c, &lossesOnly, nil)
                ink_cross_entropy_backward(probabilities, labels, -100, 0.25, r, c, &dlogits)
            }
            for row in 0..<rows {
                let values = (0..<columns).map { Double(x[row * columns + $0]) }
                let top = values.max() ?? 0
                let total = values.reduce(0) { $0 + exp($1 - top) }
                let wanted = values.map { exp($0 - top) / total }
                let dot = (0..<columns).reduce(0) { $0 + wanted[$1] * Double(dy[row * columns + $1]) }
                let label = Int(labels[row])
                let loss = label < 0 ? 0 : log(total) + top - values[label]
                #expect(abs(Double(losses[row]) - loss) <= 1e-5)
                #expect(abs(Double(lossesOnly[row]) - loss) <= 1e-5)
                for column in 0..<columns {
                    let at = row * columns + column
                    #expect(abs(Double(y[at]) - wanted[column]) <= 1e-6)
                    #expect(abs(Double(probabilities[at]) - wanted[column]) <= 1e-6)
                    #expect(abs(Double(dx[at]) - wanted[column] * (Double(dy[at]) - dot)) <= 2e-6)
                    let gradient = label < 0 ? 0 : 0.25 * (wanted[column] - (column == label ? 1 : 0))
                    #expect(abs(Double(dlogits[at]) - gradient) <= 1e-6)
                }
            }
        }
    }

    @Test(arguments: KernelSet.supported)
    func embeddings(set: KernelSet) {
        var random = KernelRandom(13)
        for (rows, columns) in Self.shapes {
            let (r, c) = (Int64(rows), Int64(columns))
            let tables = (0..<3).map { _ in FloatBuffer(random.floats(6 * columns)) }
            let ids = (0..<3).map { _ in random.ids(rows, below: 6) }
            let dy = random.floats(rows * columns)
            var y = dy
            let start = random.floats(6 * columns)
            var gradient = start
            var gathered = dy
            let wide = random.floats(6 * (columns + 2))
            set.use {
                ids[0].withUnsafeBufferPointer { first in
                    ids[1].withUnsafeBufferPointer { second in
                        ids[2].withUnsafeBufferPointer { third in
                            let tablePointers = tables.map { Optional(UnsafePointer($0.pointer)) }
                            let idPointers = [first.baseAddress, second.baseAddress, third.baseAddress]
                            ink_embedding_sum(tablePointers, idPointers, 3, r, c, &y)
                        }
                    }
                }
                ink_embedding_gradient(dy, ids[0], r, c, &gradient)
                ink_gather_rows(wide, c + 2, ids[1], r, c, &gathered)
            }
            var wanted = start.map(Double.init)
            for row in 0..<rows {
                for column in 0..<columns {
                    let at = row * columns + column
                    let sum = (0..<3).reduce(0.0) { $0 + tables[$1][Int(ids[$1][row]) * columns + column] }
                    #expect(abs(Double(y[at]) - sum) <= 1e-6)
                    #expect(gathered[at] == wide[Int(ids[1][row]) * (columns + 2) + column])
                    wanted[Int(ids[0][row]) * columns + column] += Double(dy[at])
                }
            }
            #expect(largestDifference(gradient, wanted) <= 2e-5)
        }
    }

    @Test(arguments: KernelSet.supported, [false, true])
    func segments(set: KernelSet, mean: Bool) {
        var random = KernelRandom(14)
        let starts: [Int32] = [0, 3, 3, 4, 11, 11]
        for columns in [1, 13, 33, 312] {
            let x = random.floats(11 * columns)
            let dy = random.floats(5 * columns)
            var y = dy
            var dx = x
            set.use {
                ink_segment_sum(x, starts, 5, Int64(columns), mean, &y)
                ink_segment_sum_backward(dy, starts, 5, Int64(columns), mean, &dx)
            }
            for segment in 0..<5 {
                let rows = Int(starts[segment])..<Int(starts[segment + 1])
                let scale = mean ? 1 / Double(max(1, rows.count)) : 1
                for column in 0..<columns {
                    let sum = rows.reduce(0.0) { $0 + Double(x[$1 * columns + column]) }
                    #expect(abs(Double(y[segment * columns + column]) - sum * scale) <= 2e-6)
                    for row in rows {
                        let wanted = Double(dy[segment * columns + column]) * scale
                        #expect(abs(Double(dx[row * columns + column]) - wanted) <= 1e-6)
                    }
                }
            }
        }
    }

    @Test(arguments: KernelSet.supported)
    func sums(set: KernelSet) {
        var random = KernelRandom(15)
        for length in [0, 1, 7, 13, 33, 1025, 40_001] {
            var x = random.floats(length)
            let count = Int64(length)
            let wanted = x.reduce(0.0) { $0 + Double($1) }
            let squares = x.reduce(0.0) { $0 + Double($1) * Double($1) }
            #expect(abs(set.use { ink_sum(x, count) } - wanted) <= 1e-6 * Double(length) + 1e-9)
            #expect(abs(set.use { ink_squared_norm(x, count) } - squares) <= 1e-6 * squares)
            #expect(set.use { ink_all_finite(x, count) })
            guard length > 0 else { continue }
            x[length - 1] = .nan
            #expect(!set.use { ink_all_finite(x, count) })
            x[length - 1] = -.infinity
            #expect(!set.use { ink_all_finite(x, count) })
        }
    }

    @Test(arguments: KernelSet.supported)
    func columnSums(set: KernelSet) {
        var random = KernelRandom(16)
        for (rows, columns) in Self.shapes + [(0, 5), (130, 300)] {
            let x = random.floats(rows * (columns + 1))
            let start = random.floats(columns)
            var (plain, added) = (start, start)
            set.use {
                ink_column_sum(x, Int64(columns + 1), Int64(rows), Int64(columns), &plain, false)
                ink_column_sum(x, Int64(columns + 1), Int64(rows), Int64(columns), &added, true)
            }
            let wanted = (0..<columns).map { column in
                (0..<rows).reduce(0.0) { $0 + Double(x[$1 * (columns + 1) + column]) }
            }
            #expect(largestDifference(plain, wanted) <= 5e-5)
            #expect(largestDifference(added, zip(wanted, start).map { $0 + Double($1) }) <= 5e-5)
        }
    }
}
