import CInkKernels

extension Pass {
    /// The sum of one row of each table: tables of [V, H] with one id per token; at most four. Result [T, H].
    /// Ids must lie in the tables: the model checks what came from outside.
    public func embeddingSum(_ parts: [(table: Tensor, ids: [Int32])]) -> Tensor {
        precondition((1...4).contains(parts.count), "one to four embedding tables")
        let (tokens, hidden) = (parts[0].ids.count, parts[0].table.columns)
        for part in parts {
            precondition(part.ids.count == tokens && part.table.columns == hidden, "embedding parts do not fit")
            let rows = part.table.rows
            precondition(part.ids.allSatisfy { $0 >= 0 && $0 < rows }, "embedding id outside a table of \(rows) rows")
        }
        let result = Tensor(uninitialized: [tokens, hidden])
        let tables: [UnsafePointer<Float>?] = parts.map { UnsafePointer($0.table.pointer) }
        withPointers(to: parts.map(\.ids)) { ids in
            ink_embedding_sum(
                tables, ids, Int64(parts.count), Int64(tokens), Int64(hidden), result.pointer)
        }
        guard let tape, parts.contains(where: { $0.table.slot != nil }) else { return result }
        return tape.record(result) { gradient in
            for (table, ids) in parts {
                table.slot?.add(gradient, at: ids, of: table.shape)
            }
        }
    }

    /// Rows `indices` of `x` [R, H], in that order, repeats allowed; result [indices, H].
    public func gatherRows(_ x: Tensor, _ indices: [Int32]) -> Tensor {
        let rows = x.rows
        precondition(indices.allSatisfy { $0 >= 0 && $0 < rows }, "row index outside \(x.shape)")
        let result = Tensor(uninitialized: [indices.count, x.columns])
        let columns = Int64(x.columns)
        ink_gather_rows(x.pointer, columns, indices, Int64(indices.count), columns, result.pointer)
        return recorder(for: x)?.record(result) { gradient in
            x.slot?.contributeByAdding(shape: x.shape) { buffer in
                ink_embedding_gradient(gradient.pointer, indices, Int64(indices.count), columns, buffer)
            }
        } ?? result
    }

    /// A tensor of `rows` zero rows to which row i of `x` [I, H] is added at `indices[i]`; result [rows, H].
    public func scatterRows(_ x: Tensor, to indices: [Int32], rows: Int) -> Tensor {
        precondition(indices.count == x.rows && indices.allSatisfy { $0 >= 0 && $0 < rows }, "rows to scatter to")
        let result = Tensor(repeating: 0, shape: [rows, x.columns])
        let columns = Int64(x.columns)
        ink_embedding_gradient(x.pointer, indices, Int64(x.rows), columns, result.pointer)
        return recorder(for: x)?.record(result) { gradient in
            let part = Tensor(uninitialized: x.shape)
            ink_gather_rows(gradient.pointer, columns, indices, Int64(indices.count), columns, part.pointer)
            x.slot?.add(part)
        } ?? result
    }
}

/// Calls `body` with the addresses of all arrays.
private func withPointers(
    to arrays: [[Int32]], _ collected: [UnsafePointer<Int32>?] = [], _ body: ([UnsafePointer<Int32>?]) -> Void
) {
    guard collected.count < arrays.count else { return body(collected) }
    arrays[collected.count].withUnsafeBufferPointer {
        withPointers(to: arrays, collected + [$0.baseAddress], body)
    }
}
