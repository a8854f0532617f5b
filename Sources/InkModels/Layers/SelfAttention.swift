import InkLayers
import InkTensor

/// The part of a layer in which tokens see each other.
protocol AttentionPart: Sendable {
    /// The heads' outputs side by side, [T, H], for the states x [T, H]; the output projection is the layer's.
    func callAsFunction(_ x: Tensor, _ layout: SequenceLayout, _ pass: Pass) -> Tensor
}

/// Multi-head attention of a text to itself: one product for queries, keys and values, then the kernel.
struct SelfAttention: AttentionPart {
    let queryKeyValue: Linear
    let options: AttentionOptions

    /// - Parameters:
    ///   - positions: how scores and values depend on where tokens stand; nothing where the embeddings say it.
    ///   - scale: factor on the scores; 1/√D where nil.
    init(
        _ shape: EncoderShape, keys: LayerKeys = .bert, positions: AttentionPositions = .none, scale: Float? = nil,
        _ scope: ParameterScope
    ) throws {
        queryKeyValue = try scope.linear(
            stacking: [keys.query, keys.key, keys.value], shape.hiddenSize, shape.hiddenSize)
        options = AttentionOptions(
            heads: shape.headCount, scale: scale, dropout: shape.attentionDropout, positions: positions)
    }

    func callAsFunction(_ x: Tensor, _ layout: SequenceLayout, _ pass: Pass) -> Tensor {
        pass.selfAttention(qkv: queryKeyValue(x, pass), layout: layout, options: options)
    }
}
