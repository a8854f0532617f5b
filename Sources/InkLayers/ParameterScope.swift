import InkTensor

/// Where the parameters of one part of a model come from: a place in the key names of a checkpoint.
///
/// Layers are made by a scope, which loads their parameters or initialises them and keeps the account in its
/// `ParameterSource`. The key is thus written where the parameter is made.
public struct ParameterScope {
    let source: ParameterSource
    /// Key prefix with its final dot; empty at the root.
    let path: String

    public init(_ source: ParameterSource) {
        self.source = source
        path = ""
    }

    private init(_ source: ParameterSource, path: String) {
        self.source = source
        self.path = path
    }

    /// The scope of the part called `name` (`encoder`, `layer.0`).
    public func scope(_ name: String) -> ParameterScope {
        ParameterScope(source, path: path + name + ".")
    }

    /// A linear layer from `inputs` to `outputs` columns.
    /// - Throws: `InputError` when the checkpoint lacks it or has another shape.
    public func linear(
        _ name: String, _ inputs: Int, _ outputs: Int, bias: Bool = true, activation: Activation = .identity
    ) throws -> Linear {
        try linear(stacking: [name], inputs, outputs, bias: bias, activation: activation)
    }

    /// Several linear layers of the same input as one, their outputs side by side. Each keeps its own keys.
    public func linear(
        stacking names: [String], _ inputs: Int, _ outputs: Int, bias: Bool = true, activation: Activation = .identity
    ) throws -> Linear {
        let weight = try source.weight(names.map { ("\(path)\($0).weight", [outputs, inputs]) })
        let biases = names.map { (key: "\(path)\($0).bias", shape: Shape([outputs])) }
        return Linear(
            weight: weight, bias: bias ? try source.parameter(biases, initial: .constant(0), decays: false) : nil,
            activation: activation)
    }

    /// A table of `rows` embeddings of `columns` values.
    public func embedding(_ name: String, _ rows: Int, _ columns: Int) throws -> Embedding {
        Embedding(
            table: try source.parameter([("\(path)\(name).weight", [rows, columns])], initial: .normal, decays: true))
    }

    /// A convolution along each sequence that sees `width` tokens, an odd number; `groups` divides both sizes.
    /// - Throws: `InputError` when the checkpoint lacks it or has another shape.
    public func convolution(
        _ name: String, _ inputs: Int, _ outputs: Int, width: Int, groups: Int
    ) throws -> Convolution {
        let shape: Shape = [outputs, inputs / groups, width]
        return Convolution(
            weight: try source.parameter([("\(path)\(name).weight", shape)], initial: .normal, decays: true),
            bias: try source.parameter([("\(path)\(name).bias", [outputs])], initial: .constant(0), decays: false),
            groups: groups)
    }

    public func layerNorm(_ name: String, _ columns: Int, epsilon: Float) throws -> LayerNorm {
        func vector(_ part: String, _ value: Float) throws -> Parameter {
            try source.parameter([("\(path)\(name).\(part)", [columns])], initial: .constant(value), decays: false)
        }
        return LayerNorm(gamma: try vector("weight", 1), beta: try vector("bias", 0), epsilon: epsilon)
    }

    /// An output layer with a bias of its own, whose matrix is `table`, or one of the same shape where `isTied` is
    /// false.
    /// - Parameters:
    ///   - bias: key of the bias.
    ///   - key: the layer's name: its own matrix is `<key>.weight`. Files of a tied one may have matrix and bias a
    ///     second time, as `<key>.weight` and `<key>.bias`; some have the bias there only.
    public func vocabularyOutput(
        _ table: Embedding, isTied: Bool, bias: String, key: String
    ) throws -> VocabularyOutput {
        if isTied { source.tie("\(path)\(key).weight") }
        source.tie("\(path)\(key).bias")
        let matrix = isTied ? table : try embedding(key, table.rows, table.columns)
        let bias = try source.parameter(
            [(path + bias, [table.rows])], initial: .constant(0), decays: false, alternative: "\(path)\(key).bias")
        return VocabularyOutput(table: matrix.table, bias: bias)
    }

    /// Whether the checkpoint has a tensor of this key; true when there is no checkpoint.
    public func has(_ key: String) -> Bool {
        source.has(path + key)
    }
}
