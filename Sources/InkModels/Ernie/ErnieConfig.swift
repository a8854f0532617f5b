import InkCheckpoint
import InkSupport

extension BertConfig {
    /// ERNIE 1.0, 2.0 and the released ERNIE 3.0 sizes: BERT's encoder, plus a task-type embedding when
    /// `use_task_id` says so (the first released 2.0 weights have none).
    /// - Throws: `InputError` naming the field.
    init(ernie file: ModelConfigFile) throws {
        try self.init(file)
        guard try file.optional("use_task_id", Bool.self) == true else { return }
        taskTypeVocabularySize = try file.size("task_type_vocab_size", upTo: 1 << 16)
    }
}

extension ModelFamily {
    static let ernie = ModelFamily(
        modelType: "ernie", name: "ERNIE", className: "Ernie",
        special: "BERT with knowledge masking; from 2.0 on a task-type embedding",
        examples: [
            "nghuyong/ernie-1.0-base-zh", "nghuyong/ernie-2.0-base-en", "nghuyong/ernie-3.0-nano-zh",
            "nghuyong/ernie-3.0-base-zh", "nghuyong/ernie-3.0-xbase-zh",
        ],
        positionTable: .required,
        newFields: [
            "use_task_id": .bool(true), "task_type_vocab_size": .number("3"), "type_vocab_size": .number("4"),
            "layer_norm_eps": .number("1e-05"),
        ],
        read: { try BertConfig(ernie: $0) }, check: ErnieTaskTypes.check)
}

/// ERNIE's task types, which a configuration made for BERT would leave out.
enum ErnieTaskTypes {
    /// - Throws: `InputError` when the weights have a task-type embedding that the configuration does not use.
    static func check(_ checkpoint: Checkpoint, _ config: any EncoderConfig, _ file: ModelConfigFile) throws {
        guard let config = config as? BertConfig, config.taskTypeVocabularySize == nil,
            let entry = checkpoint.entries.first(where: { $0.key.hasSuffix("task_type_embeddings.weight") })
        else { return }
        throw InputError(
            at: "\(file.path): use_task_id", "is absent or false, but the weights have a task-type embedding",
            expected: "true, because \(entry.file) has \(entry.originalKey)",
            remedy: "set \"model_type\": \"ernie\", \"use_task_id\": true and "
                + "\"task_type_vocab_size\": \(entry.shape.rows)")
    }
}
