import CInkKernels

/// What a softmax cross-entropy gives besides the value to differentiate.
public struct CrossEntropy {
    /// The mean over rows that are not ignored, by their weights where there are any, one value; 0 when all are ignored.
    public let loss: Tensor
    /// −log p(label) of every row, 0 for ignored rows.
    public let rowLosses: [Float]
    /// softmax(logits), [R, C].
    public let probabilities: Tensor
}

extension Pass {
    /// Softmax of each row of `x` [R, C].
    public func softmax(_ x: Tensor) -> Tensor {
        let result = Tensor(uninitialized: x.shape)
        let (rows, columns) = (Int64(x.rows), Int64(x.columns))
        ink_softmax_forward(x.pointer, result.pointer, rows, columns)
        return recorder(for: x)?.record(result) { gradient in
            let change = Tensor(uninitialized: x.shape)
            ink_softmax_backward(result.pointer, gradient.pointer, change.pointer, rows, columns)
            x.slot?.add(change)
        } ?? result
    }

    /// Cross-entropy of softmax(logits) against `labels`. logits: [R, C], labels: R class ids, each in 0..<C or equal
    /// to `ignoreIndex`. `classWeights`: of each class what a row of it counts for in the mean, Σ w loss / Σ w; nil for 1.
    public func crossEntropy(
        _ logits: Tensor, labels: [Int32], classWeights: [Float]? = nil, ignoreIndex: Int32 = -100
    ) -> CrossEntropy {
        let (rows, columns) = (logits.rows, logits.columns)
        precondition(labels.count == rows, "\(labels.count) labels for \(rows) rows")
        precondition(
            labels.allSatisfy { $0 == ignoreIndex || ($0 >= 0 && $0 < columns) }, "label outside 0..<\(columns)")
        precondition(classWeights.map { $0.count == columns } ?? true, "not one weight for each class")
        let weights = classWeights.map { all in labels.map { $0 == ignoreIndex ? 0 : all[Int($0)] } }
        let counted = labels.count { $0 != ignoreIndex }
        let divisor = weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(counted)
        let losses = Tensor(uninitialized: [rows])
        let probabilities = Tensor(uninitialized: logits.shape)
        ink_cross_entropy_forward(
            logits.pointer, labels, ignoreIndex, Int64(rows), Int64(columns), losses.pointer, probabilities.pointer)
        let total =
            weights.map { weights in
                weights.enumerated().reduce(0.0) { $0 + Double($1.element) * Double(losses.pointer[$1.offset]) }
            } ?? ink_sum(losses.pointer, Int64(rows))
        let mean = divisor > 0 ? total / divisor : 0
        let value = Tensor([Float(mean)], shape: [])
        let loss =
            recorder(for: logits)?.record(value) { gradient in
                let change = Tensor(uninitialized: logits.shape)
                ink_cross_entropy_backward(
                    probabilities.pointer, labels, ignoreIndex, divisor > 0 ? gradient.scalar / Float(divisor) : 0,
                    Int64(rows), Int64(columns), change.pointer)
                for (row, weight) in (weights ?? []).enumerated() {
                    let start = change.pointer + row * columns
                    ink_scale(start, weight, start, Int64(columns))
                }
                logits.slot?.add(change)
            } ?? value
        return CrossEntropy(loss: loss, rowLosses: losses.values, probabilities: probabilities)
    }
}
