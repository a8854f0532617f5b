import InkLayers
import InkTensor

/// DeBERTa's first layer with the convolution beside it: LayerNorm(layer(x) + activation(dropout(convolution(x)))).
/// Keys: `encoder.conv.{conv,LayerNorm}`.
struct ConvolvedLayer: EncoderLayer {
    private let layer: any EncoderLayer
    private let convolution: Convolution
    private let norm: LayerNorm
    private let activation: Activation
    private let dropout: Float

    init(
        _ layer: any EncoderLayer, _ shape: EncoderShape, _ convolution: DebertaV2Config.Convolution,
        _ scope: ParameterScope
    ) throws {
        self.layer = layer
        self.convolution = try scope.convolution(
            "conv", shape.hiddenSize, shape.hiddenSize, width: convolution.width, groups: convolution.groups)
        norm = try scope.layerNorm("LayerNorm", shape.hiddenSize, epsilon: shape.layerNormEpsilon)
        activation = convolution.activation
        dropout = shape.hiddenDropout
    }

    func callAsFunction(_ x: Tensor, _ layout: SequenceLayout, _ pass: Pass, rows: [Int32]?) -> Tensor {
        let states = layer(x, layout, pass, rows: rows)
        let whole = convolution(x, layout, pass)
        let convolved = rows.map { pass.gatherRows(whole, $0) } ?? whole
        return norm(pass.activate(pass.dropout(convolved, dropout), activation), adding: states, dropout: 0, pass)
    }
}
