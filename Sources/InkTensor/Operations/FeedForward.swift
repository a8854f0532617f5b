import CInkKernels

extension Pass {
    /// activation(x W₁ᵀ + b₁) W₂ᵀ + b₂, the two products of a Transformer layer's feed-forward part. x: [T, H],
    /// W₁: [F, H], b₁: [F], W₂: [H, F], b₂: [H]; result [T, H].
    ///
    /// As two linear operations it would keep [T, F] values twice for the gradient, before and after the activation;
    /// here the latter are computed again.
    public func feedForward(
        _ x: Tensor, _ first: (weight: Tensor, bias: Tensor), _ activation: Activation,
        _ second: (weight: Tensor, bias: Tensor)
    ) -> Tensor {
        guard let tape = recorder(for: x, first.weight, first.bias, second.weight, second.bias) else {
            let inner = linear(x, weight: first.weight, bias: first.bias, activation: activation)
            return linear(inner, weight: second.weight, bias: second.bias)
        }
        let before = Tensor(uninitialized: [x.rows, first.weight.rows])
        let inner = linearResult(x, first.weight, first.bias, activation, before)
        let result = linearResult(inner, second.weight, second.bias, .identity, nil)
        return tape.record(result) { gradient in
            let inner = Tensor(uninitialized: before.shape)
            let count = Int64(before.count)
            ink_activation_forward(activation.kernel, before.pointer, inner.pointer, count)
            contributeLinear(gradient, x: inner, weight: second.weight, bias: second.bias)
            // The gradient of the inner values takes their place.
            product(
                MatrixView(gradient), MatrixView(second.weight), into: MatrixView(inner), m: x.rows, n: inner.columns,
                k: gradient.columns)
            ink_activation_backward(activation.kernel, before.pointer, inner.pointer, inner.pointer, count)
            contributeLinear(inner, x: x, weight: first.weight, bias: first.bias)
        }
    }
}
