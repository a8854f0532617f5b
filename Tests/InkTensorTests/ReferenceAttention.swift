import InkTensor

/// Multi-head attention over packed sequences, one score at a time.
struct ReferenceAttention {
    var heads: Int
    var causal = false
    var bias: Tensor?
    var dropout: (seed: UInt64, stream: UInt64, probability: Double)?

    func callAsFunction(
        _ q: ReferenceMatrix, _ k: ReferenceMatrix, _ v: ReferenceMatrix, queries: SequenceLayout,
        keys: SequenceLayout
    ) -> ReferenceMatrix {
        var result = ReferenceMatrix(rows: q.rows, columns: q.columns)
        let width = q.columns / heads
        for sequence in 0..<queries.count {
            let (queryRows, keyRows) = (queries.rows(of: sequence), keys.rows(of: sequence))
            for head in 0..<heads {
                for (i, query) in queryRows.enumerated() {
                    let seen =
                        causal ? min(max(0, i + 1 + keyRows.count - queryRows.count), keyRows.count) : keyRows.count
                    guard seen > 0 else { continue }
                    var weights = referenceSoftmax(
                        (0..<seen).map { j in
                            let columns = head * width..<(head + 1) * width
                            let product = columns.reduce(0.0) { $0 + q[query, $1] * k[keyRows.lowerBound + j, $1] }
                            return product / Double(width).squareRoot() + biasValue(head, i, j)
                        })
                    if let dropout {
                        for j in 0..<seen {
                            weights[j] *= ReferencePhilox.dropoutFactor(
                                seed: dropout.seed, stream: dropout.stream, row: query * heads + head, column: j,
                                probability: dropout.probability)
                        }
                    }
                    for column in head * width..<(head + 1) * width {
                        result[query, column] = (0..<seen).reduce(0) {
                            $0 + weights[$1] * v[keyRows.lowerBound + $1, column]
                        }
                    }
                }
            }
        }
        return result
    }

    private func biasValue(_ head: Int, _ query: Int, _ key: Int) -> Double {
        guard let bias else { return 0 }
        return Double(bias.values[(head * bias.shape[1] + query) * bias.shape[2] + key])
    }
}
