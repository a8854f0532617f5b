import InkLayers
import InkTensor

/// One layer of an encoder.
protocol EncoderLayer: Sendable {
    /// x: [T, H] → [T, H], or the given rows of it only. Attention sees all rows either way; the rest of the layer
    /// works row by row, so rows nobody reads need not be computed.
    func callAsFunction(_ x: Tensor, _ layout: SequenceLayout, _ pass: Pass, rows: [Int32]?) -> Tensor
}

extension FeedForward {
    init(_ shape: EncoderShape, keys: LayerKeys, _ scope: ParameterScope) throws {
        self.init(
            try scope.linear(keys.inner, shape.hiddenSize, shape.intermediateSize, activation: shape.activation),
            try scope.linear(keys.outer, shape.intermediateSize, shape.hiddenSize))
    }
}

/// x ← LayerNorm(x + Attention(x)); x ← LayerNorm(x + FFN(x)) (Vaswani et al. 2017; Devlin et al. 2019).
struct PostNormLayer: EncoderLayer {
    let attention: any AttentionPart
    let attentionOutput: Linear
    let attentionNorm: LayerNorm
    let feedForward: FeedForward
    let outputNorm: LayerNorm
    let dropout: Float
    let outputDropout: Float

    /// - Parameter outputDropout: dropout of the feed-forward part's output; the hidden dropout where nil.
    init(
        _ shape: EncoderShape, _ attention: any AttentionPart, keys: LayerKeys = .bert, outputDropout: Float? = nil,
        _ scope: ParameterScope
    ) throws {
        self.attention = attention
        attentionOutput = try scope.linear(keys.attentionOutput, shape.hiddenSize, shape.hiddenSize)
        attentionNorm = try scope.layerNorm(keys.attentionNorm, shape.hiddenSize, epsilon: shape.layerNormEpsilon)
        feedForward = try FeedForward(shape, keys: keys, scope)
        outputNorm = try scope.layerNorm(keys.outputNorm, shape.hiddenSize, epsilon: shape.layerNormEpsilon)
        dropout = shape.hiddenDropout
        self.outputDropout = outputDropout ?? shape.hiddenDropout
    }

    func callAsFunction(_ x: Tensor, _ layout: SequenceLayout, _ pass: Pass, rows: [Int32]?) -> Tensor {
        var x = x
        var context = attention(x, layout, pass)
        if let rows {
            x = pass.gatherRows(x, rows)
            context = pass.gatherRows(context, rows)
        }
        x = attentionNorm(attentionOutput(context, pass), adding: x, dropout: dropout, pass)
        return outputNorm(feedForward(x, pass), adding: x, dropout: outputDropout, pass)
    }
}

/// x ← x + Attention(LayerNorm(x)); x ← x + FFN(LayerNorm(x)) (Shoeybi et al. 2019, §5.3). The stack ends in a LayerNorm.
struct PreNormLayer: EncoderLayer {
    let attentionNorm: LayerNorm
    let attention: any AttentionPart
    let attentionOutput: Linear
    let outputNorm: LayerNorm
    let feedForward: FeedForward
    let dropout: Float

    init(
        _ shape: EncoderShape, _ attention: any AttentionPart, keys: LayerKeys = .megatron, _ scope: ParameterScope
    ) throws {
        attentionNorm = try scope.layerNorm(keys.attentionNorm, shape.hiddenSize, epsilon: shape.layerNormEpsilon)
        self.attention = attention
        attentionOutput = try scope.linear(keys.attentionOutput, shape.hiddenSize, shape.hiddenSize)
        outputNorm = try scope.layerNorm(keys.outputNorm, shape.hiddenSize, epsilon: shape.layerNormEpsilon)
        feedForward = try FeedForward(shape, keys: keys, scope)
        dropout = shape.hiddenDropout
    }

    func callAsFunction(_ x: Tensor, _ layout: SequenceLayout, _ pass: Pass, rows: [Int32]?) -> Tensor {
        var x = x
        var context = attention(attentionNorm(x, pass), layout, pass)
        if let rows {
            x = pass.gatherRows(x, rows)
            context = pass.gatherRows(context, rows)
        }
        x = pass.add(x, pass.dropout(attentionOutput(context, pass), dropout))
        return pass.add(x, pass.dropout(feedForward(outputNorm(x, pass), pass), dropout))
    }
}
