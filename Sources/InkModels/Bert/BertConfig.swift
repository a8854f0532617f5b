import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor

/// BERT (Devlin et al. 2019), RoBERTa-wwm, MacBERT and Mengzi; with task types, ERNIE 1.0 to 3.0.
public struct BertConfig: EncoderConfig, Equatable {
    public var shape: EncoderShape
    /// Rows of ERNIE's task-type embedding; nil where there is none.
    public var taskTypeVocabularySize: Int?

    /// A configuration of the published defaults for what is not given; `intermediateSize` is then 4 H.
    public init(
        modelType: String = "bert", vocabularySize: Int, hiddenSize: Int, layerCount: Int, headCount: Int = 12,
        intermediateSize: Int? = nil, activation: Activation = .gelu, maxPositions: Int = 512,
        typeVocabularySize: Int = 2, taskTypeVocabularySize: Int? = nil, layerNormEpsilon: Float = 1e-12,
        hiddenDropout: Float = 0.1, attentionDropout: Float = 0.1, classifierDropout: Float? = nil,
        initializerRange: Float = 0.02, padTokenID: Int32 = 0
    ) {
        let shape = EncoderShape(
            modelType: modelType, vocabularySize: vocabularySize, hiddenSize: hiddenSize, layerCount: layerCount,
            headCount: headCount, intermediateSize: intermediateSize, activation: activation,
            positionCount: maxPositions, typeVocabularySize: typeVocabularySize, layerNormEpsilon: layerNormEpsilon,
            hiddenDropout: hiddenDropout, attentionDropout: attentionDropout, classifierDropout: classifierDropout,
            initializerRange: initializerRange, padTokenID: padTokenID)
        self.init(shape, taskTypeVocabularySize: taskTypeVocabularySize)
    }

    /// - Parameter shape: with `modelType` `bert` or `ernie`.
    public init(_ shape: EncoderShape, taskTypeVocabularySize: Int? = nil) {
        self.shape = shape
        self.taskTypeVocabularySize = taskTypeVocabularySize
    }

    /// - Throws: `InputError` naming the field.
    init(_ file: ModelConfigFile) throws {
        try file.refuseMarksOfOtherFamilies(than: file.value("model_type"))
        shape = try EncoderShape(file)
    }

    public var family: ModelFamily { taskTypeVocabularySize != nil || modelType == "ernie" ? .ernie : .bert }

    public var ownFields: JSONObject {
        var fields = JSONObject()
        fields["position_embedding_type"] = .string("absolute")
        if let taskTypeVocabularySize {
            fields["use_task_id"] = .bool(true)
            fields["task_type_vocab_size"] = .number("\(taskTypeVocabularySize)")
        }
        return fields
    }

    public func makeEncoder(_ scope: ParameterScope, withPooler: Bool) throws -> any EncoderBackbone {
        let scope = scope.scope(keyPrefix)
        return TransformerEncoder(
            self, try TokenEmbeddings(shape, taskTypes: taskTypeVocabularySize, scope.scope("embeddings")),
            try (0..<layerCount).map { index in
                let layer = scope.scope("encoder.layer.\(index)")
                return try PostNormLayer(shape, SelfAttention(shape, layer), layer)
            },
            pooler: withPooler ? try scope.linear("pooler.dense", hiddenSize, hiddenSize, activation: .tanh) : nil)
    }
}

extension ModelFamily {
    static let bert = ModelFamily(
        modelType: "bert", name: "BERT", className: "Bert",
        special: "the original: post-LayerNorm, absolute positions, pooler",
        examples: [
            "bert-base-chinese", "hfl/chinese-roberta-wwm-ext", "hfl/chinese-macbert-base", "Langboat/mengzi-bert-base",
        ],
        positionTable: .required, read: { try BertConfig($0) }, check: ErnieTaskTypes.check)
}
