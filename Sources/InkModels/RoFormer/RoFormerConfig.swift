import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor

/// RoFormer (Su et al. 2021): no position table, queries and keys are turned by their position instead.
public struct RoFormerConfig: EncoderConfig {
    /// What the layers are; `config.json` does not say, the weights do.
    public enum Form: Sendable {
        /// transformers' form and that of the first release: BERT's layers, no pooler.
        case postNorm
        /// That of the Zhouwenwang models: MegatronBERT's layers under the prefix `bert.`, with a pooler. They read a
        /// pair as one text, `a[SEP]b`; in pre-training a token type of 1 began a part that is written word by word,
        /// so here every token has type 0, whatever the input says.
        case preNorm
    }

    public var shape: EncoderShape
    public var form: Form
    /// Columns of the embedding tables; a projection leads to H where they differ.
    public var embeddingSize: Int
    /// `rotary_value`: values are turned too.
    public var rotatesValues: Bool

    /// - Parameter embeddingSize: H where nil; the pre-norm form knows no other.
    public init(
        _ shape: EncoderShape, form: Form = .postNorm, embeddingSize: Int? = nil, rotatesValues: Bool = false
    ) {
        self.shape = shape
        self.form = form
        self.embeddingSize = embeddingSize ?? shape.hiddenSize
        self.rotatesValues = rotatesValues
    }

    /// - Throws: `InputError` naming the field.
    init(_ file: ModelConfigFile) throws {
        try file.refuseMarksOfOtherFamilies(than: "roformer", own: ["rotary_value", "embedding_size"])
        self.init(
            try EncoderShape(file),
            embeddingSize: file.has("embedding_size") ? try file.size("embedding_size", upTo: 1 << 16) : nil,
            rotatesValues: try file.optional("rotary_value") ?? false)
        guard shape.headSize % 2 == 0 else {
            throw file.error(
                "num_attention_heads", "gives heads of an odd number of columns, which cannot be turned in pairs",
                expected: "a divisor of \(shape.hiddenSize) whose quotient is even", found: "\(shape.headCount)")
        }
        // The table of angles is made for all of them.
        _ = try file.size("max_position_embeddings", upTo: 1 << 17)
    }

    public var family: ModelFamily { .roFormer }
    public var keyPrefix: String { form == .postNorm ? shape.modelType : "bert" }
    public var classifierStyle: ClassifierStyle { form == .postNorm ? .dense(shape.activation) : .encoderPooler }
    public var poolerStyle: PoolerStyle? { form == .postNorm ? nil : .encoder("\(keyPrefix).pooler.dense") }
    public var computedTables: [ComputedTable] { [.positionIDs, .sinesThenCosines] }
    public var maskedLanguageStyle: MaskedLanguageStyle { .bert(shape, width: embeddingSize) }

    public var ownFields: JSONObject {
        var fields = JSONObject()
        fields["embedding_size"] = .number("\(embeddingSize)")
        fields["rotary_value"] = .bool(rotatesValues)
        return fields
    }

    /// The form that the weights show. The pre-norm form has neither a projection nor turned values.
    /// - Throws: `InputError` naming the field that contradicts the weights.
    public func fitted(to checkpoint: Checkpoint, _ file: ModelConfigFile) throws -> RoFormerConfig {
        guard let mark = checkpoint.entries.first(where: { $0.key.contains("attention.ln.") }) else { return self }
        func contradiction(_ field: String, expected: String, found: String) -> InputError {
            file.error(
                field, "contradicts the weights, which are those of a Zhouwenwang model",
                expected: "\(expected), because \(mark.file) has \(mark.originalKey)", found: found)
        }
        guard embeddingSize == shape.hiddenSize else {
            throw contradiction("embedding_size", expected: "\(shape.hiddenSize)", found: "\(embeddingSize)")
        }
        guard !rotatesValues else { throw contradiction("rotary_value", expected: "false", found: "true") }
        var config = self
        config.form = .preNorm
        return config
    }

    public func makeEncoder(_ scope: ParameterScope, withPooler: Bool) throws -> any EncoderBackbone {
        let scope = scope.scope(keyPrefix)
        let positions = AttentionPositions.rotary(
            RotaryTable(headSize: shape.headSize, positions: maxPositions, rotatesValues: rotatesValues))
        let layers: [any EncoderLayer] = try (0..<shape.layerCount).map { index in
            let scope = scope.scope("encoder.layer.\(index)")
            let attention = try SelfAttention(shape, positions: positions, scope)
            return form == .postNorm
                ? try PostNormLayer(shape, attention, scope) : try PreNormLayer(shape, attention, scope)
        }
        switch form {
        case .postNorm:
            var embeddings = try TokenEmbeddings(
                shape, width: embeddingSize, positions: .none, scope.scope("embeddings"))
            if embeddingSize != shape.hiddenSize {
                embeddings.projection = try scope.linear("embeddings_project", embeddingSize, shape.hiddenSize)
            }
            return TransformerEncoder(self, embeddings, layers, pooler: nil)
        case .preNorm:
            let embeddings = try TokenEmbeddings(
                shape, positions: .none, separatesTypes: false, normalizes: false, scope.scope("embeddings"))
            return TransformerEncoder(
                self, embeddings, layers,
                finalNorm: try scope.layerNorm("encoder.ln", shape.hiddenSize, epsilon: shape.layerNormEpsilon),
                pooler: withPooler
                    ? try scope.linear("pooler.dense", shape.hiddenSize, shape.hiddenSize, activation: .tanh) : nil)
        }
    }
}

extension ModelFamily {
    /// RoFormer in transformers' form and in that of the Zhouwenwang models.
    static let roFormer = ModelFamily(
        modelType: "roformer", name: "RoFormer", className: "RoFormer",
        special: "rotary positions in the attention instead of a table; embeddings may be narrower than the states",
        examples: ["junnyu/roformer_chinese_base", "IDEA-CCNL/Zhouwenwang-Unified-110M"],
        // The pre-norm form shares its LayerNorms' names with MegatronBERT.
        marks: ["encoder.embed_positions", "rope_emb.div_term", "attention.ln."],
        positionTable: .foreign, read: { try RoFormerConfig($0) })
}
