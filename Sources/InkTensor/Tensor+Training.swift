import CInkKernels

/// What training needs of a parameter's tensor: a gradient, and values that change in place.
extension Tensor {
    /// A copy that gathers a gradient whenever a recording pass uses it, and whose values may change.
    public func trainable() -> Tensor {
        copy().takenOverForTraining()
    }

    /// As `trainable()`, without a copy: nobody may use this tensor from then on.
    package func takenOverForTraining() -> Tensor {
        Tensor(shape, storage, slot: GradientSlot())
    }

    /// The gathered gradient; nil before the first backward run and after `clearGradient()`.
    public var gradient: Tensor? { slot?.gradient }

    /// Forgets the gradient. Its buffer serves the next step.
    public func clearGradient() {
        slot?.clear()
    }

    /// Overwrites the values, for everyone who holds this tensor. No pass may be using it.
    public func assign(_ other: Tensor) {
        precondition(other.shape == shape, "assignment of \(other.shape) to \(shape)")
        pointer.update(from: other.pointer, count: count)
    }

    /// The sum of squares of the gradient of a stretch of the elements, in double precision; 0 without a gradient.
    public func gradientSquaredNorm(_ range: Range<Int>) -> Double {
        if let rows = slot?.rows, range == 0..<count { return rows.values.squaredNorm(0..<rows.values.count) }
        return gradient?.squaredNorm(range) ?? 0
    }

    /// The sum of squares of a stretch of the elements, in double precision.
    public func squaredNorm(_ range: Range<Int>) -> Double {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "norm of \(range) of \(shape)")
        return ink_squared_norm(pointer + range.lowerBound, Int64(range.count))
    }

    /// Whether no element is NaN or infinite.
    public var isFinite: Bool { ink_all_finite(pointer, Int64(count)) }

    /// The same for elements that are in no tensor yet.
    package static func allFinite(_ elements: UnsafeBufferPointer<Float>) -> Bool {
        elements.baseAddress.map { ink_all_finite($0, Int64(elements.count)) } ?? true
    }
}
