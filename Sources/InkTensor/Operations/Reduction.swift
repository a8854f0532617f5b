import CInkKernels

extension Pass {
    /// The sum of all elements, one value.
    public func sum(_ x: Tensor) -> Tensor {
        let result = Tensor([Float(ink_sum(x.pointer, Int64(x.count)))], shape: [])
        return recorder(for: x)?.record(result) { gradient in
            x.slot?.add(Tensor(repeating: gradient.scalar, shape: x.shape))
        } ?? result
    }

    /// The mean of all elements, one value.
    public func mean(_ x: Tensor) -> Tensor {
        scale(sum(x), by: 1 / Float(max(x.count, 1)))
    }

    /// The sum over rows of `x` [R, H]; result [H].
    public func columnSum(_ x: Tensor) -> Tensor {
        let result = Tensor(uninitialized: [x.columns])
        let (rows, columns) = (Int64(x.rows), Int64(x.columns))
        ink_column_sum(x.pointer, columns, rows, columns, result.pointer, false)
        return recorder(for: x)?.record(result) { gradient in
            let spread = Tensor(uninitialized: x.shape)
            ink_copy_matrix(gradient.pointer, 0, spread.pointer, columns, rows, columns, false)
            x.slot?.add(spread)
        } ?? result
    }

    /// The mean (or the sum) of the rows of each sequence of `x` [T, H]; result [sequences, H].
    public func sequenceMean(_ x: Tensor, _ layout: SequenceLayout, sum: Bool = false) -> Tensor {
        precondition(x.rows == layout.tokens, "layout of another batch")
        let result = Tensor(uninitialized: [layout.count, x.columns])
        let (segments, columns) = (Int64(layout.count), Int64(x.columns))
        ink_segment_sum(x.pointer, layout.starts, segments, columns, !sum, result.pointer)
        return recorder(for: x)?.record(result) { gradient in
            let spread = Tensor(uninitialized: x.shape)
            ink_segment_sum_backward(gradient.pointer, layout.starts, segments, columns, !sum, spread.pointer)
            x.slot?.add(spread)
        } ?? result
    }
}
