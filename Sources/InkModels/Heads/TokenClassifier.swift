import InkLayers
import InkTensor

/// An encoder that gives each token scores for labels (`…ForTokenClassification`). Head key: `classifier`.
public struct TokenClassifier: Sendable {
    /// The encoder below the head.
    public let encoder: any EncoderBackbone
    /// Number of labels, the width of the logits.
    public let labelCount: Int
    private let classifier: Linear
    private let dropout: Float

    /// - Parameter headDropout: dropout before the classifier; nil for the configuration's, as transformers does.
    /// - Throws: `InputError` when the checkpoint lacks a tensor or has another shape.
    public init(
        _ config: any EncoderConfig, labelCount: Int, headDropout: Float? = nil, _ scope: ParameterScope
    ) throws {
        encoder = try config.makeEncoder(scope, withPooler: false)
        classifier = try scope.linear("classifier", config.hiddenSize, labelCount)
        dropout = headDropout ?? config.classifierDropout ?? config.hiddenDropout
        self.labelCount = labelCount
    }

    /// Logits [T, labels].
    /// - Throws: `InputError` when the input does not fit the model.
    public func callAsFunction(_ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        try classifier(pass.dropout(try encoder(input, pass), dropout), pass).checkedNumbers(pass)
    }
}
