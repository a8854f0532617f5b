import InkSupport
import InkTensor

/// The shape of a BERT-like encoder, as in `config.json`.
public struct BertConfig: Sendable, Equatable {
    /// `model_type` in `config.json`: `bert` or `ernie`; also the prefix of the encoder's keys.
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
    /// Rows of the position embedding: the longest text in tokens.
    public var maxPositions: Int
    /// Rows of the token-type embedding.
    public var typeVocabularySize: Int
    /// Rows of ERNIE's task-type embedding; nil where there is none.
    public var taskTypeVocabularySize: Int?
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

    /// A configuration of the published defaults for what is not given; `intermediateSize` is then 4 H.
    public init(
        modelType: String = "bert", vocabularySize: Int, hiddenSize: Int, layerCount: Int, headCount: Int = 12,
        intermediateSize: Int? = nil, activation: Activation = .gelu, maxPositions: Int = 512,
        typeVocabularySize: Int = 2, taskTypeVocabularySize: Int? = nil, layerNormEpsilon: Float = 1e-12,
        hiddenDropout: Float = 0.1, attentionDropout: Float = 0.1, classifierDropout: Float? = nil,
        initializerRange: Float = 0.02, padTokenID: Int32 = 0
    ) {
        self.modelType = modelType
        self.vocabularySize = vocabularySize
        self.hiddenSize = hiddenSize
        self.layerCount = layerCount
        self.headCount = headCount
        self.intermediateSize = intermediateSize ?? 4 * hiddenSize
        self.activation = activation
        self.maxPositions = maxPositions
        self.typeVocabularySize = typeVocabularySize
        self.taskTypeVocabularySize = taskTypeVocabularySize
        self.layerNormEpsilon = layerNormEpsilon
        self.hiddenDropout = hiddenDropout
        self.attentionDropout = attentionDropout
        self.classifierDropout = classifierDropout
        self.initializerRange = initializerRange
        self.padTokenID = padTokenID
    }

    var keyPrefix: String { modelType }

    /// Number of parameters of the encoder with its pooler and a classification head of `classCount` classes.
    public func parameterCount(classCount: Int) -> Int {
        let tables = vocabularySize + maxPositions + typeVocabularySize + (taskTypeVocabularySize ?? 0)
        let norm = 2 * hiddenSize
        func linear(_ inputs: Int, _ outputs: Int) -> Int { (inputs + 1) * outputs }
        let layer =
            4 * linear(hiddenSize, hiddenSize) + linear(hiddenSize, intermediateSize)
            + linear(intermediateSize, hiddenSize) + 2 * norm
        return tables * hiddenSize + norm + layerCount * layer + linear(hiddenSize, hiddenSize)
            + linear(hiddenSize, classCount)
    }

    /// - Throws: `InputError` naming the sequence whose length, ids or token types do not fit.
    func check(_ input: EncoderInput) throws {
        for sequence in 0..<input.layout.count {
            let rows = input.layout.rows(of: sequence)
            guard rows.count <= maxPositions else {
                throw InputError(
                    at: "text \(sequence + 1)", "more tokens than the model has positions",
                    expected: "at most \(maxPositions)", found: "\(rows.count)", remedy: "truncate with --max-length")
            }
            guard !rows.isEmpty else {
                throw InputError(at: "text \(sequence + 1)", "no tokens", expected: "at least one token id")
            }
            if let id = input.ids[rows].first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
                throw InputError(
                    at: "text \(sequence + 1)", "token id outside the model's vocabulary",
                    expected: "0..<\(vocabularySize)", found: "\(id)",
                    remedy: "use the vocabulary that came with the model")
            }
            if let type = input.tokenTypeIDs[rows].first(where: { $0 < 0 || Int($0) >= typeVocabularySize }) {
                throw InputError(
                    at: "text \(sequence + 1)", "token type the model does not know",
                    expected: "0..<\(typeVocabularySize)", found: "\(type)")
            }
        }
    }
}
