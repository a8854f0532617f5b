import InkSupport
import InkTensor

/// The fields that the configurations of all encoder families have in common, as in `config.json`.
public struct EncoderShape: Sendable, Equatable {
    /// `model_type` in `config.json`.
    public var modelType: String
    /// Rows of the word embedding. The vocabulary may have fewer lines (ERNIE 1.0: 17,964 lines, 18,000 rows).
    public var vocabularySize: Int
    /// H, the width of a token's state.
    public var hiddenSize: Int
    /// `num_hidden_layers`.
    public var layerCount: Int
    /// `num_attention_heads`; divides `hiddenSize`.
    public var headCount: Int
    /// Width between the two layers of the feed-forward part.
    public var intermediateSize: Int
    /// `hidden_act`, between those two layers.
    public var activation: Activation
    /// `max_position_embeddings`: rows of the position embedding where there is one.
    public var positionCount: Int
    /// Rows of the token-type embedding; 0 where token types are ignored.
    public var typeVocabularySize: Int
    /// Added to the variance in every layer norm.
    public var layerNormEpsilon: Float
    /// Dropout of the embeddings and of each sublayer's output.
    public var hiddenDropout: Float
    /// Dropout of the attention's weights.
    public var attentionDropout: Float
    /// Dropout before a classification head; nil for `hiddenDropout`.
    public var classifierDropout: Float?
    /// Standard deviation of new weights.
    public var initializerRange: Float
    /// `pad_token_id`.
    public var padTokenID: Int32
    /// `tie_word_embeddings`: masked tokens are predicted with the word embedding as the output matrix.
    public var tiesWordEmbeddings = true

    /// A shape of the published defaults for what is not given; `intermediateSize` is then 4 H.
    public init(
        modelType: String, vocabularySize: Int, hiddenSize: Int, layerCount: Int, headCount: Int = 12,
        intermediateSize: Int? = nil, activation: Activation = .gelu, positionCount: Int = 512,
        typeVocabularySize: Int = 2, layerNormEpsilon: Float = 1e-12, hiddenDropout: Float = 0.1,
        attentionDropout: Float = 0.1, classifierDropout: Float? = nil, initializerRange: Float = 0.02,
        padTokenID: Int32 = 0
    ) {
        self.modelType = modelType
        self.vocabularySize = vocabularySize
        self.hiddenSize = hiddenSize
        self.layerCount = layerCount
        self.headCount = headCount
        self.intermediateSize = intermediateSize ?? 4 * hiddenSize
        self.activation = activation
        self.positionCount = positionCount
        self.typeVocabularySize = typeVocabularySize
        self.layerNormEpsilon = layerNormEpsilon
        self.hiddenDropout = hiddenDropout
        self.attentionDropout = attentionDropout
        self.classifierDropout = classifierDropout
        self.initializerRange = initializerRange
        self.padTokenID = padTokenID
    }

    /// D, the columns of one attention head.
    public var headSize: Int { hiddenSize / headCount }

    /// The fields as `config.json` has them.
    var fields: JSONObject {
        var fields = JSONObject()
        fields["model_type"] = .string(modelType)
        let numbers: [(String, any CustomStringConvertible)] = [
            ("vocab_size", vocabularySize), ("hidden_size", hiddenSize), ("num_hidden_layers", layerCount),
            ("num_attention_heads", headCount), ("intermediate_size", intermediateSize),
            ("max_position_embeddings", positionCount), ("type_vocab_size", typeVocabularySize),
            ("layer_norm_eps", layerNormEpsilon), ("hidden_dropout_prob", hiddenDropout),
            ("attention_probs_dropout_prob", attentionDropout), ("initializer_range", initializerRange),
            ("pad_token_id", padTokenID),
        ]
        for (name, value) in numbers { fields[name] = .number(value.description) }
        fields["hidden_act"] = .string(activation.rawValue)
        if !tiesWordEmbeddings { fields["tie_word_embeddings"] = .bool(false) }
        if let classifierDropout { fields["classifier_dropout"] = .number("\(classifierDropout)") }
        return fields
    }
}
