import CInkKernels

/// A weight matrix [out, in] laid out once in the panels the product kernel reads; for inference.
public final class PackedMatrix: Sendable {
    /// Rows of the weight.
    public let outputs: Int
    /// Columns of the weight.
    public let inputs: Int
    private let panels: Storage

    public init(_ weight: Tensor) {
        outputs = weight.rows
        inputs = weight.columns
        // Looking for huge pages can take longer than packing, and predicting one title reads the panels only once.
        panels = Storage(byteCount: ink_packed_b_count(Int64(inputs), Int64(outputs)) * 4, hugePages: false)
        ink_pack_b(
            weight.pointer, Int64(inputs), true, Int64(inputs), Int64(outputs),
            panels.address.assumingMemoryBound(to: Float.self))
    }

    var pointer: UnsafePointer<Float> { UnsafePointer(panels.address.assumingMemoryBound(to: Float.self)) }
    /// Memory the panels take.
    public var byteCount: Int { panels.byteCount }
}

extension Pass {
    /// activation(x weightᵀ + bias). x: [T, in], weight: [out, in], bias: [out]; result [T, out].
    public func linear(
        _ x: Tensor, weight: Tensor, bias: Tensor?, activation: Activation = .identity
    ) -> Tensor {
        precondition(x.columns == weight.columns, "linear of \(x.shape) by \(weight.shape)")
        let tape = recorder(for: x, weight, bias)
        let preActivation =
            tape == nil || activation == .identity ? nil : Tensor(uninitialized: [x.rows, weight.rows])
        let result = linearResult(x, weight, bias, activation, preActivation)
        guard let tape else { return result }
        return tape.record(result) { gradient in
            var gradient = gradient
            if let preActivation { gradient = activation.gradient(at: preActivation, gradient) }
            contributeLinear(gradient, x: x, weight: weight, bias: bias)
        }
    }

    /// As `linear(_:weight:bias:activation:)` with a packed weight; not recorded.
    public func linear(
        _ x: Tensor, packed weight: PackedMatrix, bias: Tensor?, activation: Activation = .identity
    ) -> Tensor {
        precondition(x.columns == weight.inputs, "linear of \(x.shape) by [\(weight.outputs), \(weight.inputs)]")
        let result = Tensor(uninitialized: Shape(x.shape.dimensions.dropLast() + [weight.outputs]))
        var arguments = linearArguments(x, bias: bias, activation: activation, result: result)
        arguments.packed_b = weight.pointer
        ink_gemm(&arguments)
        return result
    }

    /// The product itself; writes the values before the activation to `preActivation` where it is given.
    func linearResult(
        _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ activation: Activation, _ preActivation: Tensor?
    ) -> Tensor {
        let result = Tensor(uninitialized: Shape(x.shape.dimensions.dropLast() + [weight.rows]))
        var arguments = linearArguments(x, bias: bias, activation: activation, result: result)
        arguments.b = UnsafePointer(weight.pointer)
        arguments.b_stride = Int64(x.columns)
        arguments.transpose_b = true
        arguments.pre_activation = preActivation?.pointer
        ink_gemm(&arguments)
        return result
    }

    private func linearArguments(
        _ x: Tensor, bias: Tensor?, activation: Activation, result: Tensor
    ) -> ink_gemm_arguments {
        precondition(bias.map { $0.count == result.columns } ?? true, "bias of another size than the output")
        var arguments = ink_gemm_arguments()
        arguments.m = Int64(x.rows)
        arguments.n = Int64(result.columns)
        arguments.k = Int64(x.columns)
        arguments.a = UnsafePointer(x.pointer)
        arguments.a_stride = Int64(x.columns)
        arguments.c = result.pointer
        arguments.c_stride = Int64(result.columns)
        arguments.bias = bias.map { UnsafePointer($0.pointer) }
        arguments.activation = activation.kernel
        return arguments
    }
}

/// Gives the operands of y = x Wᵀ + b their gradients: dyᵀ x to the weight, the column sums of dy to the bias and dy W
/// to x, each where it is wanted.
func contributeLinear(_ gradient: Tensor, x: Tensor, weight: Tensor, bias: Tensor?) {
    let (tokens, inputs, outputs) = (x.rows, weight.columns, weight.rows)
    weight.slot?.contribute(shape: weight.shape) { buffer, accumulate in
        product(
            MatrixView(gradient, transposed: true), MatrixView(x), into: MatrixView(buffer, stride: inputs),
            m: outputs, n: inputs, k: tokens, accumulate: accumulate)
    }
    if let bias {
        bias.slot?.contribute(shape: bias.shape) { buffer, accumulate in
            ink_column_sum(gradient.pointer, Int64(outputs), Int64(tokens), Int64(outputs), buffer, accumulate)
        }
    }
    x.slot?.contribute(shape: x.shape) { buffer, accumulate in
        product(
            MatrixView(gradient), MatrixView(weight), into: MatrixView(buffer, stride: inputs), m: tokens, n: inputs,
            k: outputs, accumulate: accumulate)
    }
}
