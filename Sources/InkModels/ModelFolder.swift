import Foundation
import InkCheckpoint
import InkLayers
import InkSupport

/// A Hugging Face model folder: what its configuration says it is, and its weights.
public struct ModelFolder: Sendable {
    /// The folder.
    public let url: URL
    /// `config.json` as it stands.
    public let configFile: ModelConfigFile
    /// The encoder's shape, read from it.
    public let config: BertConfig
    /// The weights.
    public let checkpoint: Checkpoint

    /// Opens `config.json` and the weights' headers; no tensor is read yet.
    /// - Throws: `InputError` when a file is missing or malformed, or the architecture is not supported or contradicts
    ///   the weights.
    public init(contentsOf url: URL) throws {
        self.url = url
        configFile = try ModelConfigFile(contentsOf: url)
        config = try Self.configuration(configFile)
        checkpoint = try Checkpoint(contentsOf: url)
        try Self.checkMarks(of: checkpoint, against: config, configFile)
    }

    /// Chooses the architecture by `model_type`.
    static func configuration(_ file: ModelConfigFile) throws -> BertConfig {
        guard let modelType = try file.optional("model_type", String.self) else {
            throw file.error(
                "model_type", "is missing", expected: "\"bert\" or \"ernie\"",
                remedy: "add \"model_type\": \"bert\", or \"ernie\" where the weights are ERNIE's")
        }
        switch modelType {
        case "bert":
            return try BertConfig(family: "bert", file)
        case "ernie":
            return try BertConfig(ernie: file)
        default:
            throw file.error(
                "model_type", "architecture not supported", expected: "\"bert\" or \"ernie\"",
                found: "\"\(modelType)\"")
        }
    }

    /// Tensors that only another architecture has: loading the rest would give a model that is silently wrong.
    private static func checkMarks(
        of checkpoint: Checkpoint, against config: BertConfig, _ file: ModelConfigFile
    ) throws {
        let marks = [
            ("relative_positions_encoding", "NeZha", "nezha"), ("encoder.embed_positions", "RoFormer", "roformer"),
            ("attention.ln.", "MegatronBERT", "megatron-bert"), ("rel_embeddings", "DeBERTa", "deberta-v2"),
        ]
        for (mark, name, modelType) in marks {
            guard let entry = checkpoint.entries.first(where: { $0.key.contains(mark) }) else { continue }
            throw InputError(
                at: "\(file.path): model_type", "contradicts the weights, which are those of a \(name) model",
                expected: "\"\(modelType)\", because \(entry.file) has \(entry.originalKey)",
                found: "\"\(config.modelType)\"",
                remedy: "set \"model_type\": \"\(modelType)\" (not supported by this version yet)")
        }
        if config.taskTypeVocabularySize == nil,
            let entry = checkpoint.entries.first(where: { $0.key.hasSuffix("task_type_embeddings.weight") })
        {
            throw InputError(
                at: "\(file.path): use_task_id", "is absent or false, but the weights have a task-type embedding",
                expected: "true, because \(entry.file) has \(entry.originalKey)",
                remedy: "set \"model_type\": \"ernie\", \"use_task_id\": true and "
                    + "\"task_type_vocab_size\": \(entry.shape.rows)")
        }
    }

    /// The account of loading: which keys may be new is the caller's to say.
    public func parameterSource(
        use: ParameterSource.Use, allowedNew: [String] = [], seed: UInt64 = 0
    ) -> ParameterSource {
        ParameterSource(
            checkpoint, use: use, basePrefix: config.modelType, allowedNew: allowedNew,
            initializerRange: config.initializerRange, seed: seed)
    }
}
