import InkLayers
import InkTensor

/// An encoder that gives each text scores for classes (`…ForSequenceClassification`), in the style of its family.
public struct SequenceClassifier: Sendable {
    /// The encoder below the head.
    public let encoder: any EncoderBackbone
    /// Number of classes, the width of the logits.
    public let classCount: Int
    /// The head's own layer before the last; nil where the encoder's pooler serves.
    private let dense: Linear?
    private let output: Linear
    /// Dropout before `dense`.
    private let denseDropout: Float
    /// Dropout before `output`.
    private let dropout: Float

    /// - Parameter headDropout: dropout before the classifier; nil for the configuration's `classifier_dropout`, or
    ///   its `hidden_dropout_prob` where that is absent, as transformers does.
    /// - Throws: `InputError` when the checkpoint lacks a tensor or has another shape.
    public init(
        _ config: any EncoderConfig, classCount: Int, headDropout: Float? = nil, _ scope: ParameterScope
    ) throws {
        try self.init(config, config.classifierStyle, outputs: classCount, headDropout: headDropout, scope)
    }

    /// The same encoder with one score for a text, to be compared with those of others (`…ForMultipleChoice`).
    /// - Throws: as the other.
    public init(choiceOf config: any EncoderConfig, headDropout: Float? = nil, _ scope: ParameterScope) throws {
        try self.init(config, config.choiceStyle, outputs: 1, headDropout: headDropout, scope)
    }

    private init(
        _ config: any EncoderConfig, _ style: ClassifierStyle, outputs classCount: Int, headDropout: Float?,
        _ scope: ParameterScope
    ) throws {
        let hidden = config.hiddenSize
        dropout = headDropout ?? config.classifierDropout ?? config.hiddenDropout
        encoder = try config.makeEncoder(scope, withPooler: style == .encoderPooler)
        switch style {
        case .encoderPooler:
            dense = nil
            denseDropout = 0
        case .dense(let activation):
            dense = try scope.linear("classifier.dense", hidden, hidden, activation: activation)
            denseDropout = dropout
        case .headPooler(let activation, let poolerDropout):
            dense = try scope.linear("pooler.dense", hidden, hidden, activation: activation)
            denseDropout = poolerDropout
        }
        output = try scope.linear(style.outputKey, hidden, classCount)
        self.classCount = classCount
    }

    /// Logits [B, classes].
    /// - Throws: `InputError` when the input does not fit the model.
    public func callAsFunction(_ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        let first = try encoder.firstTokenStates(input, pass)
        let summary = dense.map { $0(pass.dropout(first, denseDropout), pass) } ?? encoder.pooled(first, pass)
        return try output(pass.dropout(summary, dropout), pass).checkedNumbers(pass)
    }
}
