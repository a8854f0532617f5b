import InkCheckpoint
import InkLayers
import InkSupport

/// What an encoder's configuration tells the rest of the system. Each family has its own struct.
public protocol EncoderConfig: Sendable {
    /// The fields that all families have.
    var shape: EncoderShape { get set }
    /// The registry's entry for the configuration's `model_type`.
    var family: ModelFamily { get }
    /// The family's own fields of `config.json`, beyond those of `shape`.
    var ownFields: JSONObject { get }
    /// Prefix of the encoder's keys in files that are written.
    var keyPrefix: String { get }
    /// The longest text in tokens.
    var maxPositions: Int { get }
    /// How a text is classified.
    var classifierStyle: ClassifierStyle { get }
    /// How a text gets one score among several.
    var choiceStyle: ClassifierStyle { get }
    /// How masked tokens are predicted.
    var maskedLanguageStyle: MaskedLanguageStyle { get }
    /// Where the vector of a whole text comes from; nil where the family has none.
    var poolerStyle: PoolerStyle? { get }
    /// Tables that are computed and that a file may hold as well.
    var computedTables: [ComputedTable] { get }
    /// The configuration with what only the weights tell.
    /// - Throws: `InputError` naming the field that contradicts them.
    func fitted(to checkpoint: Checkpoint, _ file: ModelConfigFile) throws -> Self
    /// Makes the encoder with the parameters of `scope`, a place above `keyPrefix`.
    /// - Parameter withPooler: whether the pooler is wanted, where the family has one.
    /// - Throws: `InputError` when the checkpoint lacks a tensor or has another shape.
    func makeEncoder(_ scope: ParameterScope, withPooler: Bool) throws -> any EncoderBackbone
}

extension EncoderConfig {
    public var ownFields: JSONObject { JSONObject() }
    public func fitted(to checkpoint: Checkpoint, _ file: ModelConfigFile) throws -> Self { self }
    public var keyPrefix: String { shape.modelType }
    public var maxPositions: Int { shape.positionCount }
    public var classifierStyle: ClassifierStyle { .encoderPooler }
    public var choiceStyle: ClassifierStyle { classifierStyle }
    public var maskedLanguageStyle: MaskedLanguageStyle { .bert(shape) }
    public var poolerStyle: PoolerStyle? { .encoder("\(keyPrefix).pooler.dense") }
    public var computedTables: [ComputedTable] { [.positionIDs] }

    /// `model_type` in `config.json`.
    public var modelType: String { shape.modelType }
    /// Rows of the word embedding.
    public var vocabularySize: Int {
        get { shape.vocabularySize }
        set { shape.vocabularySize = newValue }
    }
    /// `num_hidden_layers`.
    public var layerCount: Int {
        get { shape.layerCount }
        set { shape.layerCount = newValue }
    }
    /// H, the width of a token's state.
    public var hiddenSize: Int { shape.hiddenSize }
    /// `num_attention_heads`.
    public var headCount: Int { shape.headCount }
    /// Width inside the feed-forward part.
    public var intermediateSize: Int {
        get { shape.intermediateSize }
        set { shape.intermediateSize = newValue }
    }
    /// Rows of the token-type embedding; 0 where token types are ignored.
    public var typeVocabularySize: Int { shape.typeVocabularySize }
    /// Dropout of the embeddings and of each sublayer's output.
    public var hiddenDropout: Float { shape.hiddenDropout }
    /// Dropout of the attention's weights.
    public var attentionDropout: Float { shape.attentionDropout }
    /// Dropout before a classification head; nil for `hiddenDropout`.
    public var classifierDropout: Float? { shape.classifierDropout }
    /// Standard deviation of new weights.
    public var initializerRange: Float { shape.initializerRange }
    /// `pad_token_id`.
    public var padTokenID: Int32 {
        get { shape.padTokenID }
        set { shape.padTokenID = newValue }
    }

    /// Whether masked tokens are predicted with the word embedding as the output matrix.
    var tiesOutput: Bool { shape.tiesWordEmbeddings || !maskedLanguageStyle.canBeUntied }

    /// All fields as `config.json` has them; equal for equal configurations.
    public var fields: JSONObject {
        var fields = shape.fields
        for name in ownFields.names { fields[name] = ownFields[name] }
        return fields
    }

    /// Key prefixes that a new head of this kind may start at random: the head's own, and the encoder's pooler where
    /// the head stands on it.
    public func headKeys(_ head: HeadKind) -> [String] {
        switch head {
        case .sequenceClassification: headKeys(classifierStyle)
        case .multipleChoice: headKeys(choiceStyle)
        case .tokenClassification: ["classifier."]
        case .questionAnswering: ["qa_outputs."]
        case .maskedLanguage: ["\(maskedLanguageStyle.scope)."]
        case .none: []
        }
    }

    private func headKeys(_ style: ClassifierStyle) -> [String] {
        switch style {
        case .encoderPooler: ["classifier.", "\(keyPrefix).pooler."]
        case .dense: ["classifier."]
        case .headPooler: ["classifier.", "pooler."]
        }
    }

    /// The key of the weight whose rows are a head's outputs (classes, labels); nil where the head has no such weight.
    public func outputKey(_ head: HeadKind) -> String? {
        switch head {
        case .sequenceClassification: "\(classifierStyle.outputKey).weight"
        case .multipleChoice: "\(choiceStyle.outputKey).weight"
        case .tokenClassification: "classifier.weight"
        case .questionAnswering: "qa_outputs.weight"
        case .maskedLanguage, .none: nil
        }
    }

    /// Parameters for a new model of this shape, or one of no weights at all.
    public func parameterSource(use: ParameterSource.Use, seed: UInt64 = 0) -> ParameterSource {
        ParameterSource(
            nil, use: use, basePrefix: keyPrefix, initializerRange: shape.initializerRange, seed: seed)
    }

    /// Number of parameters of the model that `build` makes of a scope; nothing is allocated.
    /// - Throws: what `build` throws.
    public func parameterCount(_ build: (ParameterScope) throws -> Void) rethrows -> Int {
        let source = parameterSource(use: .counting)
        try build(ParameterScope(source))
        return source.parameters.reduce(0) { $0 + $1.count }
    }

    /// Number of parameters of the encoder with a sequence-classification head of `classCount` classes.
    public func parameterCount(classCount: Int) throws -> Int {
        try parameterCount { _ = try SequenceClassifier(self, classCount: classCount, $0) }
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
            if typeVocabularySize > 0,
                let type = input.tokenTypeIDs[rows].first(where: { $0 < 0 || Int($0) >= typeVocabularySize })
            {
                throw InputError(
                    at: "text \(sequence + 1)", "token type the model does not know",
                    expected: "0..<\(typeVocabularySize)", found: "\(type)")
            }
        }
    }
}
