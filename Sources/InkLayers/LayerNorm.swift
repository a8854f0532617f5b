import InkTensor

/// LayerNorm with scale and shift. Keys: `<name>.weight`, `<name>.bias`.
public struct LayerNorm: Sendable {
    let gamma: Parameter
    let beta: Parameter
    /// Added to the variance.
    public let epsilon: Float

    /// LayerNorm(x); x: [T, H].
    public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
        pass.layerNorm(x, gamma: gamma.tensor, beta: beta.tensor, epsilon: epsilon)
    }

    /// LayerNorm(residual + dropout(x)), the end of a post-norm block; x, residual: [T, H].
    public func callAsFunction(_ x: Tensor, adding residual: Tensor, dropout: Float, _ pass: Pass) -> Tensor {
        pass.layerNorm(
            x, adding: residual, dropout: dropout, gamma: gamma.tensor, beta: beta.tensor, epsilon: epsilon)
    }
}
