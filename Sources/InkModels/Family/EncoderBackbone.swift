import InkLayers
import InkTensor

/// A bidirectional Transformer encoder of any family.
public protocol EncoderBackbone: Sendable {
    /// The configuration it was made from.
    var config: any EncoderConfig { get }
    /// The table of token embeddings [V, E], which masked-language heads share.
    var wordEmbedding: Embedding { get }

    /// The last hidden states, [T, H].
    /// - Throws: `InputError` when an id, a token type or a length does not fit the model.
    func callAsFunction(_ input: EncoderInput, _ pass: Pass) throws -> Tensor
    /// The embeddings' output and the output of every layer, each [T, H].
    /// - Throws: as `callAsFunction`.
    func allHiddenStates(_ input: EncoderInput, _ pass: Pass) throws -> [Tensor]
    /// The last hidden states of some tokens, [rows, H]; work that serves no other row is left out.
    /// - Throws: as `callAsFunction`.
    func states(of rows: [Int32], _ input: EncoderInput, _ pass: Pass) throws -> Tensor
    /// The pooler's output for states of first tokens [B, H]; the states themselves when there is no pooler.
    func pooled(_ firstTokenStates: Tensor, _ pass: Pass) -> Tensor
}

extension EncoderBackbone {
    /// The last hidden state of each sequence's first token, [B, H].
    /// - Throws: as `callAsFunction`.
    public func firstTokenStates(_ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        try states(of: input.layout.firstRows, input, pass)
    }
}

/// Embeddings, a stack of layers, where the family has them a last LayerNorm and a pooler: what every family is made of.
public struct TransformerEncoder: EncoderBackbone {
    public let config: any EncoderConfig
    let embeddings: TokenEmbeddings
    let layers: [any EncoderLayer]
    /// After the last layer of a pre-norm stack.
    let finalNorm: LayerNorm?
    /// activation(W h₀ + b) of the first token.
    let pooler: Linear?

    init(
        _ config: any EncoderConfig, _ embeddings: TokenEmbeddings, _ layers: [any EncoderLayer],
        finalNorm: LayerNorm? = nil, pooler: Linear?
    ) {
        self.config = config
        self.embeddings = embeddings
        self.layers = layers
        self.finalNorm = finalNorm
        self.pooler = pooler
    }

    public var wordEmbedding: Embedding { embeddings.word }

    public func callAsFunction(_ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        try config.check(input)
        let states = layers.reduce(embeddings(input, pass)) { x, layer in layer(x, input.layout, pass, rows: nil) }
        return normed(states, pass)
    }

    public func allHiddenStates(_ input: EncoderInput, _ pass: Pass) throws -> [Tensor] {
        try config.check(input)
        var states = layers.reduce(into: [embeddings(input, pass)]) { states, layer in
            states.append(layer(states[states.count - 1], input.layout, pass, rows: nil))
        }
        states.append(normed(states.removeLast(), pass))
        return states
    }

    public func states(of rows: [Int32], _ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        try config.check(input)
        var x = embeddings(input, pass)
        for (index, layer) in layers.enumerated() {
            x = layer(x, input.layout, pass, rows: index == layers.count - 1 ? rows : nil)
        }
        return normed(layers.isEmpty ? pass.gatherRows(x, rows) : x, pass)
    }

    public func pooled(_ firstTokenStates: Tensor, _ pass: Pass) -> Tensor {
        pooler.map { $0(firstTokenStates, pass) } ?? firstTokenStates
    }

    private func normed(_ states: Tensor, _ pass: Pass) -> Tensor {
        finalNorm.map { $0(states, pass) } ?? states
    }
}
