import CInkKernels

extension Pass {
    /// The same elements under another shape; free.
    public func reshape(_ x: Tensor, _ shape: Shape) -> Tensor {
        precondition(shape.count == x.count, "reshape of \(x.shape) to \(shape)")
        let result = Tensor(shape, x.storage)
        return recorder(for: x)?.record(result) { gradient in
            x.slot?.add(Tensor(x.shape, gradient.storage))
        } ?? result
    }

    /// `x` [R, C] transposed; result [C, R].
    public func transpose(_ x: Tensor) -> Tensor {
        func transposed(_ x: Tensor) -> Tensor {
            let result = Tensor(uninitialized: [x.columns, x.rows])
            ink_transpose(x.pointer, result.pointer, Int64(x.rows), Int64(x.columns))
            return result
        }
        let result = transposed(x)
        return recorder(for: x)?.record(result) { gradient in
            x.slot?.add(Tensor(x.shape, transposed(gradient).storage))
        } ?? result
    }

    /// Columns `range` of `x` [R, C]; result [R, range].
    public func columns(_ x: Tensor, _ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= x.columns, "columns \(range) of \(x.shape)")
        let result = Tensor(uninitialized: [x.rows, range.count])
        let (rows, width, stride) = (Int64(x.rows), Int64(range.count), Int64(x.columns))
        ink_copy_matrix(x.pointer + range.lowerBound, stride, result.pointer, width, rows, width, false)
        return recorder(for: x)?.record(result) { gradient in
            x.slot?.contributeByAdding(shape: x.shape) { buffer in
                ink_copy_matrix(gradient.pointer, width, buffer + range.lowerBound, stride, rows, width, true)
            }
        } ?? result
    }

    /// Rows `range` of `x` [R, C]; result [range, C].
    public func rows(_ x: Tensor, _ range: Range<Int>) -> Tensor {
        gatherRows(x, range.map(Int32.init))
    }

    /// Tensors of the same number of rows side by side: [R, C1], [R, C2] … to [R, C1 + C2 + …].
    public func concatenateColumns(_ parts: [Tensor]) -> Tensor {
        precondition(!parts.isEmpty && parts.allSatisfy { $0.rows == parts[0].rows }, "parts of different rows")
        // Parts of no rows hold nothing: one row of no columns is as good.
        return join(parts, by: max(1, parts[0].rows), into: [parts[0].rows, parts.reduce(0) { $0 + $1.columns }])
    }

    /// Tensors of the same number of columns one below the other: [R1, C], [R2, C] … to [R1 + R2 + …, C].
    public func concatenateRows(_ parts: [Tensor]) -> Tensor {
        precondition(!parts.isEmpty && parts.allSatisfy { $0.columns == parts[0].columns }, "parts of different width")
        return join(parts, by: 1, into: [parts.reduce(0) { $0 + $1.rows }, parts[0].columns])
    }

    /// Every part as a matrix of `rows` rows, side by side.
    private func join(_ parts: [Tensor], by rows: Int, into shape: Shape) -> Tensor {
        let result = Tensor(uninitialized: shape)
        let stride = Int64(shape.count / rows)
        var offset = 0
        for part in parts {
            let width = part.count / rows
            ink_copy_matrix(
                part.pointer, Int64(width), result.pointer + offset, stride, Int64(rows), Int64(width), false)
            offset += width
        }
        guard let tape, parts.contains(where: { $0.slot != nil }) else { return result }
        return tape.record(result) { gradient in
            var offset = 0
            for part in parts {
                let width = part.count / rows
                let slice = Tensor(uninitialized: part.shape)
                ink_copy_matrix(
                    gradient.pointer + offset, stride, slice.pointer, Int64(width), Int64(rows), Int64(width), false)
                part.slot?.add(slice)
                offset += width
            }
        }
    }
}
