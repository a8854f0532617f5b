import InkLayers
import InkSupport
import InkTensor

/// The BERT encoder with its pooler: BERT, RoBERTa-wwm, MacBERT, Mengzi and, with task types, ERNIE.
public struct BertModel: Sendable {
    /// The shape of the encoder.
    public let config: BertConfig
    let embeddings: BertEmbeddings
    let layers: [BertLayer]
    /// tanh(W h₀ + b) of the first token. Key: `pooler.dense`.
    let pooler: Linear?

    /// - Parameter withPooler: whether the pooler is wanted; masked-language-model files have none.
    /// - Throws: `InputError` when the checkpoint lacks a tensor or has another shape.
    public init(_ config: BertConfig, _ scope: ParameterScope, withPooler: Bool = true) throws {
        self.config = config
        let scope = scope.scope(config.keyPrefix)
        embeddings = try BertEmbeddings(config, scope.scope("embeddings"))
        layers = try (0..<config.layerCount).map { try BertLayer(config, scope.scope("encoder.layer.\($0)")) }
        pooler =
            withPooler
            ? try scope.linear("pooler.dense", config.hiddenSize, config.hiddenSize, activation: .tanh) : nil
    }

    /// The last hidden states, [T, H].
    /// - Throws: `InputError` when an id, a token type or a length does not fit the model.
    public func callAsFunction(_ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        try config.check(input)
        return layers.reduce(embeddings(input, pass)) { x, layer in layer(x, input.layout, pass) }
    }

    /// The embeddings' output and the output of every layer, each [T, H].
    /// - Throws: as `callAsFunction`.
    public func allHiddenStates(_ input: EncoderInput, _ pass: Pass) throws -> [Tensor] {
        try config.check(input)
        return layers.reduce(into: [embeddings(input, pass)]) { states, layer in
            states.append(layer(states[states.count - 1], input.layout, pass))
        }
    }

    /// The last hidden state of each sequence's first token, [B, H]; the last layer is computed for these rows only.
    /// - Throws: as `callAsFunction`.
    public func firstTokenStates(_ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        try config.check(input)
        let first = input.layout.firstRows
        var x = embeddings(input, pass)
        for (index, layer) in layers.enumerated() {
            x = layer(x, input.layout, pass, rows: index == layers.count - 1 ? first : nil)
        }
        return layers.isEmpty ? pass.gatherRows(x, first) : x
    }

    /// The pooler's output for states of first tokens [B, H]; the states themselves when there is no pooler.
    public func pooled(_ firstTokenStates: Tensor, _ pass: Pass) -> Tensor {
        pooler.map { $0(firstTokenStates, pass) } ?? firstTokenStates
    }
}
