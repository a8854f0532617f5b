import InkCheckpoint
import InkSupport
import InkTensor

extension BertConfig {
    /// Reads the fields of a `config.json` of the BERT family. Sizes have no defaults: a missing one is an error.
    /// - Throws: `InputError` naming the field.
    init(family modelType: String, _ file: ModelConfigFile) throws {
        try Self.rejectOtherArchitectures(file, modelType: modelType)
        self.init(
            modelType: modelType, vocabularySize: try file.size("vocab_size", upTo: 1 << 24),
            hiddenSize: try file.size("hidden_size", upTo: 1 << 16),
            layerCount: try file.size("num_hidden_layers", upTo: 1 << 10),
            headCount: try file.size("num_attention_heads", upTo: 1 << 16),
            intermediateSize: try file.size("intermediate_size", upTo: 1 << 20),
            activation: try file.activation("hidden_act"),
            maxPositions: try file.size("max_position_embeddings", upTo: 1 << 24),
            typeVocabularySize: try file.size("type_vocab_size", upTo: 1 << 16),
            layerNormEpsilon: try file.number("layer_norm_eps", default: 1e-12, in: 0...1),
            hiddenDropout: try file.number("hidden_dropout_prob", default: 0.1, in: 0...0.99),
            attentionDropout: try file.number("attention_probs_dropout_prob", default: 0.1, in: 0...0.99),
            classifierDropout: try file.optionalNumber("classifier_dropout", in: 0...0.99),
            initializerRange: try file.number("initializer_range", default: 0.02, in: 0...1),
            padTokenID: 0)
        if let id = try file.optional("pad_token_id", Int.self) {
            guard (0..<vocabularySize).contains(id) else {
                throw file.error(
                    "pad_token_id", "outside the vocabulary", expected: "0..<\(vocabularySize)", found: "\(id)")
            }
            padTokenID = Int32(id)
        }
        guard hiddenSize % headCount == 0 else {
            throw file.error(
                "num_attention_heads", "does not divide hidden_size",
                expected: "a divisor of \(hiddenSize)", found: "\(headCount)")
        }
    }

    /// Refuses fields that say the file describes another architecture than plain BERT.
    /// - Throws: `InputError` naming the field.
    private static func rejectOtherArchitectures(_ file: ModelConfigFile, modelType: String) throws {
        if try file.optional("use_relative_position", Bool.self) == true || file.has("max_relative_position") {
            throw file.error(
                file.has("max_relative_position") ? "max_relative_position" : "use_relative_position",
                "marks a NeZha model, but model_type says \"\(modelType)\"",
                remedy: "set \"model_type\": \"nezha\"; read as \(modelType), its positions would be lost")
        }
        if file.has("rotary_value") {
            throw file.error(
                "rotary_value", "marks a RoFormer model, but model_type says \"\(modelType)\"",
                remedy: "set \"model_type\": \"roformer\"")
        }
        if let kind = try file.optional("position_embedding_type", String.self), kind != "absolute" {
            throw file.error(
                "position_embedding_type", "is not supported for \(modelType)", expected: "\"absolute\"",
                found: "\"\(kind)\"")
        }
        let hidden = try file.value("hidden_size", Int.self)
        if let size = try file.optional("embedding_size", Int.self), size != hidden {
            throw file.error(
                "embedding_size", "differs from hidden_size: no model of type \"\(modelType)\"",
                expected: "\(hidden)", found: "\(size)")
        }
        if try file.optional("is_decoder", Bool.self) == true {
            throw file.error("is_decoder", "a decoder cannot be used as an encoder", expected: "false", found: "true")
        }
    }
}

extension ModelConfigFile {
    /// A positive whole number. The limits are far above every model there is, and low enough that products of sizes
    /// (a model's parameters, bytes) cannot overflow.
    func size(_ field: String, upTo limit: Int) throws -> Int {
        let value = try self.value(field, Int.self)
        guard (1...limit).contains(value) else {
            throw error(field, "size out of range", expected: "1 to \(limit)", found: "\(value)")
        }
        return value
    }

    fileprivate func optionalNumber(_ field: String, in range: ClosedRange<Double>) throws -> Float? {
        guard let value = try optional(field, Double.self) else { return nil }
        guard range.contains(value) else {
            throw error(
                field, "out of range", expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
        return Float(value)
    }

    fileprivate func number(_ field: String, default fallback: Float, in range: ClosedRange<Double>) throws -> Float {
        try optionalNumber(field, in: range) ?? fallback
    }

    fileprivate func activation(_ field: String) throws -> Activation {
        let name = try value(field, String.self)
        // transformers has two more names for the same functions.
        let aliases = ["gelu_pytorch_tanh": Activation.geluTanh, "swish": .silu]
        if let activation = Activation(rawValue: name) ?? aliases[name], activation != .identity { return activation }
        throw error(
            field, "unknown activation",
            expected: Activation.allCases.filter { $0 != .identity }.map(\.rawValue).joined(separator: ", "),
            found: "\"\(name)\"")
    }
}
