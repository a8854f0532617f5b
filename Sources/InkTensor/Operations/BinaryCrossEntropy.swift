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
    /// loss is max(x, 0) − x t + log(1 + exp(−|x|)). `positiveWeights`: of each column what a yes counts for (PyTorch's
    /// `pos_weight`); nil for 1.
    public func binaryCrossEntropy(
        _ logits: Tensor, targets: [Float], positiveWeights: [Float]? = nil
    ) -> (loss: Tensor, probabilities: Tensor) {
        precondition(targets.count == logits.count, "\(targets.count) targets for \(logits.shape)")
        precondition(targets.allSatisfy { (0...1).contains($0) }, "target outside 0...1")
        let columns = positiveWeights?.count ?? 1
        precondition(columns > 0 && targets.count % columns == 0, "not one weight for each column")
        func weight(_ index: Int) -> Float { positiveWeights?[index % columns] ?? 1 }
        let probabilities = Tensor(uninitialized: logits.shape)
        ink_activation_forward(INK_SIGMOID, logits.pointer, probabilities.pointer, Int64(logits.count))
        var total = 0.0
        for (index, target) in targets.enumerated() {
            let x = Double(logits.pointer[index])
            if positiveWeights == nil {
                total += max(x, 0) - x * Double(target) + log1p(exp(-abs(x)))
            } else {
                let softplus = max(x, 0) + log1p(exp(-abs(x)))
                let yes = Double(weight(index)) * Double(target)
                total += (1 - Double(target) + yes) * softplus - yes * x
            }
        }
        let count = Float(max(targets.count, 1))
        let value = Tensor([Float(total) / count], shape: [])
        let loss =
            recorder(for: logits)?.record(value) { gradient in
                if positiveWeights != nil {
                    let values = targets.enumerated().map { index, target in
                        let yes = weight(index) * target
                        return gradient.scalar / count * ((1 - target + yes) * probabilities.pointer[index] - yes)
                    }
                    logits.slot?.add(Tensor(values, shape: logits.shape))
                    return
                }
                let change = Tensor(targets, shape: logits.shape)
                let factor = gradient.scalar / count
                ink_scale(change.pointer, -factor, change.pointer, Int64(change.count))
                ink_add_scaled(probabilities.pointer, factor, change.pointer, Int64(change.count))
                logits.slot?.add(change)
            } ?? value
        return (loss, probabilities)
    }
}
