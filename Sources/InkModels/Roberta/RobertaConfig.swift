import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor

/// RoBERTa (Liu et al. 2019) and XLM-R (Conneau et al. 2020): BERT's layers; positions are counted from the row after
/// the padding id, there is one token type, and the classification head has a layer of its own instead of the pooler.
public struct RobertaConfig: EncoderConfig, Equatable {
    public var shape: EncoderShape

    /// - Parameter shape: with `modelType` `roberta` or `xlm-roberta`; `positionCount` counts the rows before the first
    ///   position as well.
    public init(_ shape: EncoderShape) {
        self.shape = shape
    }

    /// - Throws: `InputError` naming the field.
    init(_ file: ModelConfigFile) throws {
        try file.refuseMarksOfOtherFamilies(than: file.value("model_type"))
        shape = try EncoderShape(file, padTokenID: 1)
        guard maxPositions > 0 else {
            throw file.error(
                "max_position_embeddings", "leaves no position: the first rows belong to padding",
                expected: "more than \(firstPosition)", found: "\(shape.positionCount)")
        }
    }

    public var family: ModelFamily { modelType == ModelFamily.xlmRoberta.modelType ? .xlmRoberta : .roberta }
    public var keyPrefix: String { "roberta" }
    /// The row of the position table that a text's first token has.
    private var firstPosition: Int { Int(shape.padTokenID) + 1 }
    public var maxPositions: Int { shape.positionCount - firstPosition }
    public var classifierStyle: ClassifierStyle { .dense(.tanh) }
    public var choiceStyle: ClassifierStyle { .encoderPooler }
    public var maskedLanguageStyle: MaskedLanguageStyle {
        MaskedLanguageStyle(
            scope: "lm_head", dense: "dense", norm: "layer_norm", activation: .gelu, width: hiddenSize)
    }

    public func makeEncoder(_ scope: ParameterScope, withPooler: Bool) throws -> any EncoderBackbone {
        let scope = scope.scope(keyPrefix)
        return TransformerEncoder(
            self,
            try TokenEmbeddings(shape, positions: .afterPadding(shape.padTokenID), scope.scope("embeddings")),
            try (0..<layerCount).map { index in
                let layer = scope.scope("encoder.layer.\(index)")
                return try PostNormLayer(shape, SelfAttention(shape, layer), layer)
            },
            pooler: withPooler ? try scope.linear("pooler.dense", hiddenSize, hiddenSize, activation: .tanh) : nil)
    }
}

extension ModelFamily {
    /// The padding id is 1, so the first position is row 2.
    private static let newRoberta: [String: JSONValue] = [
        "pad_token_id": .number("1"), "max_position_embeddings": .number("514"), "type_vocab_size": .number("1"),
    ]

    static let roberta = ModelFamily(
        modelType: "roberta", name: "RoBERTa", className: "Roberta",
        special: "positions start after the padding id, one token type; not the Chinese RoBERTa-wwm, which is a BERT",
        examples: ["roberta-base"], marks: ["roberta.embeddings."], positionTable: .required, newFields: newRoberta,
        read: { try RobertaConfig($0) })
    static let xlmRoberta = ModelFamily(
        modelType: "xlm-roberta", name: "XLM-R", className: "XLMRoberta",
        special: "RoBERTa in a hundred languages, with a SentencePiece vocabulary of 250,000",
        examples: ["xlm-roberta-base", "xlm-roberta-large"], marks: ["roberta.embeddings."],
        positionTable: .required, newFields: newRoberta, read: { try RobertaConfig($0) })
}
