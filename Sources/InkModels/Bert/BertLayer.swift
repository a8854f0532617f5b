import InkLayers
import InkTensor

/// One post-norm Transformer encoder layer (Devlin et al. 2019, §3). Key prefix: `encoder.layer.<n>`.
struct BertLayer: Sendable {
    let queryKeyValue: Linear
    let attentionOutput: Linear
    let attentionNorm: LayerNorm
    let feedForward: FeedForward
    let outputNorm: LayerNorm
    let attention: AttentionOptions
    let dropout: Float

    init(_ config: BertConfig, _ scope: ParameterScope) throws {
        let hidden = config.hiddenSize
        queryKeyValue = try scope.linear(
            stacking: ["attention.self.query", "attention.self.key", "attention.self.value"], hidden, hidden)
        attentionOutput = try scope.linear("attention.output.dense", hidden, hidden)
        attentionNorm = try scope.layerNorm("attention.output.LayerNorm", hidden, epsilon: config.layerNormEpsilon)
        feedForward = FeedForward(
            try scope.linear("intermediate.dense", hidden, config.intermediateSize, activation: config.activation),
            try scope.linear("output.dense", config.intermediateSize, hidden))
        outputNorm = try scope.layerNorm("output.LayerNorm", hidden, epsilon: config.layerNormEpsilon)
        attention = AttentionOptions(heads: config.headCount, dropout: config.attentionDropout)
        dropout = config.hiddenDropout
    }

    /// x: [T, H] → [T, H], or the given rows of it only. Attention sees all rows either way; the rest of the layer
    /// works row by row, so rows nobody reads need not be computed.
    func callAsFunction(_ x: Tensor, _ layout: SequenceLayout, _ pass: Pass, rows: [Int32]? = nil) -> Tensor {
        var x = x
        var context = pass.selfAttention(qkv: queryKeyValue(x, pass), layout: layout, options: attention)
        if let rows {
            x = pass.gatherRows(x, rows)
            context = pass.gatherRows(context, rows)
        }
        x = attentionNorm(attentionOutput(context, pass), adding: x, dropout: dropout, pass)
        return outputNorm(feedForward(x, pass), adding: x, dropout: dropout, pass)
    }
}
