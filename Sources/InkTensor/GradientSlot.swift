import CInkKernels

/// Gathers the gradient of one tensor while a tape runs backwards.
///
/// The slot of a parameter outlives the pass; its buffer is kept from step to step and overwritten by the first
/// contribution of the next one.
final class GradientSlot {
    private(set) var gradient: Tensor?
    /// Whether other slots may hold the same buffer (both branches of a residual sum do).
    private var isShared = false
    /// A buffer whose contents are of an earlier step.
    private var spare: Tensor?

    /// The gathered gradient is no longer wanted; its buffer is kept for the next step.
    func clear() {
        if !isShared, let gradient { spare = gradient }
        gradient = nil
    }

    /// As `clear`, giving the buffers back to the pool too.
    func release() {
        gradient = nil
        spare = nil
    }

    /// Adds a whole gradient. Its buffer may be held by the caller and by other slots as well.
    func add(_ contribution: Tensor) {
        if gradient == nil {
            gradient = contribution.detached
            isShared = true
        } else {
            contribute(shape: contribution.shape) { buffer, _ in
                ink_add_scaled(contribution.pointer, 1, buffer, Int64(contribution.count))
            }
        }
    }

    /// Lets a kernel write its contribution in place: `write` gets the buffer and whether to add to it or to set it.
    func contribute(shape: Shape, _ write: (UnsafeMutablePointer<Float>, _ accumulate: Bool) -> Void) {
        let accumulate = gradient != nil
        if let current = gradient, isShared {
            gradient = current.copy()
        } else if gradient == nil {
            gradient = spare?.shape == shape ? spare : Tensor(uninitialized: shape)
            spare = nil
        }
        isShared = false
        if let gradient { write(gradient.pointer, accumulate) }
    }

    /// As `contribute`, for kernels that can only add: a new buffer is zeroed first.
    func contributeByAdding(shape: Shape, _ add: (UnsafeMutablePointer<Float>) -> Void) {
        contribute(shape: shape) { buffer, accumulate in
            if !accumulate { ink_fill(buffer, 0, Int64(shape.count)) }
            add(buffer)
        }
    }
}
