import InkTensor

/// activation(x Wᵀ + b), W: [out, in]. Keys: `<name>.weight`, `<name>.bias`.
public struct Linear: Sendable {
    /// Training needs the matrix as it is; inference reads it from panels made at load.
    enum Weight: Sendable {
        case plain(Parameter)
        case packed(PackedMatrix)
    }

    let weight: Weight
    let bias: Parameter?
    public let activation: Activation

    public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
        switch weight {
        case .plain(let weight):
            pass.linear(x, weight: weight.tensor, bias: bias?.tensor, activation: activation)
        case .packed(let weight):
            pass.linear(x, packed: weight, bias: bias?.tensor, activation: activation)
        }
    }
}
