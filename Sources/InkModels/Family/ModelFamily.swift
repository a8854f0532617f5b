import InkCheckpoint
import InkSupport

/// One encoder architecture: how it is recognised, read and spoken of. `ModelFolder` chooses among `all`.
public struct ModelFamily: Sendable {
    /// What is to be thought of `position_embeddings` among the weights.
    enum PositionTable: Sendable {
        case required, optional, foreign
    }

    /// `model_type` in `config.json`.
    public let modelType: String
    /// What people call it.
    public let name: String
    /// What transformers' class names begin with: `Bert` in `BertForSequenceClassification`.
    public let className: String
    /// What distinguishes it, a line.
    public let special: String
    /// Published Chinese models of this architecture.
    public let examples: [String]
    /// Parts of keys that occur in this family's weights and in no other's.
    let marks: [String]
    /// Whether the weights must have a position table.
    let positionTable: PositionTable
    /// Fields of `config.json` in which a new model of this family differs from a new BERT.
    let newFields: [String: JSONValue]
    /// Reads the configuration.
    let read: @Sendable (ModelConfigFile) throws -> any EncoderConfig
    /// Looks for further contradictions between configuration and weights.
    let check: @Sendable (Checkpoint, any EncoderConfig, ModelConfigFile) throws -> Void

    init(
        modelType: String, name: String, className: String, special: String, examples: [String], marks: [String] = [],
        positionTable: PositionTable = .optional, newFields: [String: JSONValue] = [:],
        read: @escaping @Sendable (ModelConfigFile) throws -> any EncoderConfig,
        check: @escaping @Sendable (Checkpoint, any EncoderConfig, ModelConfigFile) throws -> Void = { _, _, _ in }
    ) {
        self.modelType = modelType
        self.name = name
        self.className = className
        self.special = special
        self.examples = examples
        self.marks = marks
        self.positionTable = positionTable
        self.newFields = newFields
        self.read = read
        self.check = check
    }

    /// All architectures that can be opened.
    public static let all: [ModelFamily] = [
        .bert, .ernie, .nezha, .megatronBert, .roFormer, .roberta, .xlmRoberta, .albert, .debertaV2,
    ]

    /// transformers' class for a model of this family with a head, as `architectures` in `config.json` names it.
    public func architecture(_ head: HeadKind) -> String {
        switch head {
        case .sequenceClassification: "\(className)ForSequenceClassification"
        case .multipleChoice: "\(className)ForMultipleChoice"
        case .tokenClassification: "\(className)ForTokenClassification"
        case .questionAnswering: "\(className)ForQuestionAnswering"
        case .maskedLanguage: "\(className)ForMaskedLM"
        case .none: "\(className)Model"
        }
    }

    /// The configuration of a new model of this family, with BERT's published values for what `shape` does not say.
    /// - Throws: `InputError` naming the field of the shape that this family cannot have.
    public func newConfig(_ shape: EncoderShape) throws -> any EncoderConfig {
        var shape = shape
        shape.modelType = modelType
        var fields = shape.fields
        for (name, value) in newFields.sorted(by: { $0.key < $1.key }) { fields[name] = value }
        return try read(ModelConfigFile(fields, path: "\(name) model"))
    }

    /// The family that `config.json` names.
    /// - Throws: `InputError` when it names none, or one that is not known.
    static func named(by file: ModelConfigFile) throws -> ModelFamily {
        let known = all.map { "\"\($0.modelType)\"" }.joined(separator: ", ")
        guard let modelType = try file.optional("model_type", String.self) else {
            throw file.error(
                "model_type", "is missing", expected: "one of \(known)",
                remedy: "add \"model_type\": \"bert\", or another where the weights are of another architecture")
        }
        guard let family = all.first(where: { $0.modelType == modelType }) else {
            let close = CloseMatches.of(modelType, among: all.map(\.modelType))
            throw file.error(
                "model_type", "architecture not supported", expected: "one of \(known)", found: "\"\(modelType)\"",
                remedy: close.first.map { "if the weights are of that architecture, write \"\($0)\"" }
                    ?? "see `inkstone models` for what each architecture is")
        }
        return family
    }

    /// Tensors that only another architecture has, or the lack of one that this architecture must have: loading the
    /// rest would give a model that is silently wrong.
    /// - Throws: `InputError` that names the tensor and the family the weights belong to.
    func check(_ checkpoint: Checkpoint, for config: any EncoderConfig, _ file: ModelConfigFile) throws {
        func contradiction(_ other: ModelFamily, because reason: String) -> InputError {
            InputError(
                at: "\(file.path): model_type", "contradicts the weights, which are those of a \(other.name) model",
                expected: "\"\(other.modelType)\", because \(reason)", found: "\"\(modelType)\"",
                remedy: "set \"model_type\": \"\(other.modelType)\" and the fields of that architecture")
        }
        for other in Self.all where other.modelType != modelType {
            for mark in other.marks where !marks.contains(mark) {
                guard let entry = checkpoint.entries.first(where: { $0.key.contains(mark) }) else { continue }
                throw contradiction(other, because: "\(entry.file) has \(entry.originalKey)")
            }
        }
        let table = checkpoint.entries.first { $0.key.hasSuffix("position_embeddings.weight") }
        let isPreNorm = checkpoint.entries.contains { $0.key.contains("attention.ln.") }
        if positionTable == .foreign, let table {
            throw contradiction(
                isPreNorm ? .megatronBert : .bert, because: "\(table.file) has \(table.originalKey)")
        }
        if positionTable == .required, table == nil,
            let words = checkpoint.entries.first(where: { $0.key.hasSuffix("word_embeddings.weight") })
        {
            throw contradiction(
                isPreNorm ? .roFormer : .nezha,
                because: "\(words.file) has \(words.originalKey) but no position_embeddings")
        }
        try check(checkpoint, config, file)
    }
}
