import InkLayers
import InkTensor

/// An encoder that predicts the token at any place (`…ForMaskedLM`); its output matrix is the word embedding, or one of
/// its own where the configuration says `tie_word_embeddings: false`.
public struct MaskedLanguageModel: Sendable {
    /// The encoder below the head.
    public let encoder: any EncoderBackbone
    private let dense: Linear
    private let norm: LayerNorm
    private let decoder: VocabularyOutput

    /// - Throws: `InputError` when the checkpoint lacks a tensor or has another shape.
    public init(_ config: any EncoderConfig, _ scope: ParameterScope) throws {
        let style = config.maskedLanguageStyle
        encoder = try config.makeEncoder(scope, withPooler: false)
        let head = scope.scope(style.scope)
        dense = try head.linear(style.dense, config.hiddenSize, style.width, activation: style.activation)
        norm = try head.layerNorm(style.norm, style.width, epsilon: config.shape.layerNormEpsilon)
        decoder = try head.vocabularyOutput(
            encoder.wordEmbedding, isTied: config.tiesOutput, bias: "bias", key: MaskedLanguageStyle.decoder)
    }

    /// Logits [rows, V] for some of the T tokens, in the order given.
    /// - Throws: `InputError` when the input does not fit the model.
    public func callAsFunction(_ input: EncoderInput, rows: [Int32], _ pass: Pass) throws -> Tensor {
        try decoder(norm(dense(try encoder.states(of: rows, input, pass), pass), pass), pass).checkedNumbers(pass)
    }
}
