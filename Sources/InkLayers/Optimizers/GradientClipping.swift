/// How gradients are limited before a step.
public enum GradientClipping: Sendable, Equatable, Codable {
    case none
    /// All gradients scaled together so that their common norm is at most this.
    case globalNorm(Float)
    /// Each tensor scaled by itself (the reference BertAdam calls `clip_grad_norm_` on one parameter at a time).
    case perTensor(Float)

    /// The factor for a tensor; as `torch.nn.utils.clip_grad_norm_`: limit / (norm + 1e-6), at most 1.
    func factor(tensorNorm: Double, globalNorm: Double) -> Float {
        switch self {
        case .none: 1
        case .globalNorm(let limit): Float(min(1, Double(limit) / (globalNorm + 1e-6)))
        case .perTensor(let limit): Float(min(1, Double(limit) / (tensorNorm + 1e-6)))
        }
    }
}
