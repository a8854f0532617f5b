import CInkKernels

/// Gathers the gradient of one tensor while a tape runs backwards.
///
/// The slot of a parameter outlives the pass; its buffer is kept from step to step and overwritten by the first
/// contribution of the next one.
final class GradientSlot {
    private var dense: Tensor?
    /// The gradient while it is zero outside some rows; never together with `dense`.
    private(set) var rows: RowGradient?
    /// Shape of the table that `rows` belongs to.
    private var tableShape: Shape = []
    /// Whether other slots may hold the same buffer (both branches of a residual sum do).
    private var isShared = false
    /// A buffer whose contents are of an earlier step.
    private var spare: Tensor?

    /// The gathered gradient, whole.
    var gradient: Tensor? {
        fillOut()
        return dense
    }

    /// The gathered gradient is no longer wanted; its buffer is kept for the next step.
    func clear() {
        if !isShared, let dense { spare = dense }
        dense = nil
        rows = nil
    }

    /// As `clear`, giving the buffers back to the pool too.
    func release() {
        dense = nil
        rows = nil
        spare = nil
    }

    /// Adds a whole gradient. Its buffer may be held by the caller and by other slots as well.
    func add(_ contribution: Tensor) {
        if dense == nil, rows == nil {
            dense = contribution.detached
            isShared = true
        } else {
            contribute(shape: contribution.shape) { buffer, _ in
                ink_add_scaled(contribution.pointer, 1, buffer, Int64(contribution.count))
            }
        }
    }

    /// Lets a kernel write its contribution in place: `write` gets the buffer and whether to add to it or to set it.
    func contribute(shape: Shape, _ write: (UnsafeMutablePointer<Float>, _ accumulate: Bool) -> Void) {
        fillOut()
        let accumulate = dense != nil
        if let current = dense, isShared {
            dense = current.copy()
        } else if dense == nil {
            dense = spare?.shape == shape ? spare : Tensor(uninitialized: shape)
            spare = nil
        }
        isShared = false
        if let dense { write(dense.pointer, accumulate) }
    }

    /// As `contribute`, for kernels that can only add: a new buffer is zeroed first.
    func contributeByAdding(shape: Shape, _ add: (UnsafeMutablePointer<Float>) -> Void) {
        contribute(shape: shape) { buffer, accumulate in
            if !accumulate { ink_fill(buffer, 0, Int64(shape.count)) }
            add(buffer)
        }
    }

    /// Adds row i of `contribution` [T, H] to row `ids[i]` of the gradient of a table. Stays a matter of those rows
    /// while nothing else contributes and they are the smaller part of the table.
    func add(_ contribution: Tensor, at ids: [Int32], of table: Shape) {
        if dense == nil, rows == nil, 2 * ids.count < table.rows {
            rows = RowGradient(contribution, at: ids)
            tableShape = table
        } else {
            contributeByAdding(shape: table) { buffer in
                ink_embedding_gradient(
                    contribution.pointer, ids, Int64(ids.count), Int64(contribution.columns), buffer)
            }
        }
    }

    /// Turns a gradient of some rows into a whole one.
    private func fillOut() {
        guard let rows else { return }
        self.rows = nil
        contributeByAdding(shape: tableShape, rows.add)
    }
}
