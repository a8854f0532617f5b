import InkLayers
import InkTensor

/// An encoder with a linear layer on its pooled output (`BertForSequenceClassification`). Head key: `classifier`.
public struct SequenceClassifier: Sendable {
    /// The encoder below the head.
    public let encoder: BertModel
    let classifier: Linear
    let dropout: Float
    /// Number of classes, the width of the logits.
    public let classCount: Int

    /// - Parameter headDropout: dropout before the classifier; nil for the configuration's `classifier_dropout`, or
    ///   its `hidden_dropout_prob` where that is absent, as transformers does.
    /// - Throws: `InputError` when the checkpoint lacks a tensor or has another shape.
    public init(
        _ config: BertConfig, classCount: Int, headDropout: Float? = nil, _ scope: ParameterScope
    ) throws {
        encoder = try BertModel(config, scope)
        classifier = try scope.linear("classifier", config.hiddenSize, classCount)
        dropout = headDropout ?? config.classifierDropout ?? config.hiddenDropout
        self.classCount = classCount
    }

    /// Logits [B, classes].
    /// - Throws: `InputError` when the input does not fit the model.
    public func callAsFunction(_ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        let pooled = encoder.pooled(try encoder.firstTokenStates(input, pass), pass)
        return classifier(pass.dropout(pooled, dropout), pass)
    }
}
