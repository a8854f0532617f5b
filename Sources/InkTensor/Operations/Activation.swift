import CInkKernels

/// Elementwise non-linear functions, named as in `hidden_act` of a configuration file.
public enum Activation: String, Sendable, Codable, CaseIterable {
    case identity
    case relu
    /// x Φ(x) with the exact normal distribution function: x/2 (1 + erf(x/√2)).
    case gelu
    /// GELU by the tanh approximation (Hendrycks and Gimpel 2016), used by GPT-2 and T5 v1.1.
    case geluTanh = "gelu_new"
    case tanh
    case sigmoid
    case silu

    var kernel: ink_activation {
        switch self {
        case .identity: INK_IDENTITY
        case .relu: INK_RELU
        case .gelu: INK_GELU
        case .geluTanh: INK_GELU_TANH
        case .tanh: INK_TANH
        case .sigmoid: INK_SIGMOID
        case .silu: INK_SILU
        }
    }

    /// gradient ⊙ activation'(x).
    func gradient(at x: Tensor, _ gradient: Tensor) -> Tensor {
        let result = Tensor(uninitialized: x.shape)
        ink_activation_backward(kernel, x.pointer, gradient.pointer, result.pointer, Int64(x.count))
        return result
    }
}

extension Pass {
    /// The activation of every element; any shape.
    public func activate(_ x: Tensor, _ activation: Activation) -> Tensor {
        let result = Tensor(uninitialized: x.shape)
        ink_activation_forward(activation.kernel, x.pointer, result.pointer, Int64(x.count))
        return recorder(for: x)?.record(result) { gradient in
            x.slot?.add(activation.gradient(at: x, gradient))
        } ?? result
    }

    /// Sets elements to zero with `probability` and scales the others by 1 / (1 − probability); the identity in a
    /// pass without dropout. x: [T, H].
    public func dropout(_ x: Tensor, _ probability: Float) -> Tensor {
        let dropout = nextDropout(probability)
        guard dropout.probability > 0 else { return x }
        func apply(_ x: Tensor) -> Tensor {
            let result = Tensor(uninitialized: x.shape)
            ink_dropout_apply(x.pointer, result.pointer, Int64(x.rows), Int64(x.columns), dropout)
            return result
        }
        let result = apply(x)
        return recorder(for: x)?.record(result) { x.slot?.add(apply($0)) } ?? result
    }
}
