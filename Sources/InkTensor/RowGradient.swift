import CInkKernels

/// A gradient of a table [V, H] that is zero outside some rows: what looking up a batch's ids leaves.
///
/// A batch touches a few hundred of twenty thousand rows. Keeping those alone spares a buffer of the table's size,
/// and passes over it to clear it, to measure its norm and to read it in the optimizer.
struct RowGradient {
    /// The rows that are not zero, ascending.
    let ids: [Int32]
    /// Their gradients, [ids, H].
    let values: Tensor

    /// Adds row i of `gradient` [T, H] to row `ids[i]`.
    init(_ gradient: Tensor, at ids: [Int32]) {
        let distinct = Set(ids).sorted()
        let positions = Dictionary(uniqueKeysWithValues: zip(distinct, Int32(0)...))
        let compact = ids.map { positions[$0, default: 0] }
        let values = Tensor(uninitialized: [distinct.count, gradient.columns])
        ink_fill(values.pointer, 0, Int64(values.count))
        ink_embedding_gradient(
            gradient.pointer, compact, Int64(ids.count), Int64(gradient.columns), values.pointer)
        self.ids = distinct
        self.values = values
    }

    /// Adds the rows to a buffer of the table's shape.
    func add(to table: UnsafeMutablePointer<Float>) {
        ink_embedding_gradient(values.pointer, ids, Int64(ids.count), Int64(values.columns), table)
    }
}
