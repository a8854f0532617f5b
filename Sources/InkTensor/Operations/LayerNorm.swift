import CInkKernels

extension Pass {
    /// LayerNorm of residual + dropout(x), row by row (Ba et al. 2016): gamma (s − mean) / √(variance + epsilon) + beta.
    /// x, residual: [T, H]; gamma, beta: [H].
    public func layerNorm(
        _ x: Tensor, adding residual: Tensor? = nil, dropout probability: Float = 0, gamma: Tensor, beta: Tensor,
        epsilon: Float
    ) -> Tensor {
        precondition(gamma.count == x.columns && beta.count == x.columns, "LayerNorm of \(x.shape) by \(gamma.shape)")
        precondition(residual.map { $0.shape == x.shape } ?? true, "residual of another shape than \(x.shape)")
        let dropout = nextDropout(probability)
        let (rows, columns) = (Int64(x.rows), Int64(x.columns))
        let result = Tensor(uninitialized: x.shape)
        let tape = recorder(for: x, residual, gamma, beta)
        let isSum = residual != nil || dropout.probability > 0
        let sum = tape == nil ? nil : (isSum ? Tensor(uninitialized: x.shape) : x)
        let mean = tape.map { _ in Tensor(uninitialized: [x.rows]) }
        let deviation = tape.map { _ in Tensor(uninitialized: [x.rows]) }
        ink_layer_norm_forward(
            x.pointer, residual?.pointer, dropout, gamma.pointer, beta.pointer, epsilon, rows, columns,
            isSum ? sum?.pointer : nil, result.pointer, mean?.pointer, deviation?.pointer)

        guard let tape, let sum, let mean, let deviation else { return result }
        let (xSlot, residualSlot, shape) = (x.slot, residual?.slot, x.shape)
        let saved = sum.detached
        return tape.record(result) { gradient in
            let sumGradient = Tensor(uninitialized: shape)
            gamma.slot.contribute(with: beta.slot, shape: gamma.shape) { gammaBuffer, betaBuffer, accumulate in
                ink_layer_norm_backward(
                    gradient.pointer, saved.pointer, gamma.pointer, mean.pointer, deviation.pointer, rows, columns,
                    sumGradient.pointer, gammaBuffer, betaBuffer, accumulate)
            }
            residualSlot?.add(sumGradient)
            guard let xSlot else { return }
            if dropout.probability > 0 {
                let dropped = Tensor(uninitialized: shape)
                ink_dropout_apply(sumGradient.pointer, dropped.pointer, rows, columns, dropout)
                xSlot.add(dropped)
            } else {
                xSlot.add(sumGradient)
            }
        }
    }
}

extension Optional where Wrapped == GradientSlot {
    /// Two contributions that one kernel writes together; slots that want none get a buffer that is thrown away.
    fileprivate func contribute(
        with other: GradientSlot?, shape: Shape,
        _ write: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, _ accumulate: Bool) -> Void
    ) {
        let first = self ?? GradientSlot()
        let second = other ?? GradientSlot()
        first.contribute(shape: shape) { firstBuffer, accumulateFirst in
            second.contribute(shape: shape) { secondBuffer, accumulateSecond in
                if accumulateFirst != accumulateSecond {
                    ink_fill(accumulateFirst ? secondBuffer : firstBuffer, 0, Int64(shape.count))
                }
                write(firstBuffer, secondBuffer, accumulateFirst || accumulateSecond)
            }
        }
    }
}
