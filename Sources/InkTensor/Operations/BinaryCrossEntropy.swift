import CInkKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Pass {
    /// Cross-entropy of independent yes-or-no decisions, the mean over all elements; 0 without any. `logits`: any shape,
    /// `targets`: as many values in 0...1; `probabilities`: sigmoid(logits). Finite for logits of any size: an element's
    /// loss is max(x, 0) − x t + log(1 + exp(−|x|)).
    public func binaryCrossEntropy(
        _ logits: Tensor, targets: [Float]
    ) -> (loss: Tensor, probabilities: Tensor) {
        precondition(targets.count == logits.count, "\(targets.count) targets for \(logits.shape)")
        precondition(targets.allSatisfy { (0...1).contains($0) }, "target outside 0...1")
        let probabilities = Tensor(uninitialized: logits.shape)
        ink_activation_forward(INK_SIGMOID, logits.pointer, probabilities.pointer, Int64(logits.count))
        var total = 0.0
        for (index, target) in targets.enumerated() {
            let x = Double(logits.pointer[index])
            total += max(x, 0) - x * Double(target) + log1p(exp(-abs(x)))
        }
        let count = Float(max(targets.count, 1))
        let value = Tensor([Float(total) / count], shape: [])
        let loss =
            recorder(for: logits)?.record(value) { gradient in
                let change = Tensor(targets, shape: logits.shape)
                let factor = gradient.scalar / count
                ink_scale(change.pointer, -factor, change.pointer, Int64(change.count))
                ink_add_scaled(probabilities.pointer, factor, change.pointer, Int64(change.count))
                logits.slot?.add(change)
            } ?? value
        return (loss, probabilities)
    }
}
