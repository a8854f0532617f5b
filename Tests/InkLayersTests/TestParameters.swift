import InkCheckpoint
import InkLayers
import InkTensor
import InkTestSupport

/// Parameters `first.weight`, `first.bias` … made by a scope, with values and gradients given by a test.
struct TestParameters {
    let source = ParameterSource(nil, use: .training, basePrefix: "", initializerRange: 0.02, seed: 5)

    var all: [Parameter] { source.parameters }

    /// The two linear layers of `optimizers.safetensors`.
    static func pairOfLayers() throws -> TestParameters {
        let parameters = TestParameters()
        let scope = ParameterScope(parameters.source)
        _ = try scope.linear("first", 7, 5)
        _ = try scope.linear("second", 5, 3)
        return parameters
    }

    /// The same layers, the first one as a stack of `heads`: pieces of their own in one tensor.
    static func stack(_ heads: [String], inputs: Int, outputs: Int) throws -> TestParameters {
        let parameters = TestParameters()
        _ = try ParameterScope(parameters.source).linear(stacking: heads, inputs, outputs)
        return parameters
    }

    /// Sets all values: `value` gives a piece's.
    func assign(_ value: (Parameter.Piece) throws -> Tensor) rethrows {
        for parameter in all { parameter.tensor.assign(try joined(parameter, value)) }
    }

    /// Gathers gradients as a backward run would: `gradient` gives a piece's.
    func gather(_ gradient: (Parameter.Piece) throws -> Tensor) rethrows {
        for parameter in all {
            let pass = Pass.recording()
            let output = pass.scale(parameter.tensor, by: 1)
            pass.backward(from: output, gradient: try joined(parameter, gradient))
        }
    }

    /// All values by key.
    var values: [String: [Float]] {
        var values: [String: [Float]] = [:]
        for parameter in all {
            for piece in parameter.pieces { values[piece.key] = parameter.value(of: piece).values }
        }
        return values
    }

    private func joined(_ parameter: Parameter, _ value: (Parameter.Piece) throws -> Tensor) rethrows -> Tensor {
        Tensor(joining: try parameter.pieces.map(value), shape: parameter.tensor.shape)
    }
}
