import InkTensor

/// x Eᵀ + b: scores of the V tokens. E: [V, E] is the embedding table, or a table of its own.
public struct VocabularyOutput: Sendable {
    let table: Parameter
    let bias: Parameter

    /// x: [T, E] → [T, V].
    public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
        pass.linear(x, weight: table.tensor, bias: bias.tensor)
    }
}
