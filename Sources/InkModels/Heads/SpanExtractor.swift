import InkLayers
import InkTensor

/// An encoder that scores each token as the first and as the last of an answer (`…ForQuestionAnswering`). Head key:
/// `qa_outputs`.
public struct SpanExtractor: Sendable {
    /// The encoder below the head.
    public let encoder: any EncoderBackbone
    private let output: Linear

    /// - Throws: `InputError` when the checkpoint lacks a tensor or has another shape.
    public init(_ config: any EncoderConfig, _ scope: ParameterScope) throws {
        encoder = try config.makeEncoder(scope, withPooler: false)
        output = try scope.linear("qa_outputs", config.hiddenSize, 2)
    }

    /// Logits [T, 2]: column 0 for the answer's first token, column 1 for its last.
    /// - Throws: `InputError` when the input does not fit the model.
    public func callAsFunction(_ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        try output(try encoder(input, pass), pass).checkedNumbers(pass)
    }
}
