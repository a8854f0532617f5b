import InkCheckpoint

extension BertConfig {
    /// ERNIE 1.0, 2.0 and the released ERNIE 3.0 sizes: BERT's encoder, plus a task-type embedding when
    /// `use_task_id` says so (the first released 2.0 weights have none).
    /// - Throws: `InputError` naming the field.
    init(ernie file: ModelConfigFile) throws {
        try self.init(family: "ernie", file)
        guard try file.optional("use_task_id", Bool.self) == true else { return }
        taskTypeVocabularySize = try file.size("task_type_vocab_size", upTo: 1 << 16)
    }
}
