import InkCheckpoint
import InkSupport
import InkTensor

extension EncoderShape {
    /// Reads the common fields. Sizes have no defaults: a missing one is an error.
    /// - Parameters:
    ///   - padTokenID: what an absent `pad_token_id` means in this family.
    ///   - dropout: what absent dropout probabilities mean.
    ///   - leastTypes: the smallest `type_vocab_size` it may have.
    /// - Throws: `InputError` naming the field.
    init(_ file: ModelConfigFile, padTokenID: Int32 = 0, dropout: Float = 0.1, leastTypes: Int = 1) throws {
        self.init(
            modelType: try file.value("model_type"), vocabularySize: try file.size("vocab_size", upTo: 1 << 24),
            hiddenSize: try file.size("hidden_size", upTo: 1 << 16),
            layerCount: try file.size("num_hidden_layers", upTo: 1 << 10),
            headCount: try file.size("num_attention_heads", upTo: 1 << 16),
            intermediateSize: try file.size("intermediate_size", upTo: 1 << 20),
            activation: try file.activation("hidden_act"),
            positionCount: try file.size("max_position_embeddings", upTo: 1 << 24),
            typeVocabularySize: try file.size("type_vocab_size", from: leastTypes, upTo: 1 << 16),
            layerNormEpsilon: try file.number("layer_norm_eps", default: 1e-12, in: 0...1),
            hiddenDropout: try file.number("hidden_dropout_prob", default: dropout, in: 0...0.99),
            attentionDropout: try file.number("attention_probs_dropout_prob", default: dropout, in: 0...0.99),
            classifierDropout: try file.optionalNumber("classifier_dropout", in: 0...0.99),
            initializerRange: try file.number("initializer_range", default: 0.02, in: 0...1),
            padTokenID: padTokenID)
        tiesWordEmbeddings = try file.optional("tie_word_embeddings", Bool.self) ?? true
        if let id = try file.optional("pad_token_id", Int.self) {
            guard (0..<vocabularySize).contains(id) else {
                throw file.error(
                    "pad_token_id", "outside the vocabulary", expected: "0..<\(vocabularySize)", found: "\(id)")
            }
            self.padTokenID = Int32(id)
        }
        guard hiddenSize % headCount == 0 else {
            throw file.error(
                "num_attention_heads", "does not divide hidden_size",
                expected: "a divisor of \(hiddenSize)", found: "\(headCount)")
        }
        guard try file.optional("is_decoder", Bool.self) != true else {
            throw file.error("is_decoder", "a decoder cannot be used as an encoder", expected: "false", found: "true")
        }
    }
}

extension ModelConfigFile {
    /// Refuses fields that mark the file as another family's, read as which the model would be silently wrong.
    /// - Parameter own: the marks that are this family's own.
    /// - Throws: `InputError` naming the field.
    func refuseMarksOfOtherFamilies(than modelType: String, own: Set<String> = []) throws {
        let marks = [
            ("max_relative_position", "NeZha", "nezha"), ("rotary_value", "RoFormer", "roformer"),
            ("position_buckets", "DeBERTa", "deberta-v2"), ("num_hidden_groups", "ALBERT", "albert"),
        ]
        for (field, name, otherType) in marks where has(field) && !own.contains(field) {
            throw error(
                field, "marks a \(name) model, but model_type says \"\(modelType)\"",
                remedy: "set \"model_type\": \"\(otherType)\"; read as \(modelType), the model would be silently wrong")
        }
        if !own.contains("use_relative_position"), try optional("use_relative_position", Bool.self) == true {
            throw error(
                "use_relative_position", "marks a NeZha model, but model_type says \"\(modelType)\"",
                remedy: "set \"model_type\": \"nezha\"; read as \(modelType), its positions would be lost")
        }
        if let kind = try optional("position_embedding_type", String.self), kind != "absolute" {
            throw error(
                "position_embedding_type", "is not supported for \(modelType)", expected: "\"absolute\"",
                found: "\"\(kind)\"")
        }
        let hidden = try value("hidden_size", Int.self)
        if !own.contains("embedding_size"), let size = try optional("embedding_size", Int.self), size != hidden {
            throw error(
                "embedding_size", "differs from hidden_size: no model of type \"\(modelType)\"",
                expected: "\(hidden)", found: "\(size)")
        }
    }

    /// A whole number, positive unless told otherwise. The limits are far above every model there is, and low enough
    /// that products of sizes (a model's parameters, bytes) cannot overflow.
    func size(_ field: String, from least: Int = 1, upTo limit: Int) throws -> Int {
        let value = try self.value(field, Int.self)
        guard (least...limit).contains(value) else {
            throw error(field, "size out of range", expected: "\(least) to \(limit)", found: "\(value)")
        }
        return value
    }

    /// A number in a range, nil where the field is absent.
    func optionalNumber(_ field: String, in range: ClosedRange<Double>) throws -> Float? {
        guard let value = try optional(field, Double.self) else { return nil }
        guard range.contains(value) else {
            throw error(
                field, "out of range", expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
        return Float(value)
    }

    /// A number in a range, with what transformers takes where the field is absent.
    func number(_ field: String, default fallback: Float, in range: ClosedRange<Double>) throws -> Float {
        try optionalNumber(field, in: range) ?? fallback
    }

    /// The name of an activation.
    func activation(_ field: String) throws -> Activation {
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
