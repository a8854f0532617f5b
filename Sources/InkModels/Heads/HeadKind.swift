import InkTensor

/// What stands on top of an encoder.
public enum HeadKind: String, Sendable, CaseIterable {
    case sequenceClassification
    /// One score for each of several texts that are compared.
    case multipleChoice
    case tokenClassification
    case questionAnswering
    case maskedLanguage
    /// The encoder alone.
    case none
}

/// How a family classifies a whole text; the keys are those of transformers' `…ForSequenceClassification`.
public enum ClassifierStyle: Sendable, Equatable {
    /// `classifier` on the encoder's own pooler (BERT).
    case encoderPooler
    /// `classifier.dense`, this activation and `classifier.out_proj` on the first token; no pooler (RoBERTa, RoFormer).
    case dense(Activation)
    /// `classifier` on a pooler that belongs to the head: `pooler.dense` with its own dropout (DeBERTa-v2).
    case headPooler(Activation, dropout: Float)

    /// Key of the layer that gives the logits.
    var outputKey: String {
        if case .dense = self { return "classifier.out_proj" }
        return "classifier"
    }
}

/// Where a family's pooler is, which makes one vector of the first token's state.
public enum PoolerStyle: Sendable, Equatable {
    /// In the encoder, under this key.
    case encoder(String)
    /// In the classification head, under this key, with this activation: only folders with that head have it.
    case head(String, Activation)

    /// Key of the layer.
    public var key: String {
        switch self {
        case .encoder(let key), .head(let key, _): key
        }
    }
}

/// How a family predicts masked tokens: activation(W x + b), LayerNorm, then the word embedding as the output matrix.
public struct MaskedLanguageStyle: Sendable, Equatable {
    /// Key prefix of everything below, and of what a new head may start at random.
    public var scope: String
    /// The layer from H to the width of the word embedding.
    public var dense: String
    public var norm: String
    public var activation: Activation
    /// Columns of the word embedding.
    public var width: Int
    /// Whether the architecture lets the output matrix be another than the word embedding.
    public var canBeUntied = true

    /// Name of the output layer within `scope`.
    static let decoder = "decoder"

    public init(scope: String, dense: String, norm: String, activation: Activation, width: Int) {
        self.scope = scope
        self.dense = dense
        self.norm = norm
        self.activation = activation
        self.width = width
    }

    /// Keys `cls.predictions.transform.{dense,LayerNorm}`, as BERT and most of its descendants have them.
    static func bert(_ shape: EncoderShape, width: Int? = nil) -> MaskedLanguageStyle {
        MaskedLanguageStyle(
            scope: "cls.predictions", dense: "transform.dense", norm: "transform.LayerNorm",
            activation: shape.activation, width: width ?? shape.hiddenSize)
    }
}
