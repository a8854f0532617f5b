import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor

/// MegatronBERT (Shoeybi et al. 2019, §5.3), the architecture of the Erlangshen models: LayerNorm before each part of a
/// layer instead of after it, none over the embeddings, and a last one over the stack. Its keys begin with `bert.`.
public struct MegatronBertConfig: EncoderConfig, Equatable {
    public var shape: EncoderShape

    /// - Parameter shape: with `modelType` `megatron-bert`.
    public init(_ shape: EncoderShape) {
        self.shape = shape
    }

    /// - Throws: `InputError` naming the field.
    init(_ file: ModelConfigFile) throws {
        try file.refuseMarksOfOtherFamilies(than: ModelFamily.megatronBert.modelType)
        shape = try EncoderShape(file)
    }

    public var family: ModelFamily { .megatronBert }
    public var keyPrefix: String { "bert" }

    public func makeEncoder(_ scope: ParameterScope, withPooler: Bool) throws -> any EncoderBackbone {
        let scope = scope.scope(keyPrefix)
        return TransformerEncoder(
            self, try TokenEmbeddings(shape, normalizes: false, scope.scope("embeddings")),
            try (0..<layerCount).map { index in
                let layer = scope.scope("encoder.layer.\(index)")
                return try PreNormLayer(shape, SelfAttention(shape, layer), layer)
            },
            finalNorm: try scope.layerNorm("encoder.ln", hiddenSize, epsilon: shape.layerNormEpsilon),
            pooler: withPooler ? try scope.linear("pooler.dense", hiddenSize, hiddenSize, activation: .tanh) : nil)
    }
}

extension ModelFamily {
    static let megatronBert = ModelFamily(
        modelType: "megatron-bert", name: "MegatronBERT", className: "MegatronBert",
        special: "LayerNorm before each part of a layer and after the stack, none over the embeddings",
        examples: ["IDEA-CCNL/Erlangshen-MegatronBert-1.3B", "IDEA-CCNL/Erlangshen-MegatronBert-3.9B-Chinese"],
        marks: ["attention.ln."], positionTable: .required, read: { try MegatronBertConfig($0) })
}
