import InkTensor

/// The feed-forward part of a Transformer layer: W₂ activation(W₁ x + b₁) + b₂.
public struct FeedForward: Sendable {
    let inner: Linear
    let outer: Linear

    /// - Parameters:
    ///   - inner: the widening layer, with the activation.
    ///   - outer: the layer back to the hidden size.
    public init(_ inner: Linear, _ outer: Linear) {
        self.inner = inner
        self.outer = outer
    }

    /// x: [T, H] → [T, H].
    public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
        guard case .plain(let first) = inner.weight, case .plain(let second) = outer.weight,
            let firstBias = inner.bias, let secondBias = outer.bias
        else { return outer(inner(x, pass), pass) }
        return pass.feedForward(
            x, (first.tensor, firstBias.tensor), inner.activation, (second.tensor, secondBias.tensor))
    }
}
