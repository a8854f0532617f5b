import InkTensor

/// x Eᵀ + b with an embedding table E: [V, E] as the matrix: scores of the V tokens.
public struct TiedOutput: Sendable {
    let table: Parameter
    let bias: Parameter

    /// x: [T, E] → [T, V].
    public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
        pass.linear(x, weight: table.tensor, bias: bias.tensor)
    }
}
