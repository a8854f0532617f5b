import InkLayers
import InkSupport
import InkTensor

/// DeBERTa-v2 (He et al. 2021, and its second release), the architecture of Erlangshen-DeBERTa-v2.
public struct DebertaV2Config: EncoderConfig {
    /// A position term of the attention's scores; raw values as in `pos_att_type`.
    public enum Term: String, Sendable, CaseIterable {
        case positionToContent = "p2c"
        case contentToPosition = "c2p"
    }

    /// The positions in the attention (`relative_attention`).
    public struct Relative: Sendable, Equatable {
        /// `share_att_key`: relative keys and queries by the layer's own projections of tokens.
        public var sharesProjections: Bool
        /// `position_buckets`; nil where every distance has its own row.
        public var bucketCount: Int?
        /// `max_relative_positions`.
        public var limit: Int
        /// `norm_rel_ebd`: LayerNorm on the relative embeddings.
        public var normalizes: Bool

        /// The shape of the released models unless told otherwise.
        public init(
            sharesProjections: Bool = true, bucketCount: Int? = 256, limit: Int = 512, normalizes: Bool = true
        ) {
            self.sharesProjections = sharesProjections
            self.bucketCount = bucketCount
            self.limit = limit
            self.normalizes = normalizes
        }

        /// Rows of the relative table for tokens after a token; for tokens before it there are as many.
        var span: Int { bucketCount ?? limit }
    }

    /// The convolution beside the first layer (`conv_kernel_size`, `conv_groups`, `conv_act`).
    public struct Convolution: Sendable, Equatable {
        /// Tokens it sees; odd.
        public var width: Int
        public var groups: Int
        public var activation: Activation

        public init(width: Int = 3, groups: Int = 1, activation: Activation = .tanh) {
            self.width = width
            self.groups = groups
            self.activation = activation
        }
    }

    public var shape: EncoderShape
    /// `pos_att_type`. The scale of the scores, 1 / √(D (1 + terms)), counts them without `relative` too.
    public var terms: Set<Term>
    /// Nil where the attention sees no positions.
    public var relative: Relative?
    public var convolution: Convolution?
    /// `position_biased_input`: a position table in the embeddings.
    public var hasPositionTable: Bool
    /// Columns of the embedding tables; a projection leads to H where they differ.
    public var embeddingSize: Int
    /// `pooler_hidden_act`.
    public var poolerActivation: Activation
    /// `pooler_dropout`, before the pooler.
    public var poolerDropout: Float
    /// `legacy`: the masked-language head is `cls.predictions`; else `lm_predictions.lm_head`.
    public var hasLegacyHead: Bool

    /// The relative attention of the released models unless told otherwise.
    public init(
        _ shape: EncoderShape, terms: Set<Term> = [.contentToPosition, .positionToContent],
        relative: Relative? = Relative(), convolution: Convolution? = nil, hasPositionTable: Bool = false,
        embeddingSize: Int? = nil, poolerActivation: Activation = .gelu, poolerDropout: Float = 0,
        hasLegacyHead: Bool = true
    ) {
        self.shape = shape
        self.terms = terms
        self.relative = relative
        self.convolution = convolution
        self.hasPositionTable = hasPositionTable
        self.embeddingSize = embeddingSize ?? shape.hiddenSize
        self.poolerActivation = poolerActivation
        self.poolerDropout = poolerDropout
        self.hasLegacyHead = hasLegacyHead
    }

    public var family: ModelFamily { .debertaV2 }
    public var keyPrefix: String { "deberta" }
    public var classifierStyle: ClassifierStyle { .headPooler(poolerActivation, dropout: poolerDropout) }
    public var poolerStyle: PoolerStyle? { .head("pooler.dense", poolerActivation) }
    public var maskedLanguageStyle: MaskedLanguageStyle {
        guard !hasLegacyHead else { return .bert(shape, width: embeddingSize) }
        var style = MaskedLanguageStyle(
            scope: "lm_predictions.lm_head", dense: "dense", norm: "LayerNorm", activation: shape.activation,
            width: embeddingSize)
        style.canBeUntied = false
        return style
    }

    /// Factor on the attention's scores.
    var attentionScale: Float { 1 / Float(shape.headSize * (1 + terms.count)).squareRoot() }

    public func makeEncoder(_ scope: ParameterScope, withPooler: Bool) throws -> any EncoderBackbone {
        let scope = scope.scope(keyPrefix)
        let encoder = scope.scope("encoder")
        let keys = LayerKeys.deberta
        let shared = try (terms.isEmpty ? nil : relative).map { ($0, try RelativeEmbeddings(self, $0, encoder)) }
        var layers: [any EncoderLayer] = try (0..<shape.layerCount).map { index in
            let scope = encoder.scope("layer.\(index)")
            let attention: any AttentionPart =
                if let (settings, embeddings) = shared {
                    try DisentangledAttention(self, settings, embeddings, keys: keys, scope)
                } else {
                    try SelfAttention(shape, keys: keys, scale: attentionScale, scope)
                }
            return try PostNormLayer(shape, attention, keys: keys, scope)
        }
        if let convolution, let first = layers.first {
            layers[0] = try ConvolvedLayer(first, shape, convolution, encoder.scope("conv"))
        }
        let embeddings = scope.scope("embeddings")
        let projection =
            embeddingSize == shape.hiddenSize
            ? nil : try embeddings.linear("embed_proj", embeddingSize, shape.hiddenSize, bias: false)
        return TransformerEncoder(
            self,
            try TokenEmbeddings(
                shape, width: embeddingSize, positions: hasPositionTable ? .absolute : .none,
                innerProjection: projection, embeddings),
            layers, pooler: nil)
    }
}

extension LayerKeys {
    static let deberta = LayerKeys(
        query: "attention.self.query_proj", key: "attention.self.key_proj", value: "attention.self.value_proj")
}

extension ModelFamily {
    static let debertaV2 = ModelFamily(
        modelType: "deberta-v2", name: "DeBERTa-v2", className: "DebertaV2",
        special: "attention scores from content and from distance apart; distances in buckets; optional convolution",
        examples: [
            "IDEA-CCNL/Erlangshen-DeBERTa-v2-97M-Chinese", "IDEA-CCNL/Erlangshen-DeBERTa-v2-320M-Chinese",
        ],
        marks: ["rel_embeddings", "attention.self.query_proj"],
        // As the Erlangshen models have them.
        newFields: [
            "relative_attention": .bool(true), "pos_att_type": .string("c2p|p2c"), "share_att_key": .bool(true),
            "position_buckets": .number("256"), "max_relative_positions": .number("-1"),
            "norm_rel_ebd": .string("layer_norm"), "position_biased_input": .bool(false),
            "type_vocab_size": .number("0"), "conv_kernel_size": .number("3"), "conv_act": .string("gelu"),
            "layer_norm_eps": .number("1e-07"),
        ],
        read: { try DebertaV2Config($0) })
}
