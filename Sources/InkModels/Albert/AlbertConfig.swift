import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor

/// ALBERT (Lan et al. 2020): layers share their parameters, in one group or in several; the embedding tables are
/// narrower than the states.
public struct AlbertConfig: EncoderConfig, Equatable {
    public var shape: EncoderShape
    /// Columns of the embedding tables.
    public var embeddingSize: Int
    /// Sets of parameters that the layers share among them.
    public var groupCount: Int

    /// - Parameter shape: with `modelType` `albert`.
    public init(_ shape: EncoderShape, embeddingSize: Int, groupCount: Int = 1) {
        self.shape = shape
        self.embeddingSize = embeddingSize
        self.groupCount = groupCount
    }

    /// - Throws: `InputError` naming the field.
    init(_ file: ModelConfigFile) throws {
        try file.refuseMarksOfOtherFamilies(
            than: ModelFamily.albert.modelType, own: ["embedding_size", "num_hidden_groups"])
        shape = try EncoderShape(file, dropout: 0)
        shape.classifierDropout = try file.number("classifier_dropout_prob", default: 0.1, in: 0...0.99)
        embeddingSize = try file.size("embedding_size", upTo: 1 << 16)
        groupCount = file.has("num_hidden_groups") ? try file.size("num_hidden_groups", upTo: 1 << 10) : 1
        guard groupCount <= layerCount else {
            throw file.error(
                "num_hidden_groups", "more groups than layers", expected: "1 to \(layerCount)", found: "\(groupCount)")
        }
        guard try file.optional("inner_group_num", Int.self) ?? 1 == 1 else {
            throw file.error(
                "inner_group_num", "several layers within a group are not supported", expected: "1",
                found: "\(try file.value("inner_group_num", Int.self))")
        }
    }

    public var family: ModelFamily { .albert }
    public var poolerStyle: PoolerStyle? { .encoder("\(keyPrefix).pooler") }
    public var maskedLanguageStyle: MaskedLanguageStyle {
        MaskedLanguageStyle(
            scope: "predictions", dense: "dense", norm: "LayerNorm", activation: shape.activation, width: embeddingSize)
    }

    public var ownFields: JSONObject {
        var fields = JSONObject()
        fields["embedding_size"] = .number("\(embeddingSize)")
        fields["num_hidden_groups"] = .number("\(groupCount)")
        if let classifierDropout { fields["classifier_dropout_prob"] = .number("\(classifierDropout)") }
        return fields
    }

    public func makeEncoder(_ scope: ParameterScope, withPooler: Bool) throws -> any EncoderBackbone {
        let scope = scope.scope(keyPrefix)
        var embeddings = try TokenEmbeddings(shape, width: embeddingSize, scope.scope("embeddings"))
        embeddings.projection = try scope.linear("encoder.embedding_hidden_mapping_in", embeddingSize, hiddenSize)
        let groups = try (0..<groupCount).map { index in
            let layer = scope.scope("encoder.albert_layer_groups.\(index).albert_layers.0")
            return try PostNormLayer(
                shape, SelfAttention(shape, keys: .albert, layer), keys: .albert, outputDropout: 0, layer)
        }
        return TransformerEncoder(
            self, embeddings, (0..<layerCount).map { groups[$0 * groupCount / layerCount] },
            pooler: withPooler ? try scope.linear("pooler", hiddenSize, hiddenSize, activation: .tanh) : nil)
    }
}

extension ModelFamily {
    static let albert = ModelFamily(
        modelType: "albert", name: "ALBERT", className: "Albert",
        special: "all layers share their parameters; embeddings narrower than the states",
        examples: ["voidful/albert_chinese_tiny", "voidful/albert_chinese_base", "clue/albert_chinese_small"],
        marks: ["albert_layer_groups"], positionTable: .required, newFields: ["embedding_size": .number("128")],
        read: { try AlbertConfig($0) })
}
