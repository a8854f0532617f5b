import CInkKernels

extension Pass {
    /// a + b, same shapes.
    public func add(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(a.shape == b.shape, "add of \(a.shape) and \(b.shape)")
        let result = Tensor(uninitialized: a.shape)
        ink_add(a.pointer, b.pointer, result.pointer, Int64(a.count))
        return recorder(for: a, b)?.record(result) { gradient in
            a.slot?.add(gradient)
            b.slot?.add(gradient)
        } ?? result
    }

    /// a ⊙ b, same shapes.
    public func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
        precondition(a.shape == b.shape, "multiply of \(a.shape) and \(b.shape)")
        func times(_ a: Tensor, _ b: Tensor) -> Tensor {
            let result = Tensor(uninitialized: a.shape)
            ink_multiply(a.pointer, b.pointer, result.pointer, Int64(a.count))
            return result
        }
        let result = times(a, b)
        return recorder(for: a, b)?.record(result) { gradient in
            a.slot?.add(times(gradient, b))
            b.slot?.add(times(gradient, a))
        } ?? result
    }

    /// factor · x.
    public func scale(_ x: Tensor, by factor: Float) -> Tensor {
        func scaled(_ x: Tensor) -> Tensor {
            let result = Tensor(uninitialized: x.shape)
            ink_scale(x.pointer, factor, result.pointer, Int64(x.count))
            return result
        }
        let result = scaled(x)
        return recorder(for: x)?.record(result) { x.slot?.add(scaled($0)) } ?? result
    }
}
