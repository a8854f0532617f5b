import Foundation
import InkCheckpoint
import InkModels
import InkSupport
import InkTensor
import InkTestSupport
import Testing

@Suite struct ModelFolderTests {
    /// A change to a sound `config.json` and the field the error has to name.
    struct Case: Sendable, CustomTestStringConvertible {
        let field: String
        /// JSON text of the new value; nil removes the field.
        let value: String?
        var base = "bert-gelu"
        /// Where the message is about another field than the one changed.
        var named: String?
        var mentions = ""
        var testDescription: String { "\(field) = \(value ?? "absent")" }
    }

    static let otherArchitectures = [
        Case(field: "model_type", value: "\"gpt2\"", mentions: "not supported"),
        Case(field: "model_type", value: "\"BERT\"", mentions: "not supported"),
        Case(field: "model_type", value: nil, mentions: "add \"model_type\": \"bert\""),
        Case(field: "use_relative_position", value: "true", mentions: "NeZha"),
        Case(field: "max_relative_position", value: "64", mentions: "NeZha"),
        Case(field: "max_relative_position", value: "64", base: "ernie-1", mentions: "\"ernie\""),
        Case(field: "rotary_value", value: "false", mentions: "RoFormer"),
        Case(field: "position_embedding_type", value: "\"relative_key_query\"", mentions: "\"absolute\""),
        Case(field: "embedding_size", value: "16", mentions: "32"),
        Case(field: "is_decoder", value: "true", mentions: "decoder"),
    ]

    static let sizes = [
        "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
        "max_position_embeddings", "type_vocab_size",
    ]
    static let badSizes = sizes.flatMap { field in
        [nil, "0", "-1", "1e18", "1000000000000000000", "99999999999999999999", "12.5", "\"12\"", "true", "[12]"].map {
            Case(field: field, value: $0)
        }
    }

    static let badValues = [
        Case(field: "num_attention_heads", value: "5", mentions: "divide"),
        Case(field: "num_attention_heads", value: "64", mentions: "divide"),
        Case(field: "num_hidden_layers", value: "16000000"),
        Case(field: "hidden_act", value: nil), Case(field: "hidden_act", value: "\"gelu_magic\"", mentions: "gelu_new"),
        Case(field: "hidden_act", value: "\"identity\""), Case(field: "hidden_act", value: "3"),
        Case(field: "layer_norm_eps", value: "-1e-12"), Case(field: "layer_norm_eps", value: "1e400"),
        Case(field: "layer_norm_eps", value: "\"1e-12\""),
        Case(field: "hidden_dropout_prob", value: "1"), Case(field: "hidden_dropout_prob", value: "-0.1"),
        Case(field: "attention_probs_dropout_prob", value: "2"), Case(field: "classifier_dropout", value: "1.5"),
        Case(field: "initializer_range", value: "-0.02"),
        Case(field: "pad_token_id", value: "3000000000"), Case(field: "pad_token_id", value: "-1"),
        Case(field: "pad_token_id", value: "999999", mentions: "vocabulary"),
        Case(field: "use_relative_position", value: "\"yes\""), Case(field: "use_task_id", value: "1", base: "ernie-1"),
        Case(field: "task_type_vocab_size", value: nil, base: "ernie-task"),
        Case(field: "task_type_vocab_size", value: "0", base: "ernie-task"),
        Case(field: "task_type_vocab_size", value: "9000000000000000000", base: "ernie-task"),
        Case(field: "use_task_id", value: "false", base: "ernie-task", mentions: "task_type_embeddings.weight"),
        Case(
            field: "model_type", value: "\"bert\"", base: "ernie-task", named: "use_task_id",
            mentions: "\"use_task_id\": true"),
    ]

    @Test(arguments: otherArchitectures + badSizes + badValues)
    func refusesAndNamesFileAndField(example: Case) throws {
        try withChanged(example) { folder in
            let error = try #require(throws: InputError.self) { _ = try ModelFolder(contentsOf: folder) }
            #expect(error.location.hasSuffix("config.json: \(example.named ?? example.field)"), "\(error)")
            if !example.mentions.isEmpty { #expect(error.description.contains(example.mentions), "\(error)") }
        }
    }

    @Test(arguments: [
        Case(field: "layer_norm_eps", value: nil), Case(field: "pad_token_id", value: nil),
        Case(field: "pad_token_id", value: "null"), Case(field: "classifier_dropout", value: "0.3"),
        Case(field: "use_relative_position", value: "false"), Case(field: "embedding_size", value: "32"),
        Case(field: "max_relative_position", value: "null"), Case(field: "hidden_act", value: "\"swish\""),
        Case(field: "hidden_act", value: "\"gelu_pytorch_tanh\""), Case(field: "a_field_of_tomorrow", value: "{}"),
        Case(field: "position_embedding_type", value: nil), Case(field: "use_task_id", value: nil, base: "ernie-1"),
    ])
    func acceptsWhatMayBeAbsent(example: Case) throws {
        try withChanged(example) { _ = try ModelFolder(contentsOf: $0) }
    }

    @Test func readsEveryField() throws {
        let bert = try #require(ModelFolder(contentsOf: Fixture.url("bert-head13")).config as? BertConfig)
        #expect(
            bert
                == BertConfig(
                    vocabularySize: 135, hiddenSize: 39, layerCount: 2, headCount: 3, intermediateSize: 70,
                    maxPositions: 40))
        let ernie = try #require(ModelFolder(contentsOf: Fixture.url("ernie-task")).config as? BertConfig)
        #expect(
            ernie
                == BertConfig(
                    modelType: "ernie", vocabularySize: 133, hiddenSize: 32, layerCount: 2, headCount: 4,
                    intermediateSize: 64, maxPositions: 40, typeVocabularySize: 4, taskTypeVocabularySize: 3,
                    layerNormEpsilon: 1e-5))
        let first = try #require(ModelFolder(contentsOf: Fixture.url("ernie-1")).config as? BertConfig)
        #expect(first.shape.activation == .relu && first.taskTypeVocabularySize == nil && first.maxPositions == 33)
        #expect(try ModelFolder(contentsOf: Fixture.url("bert-gelu-new")).config.shape.activation == .geluTanh)

        try withChanged(Case(field: "classifier_dropout", value: "0.25")) { folder in
            let config = try ModelFolder(contentsOf: folder).config
            #expect(config.classifierDropout == 0.25)
        }
        try withChanged(Case(field: "layer_norm_eps", value: nil)) { folder in
            let config = try ModelFolder(contentsOf: folder).config
            #expect(config.shape.layerNormEpsilon == 1e-12)
        }
    }

    @Test(arguments: [
        ("bert.encoder.layer.0.attention.self.relative_positions_encoding.positions_encoding", "nezha"),
        ("bert.encoder.embed_positions.weight", "roformer"),
        ("bert.encoder.layer.0.attention.ln.weight", "megatron-bert"),
        ("bert.encoder.rel_embeddings.weight", "deberta-v2"),
    ])
    func weightsOfAnotherArchitecture(key: String, modelType: String) throws {
        let sound = try ModelFolder(contentsOf: Fixture.url("bert-gelu"))
        try withTemporaryFolder { folder in
            try FileManager.default.copyItem(
                at: sound.url.appending(path: "config.json"), to: folder.appending(path: "config.json"))
            let items = try sound.checkpoint.entries.map {
                SafetensorsWriter.Item($0.key, try sound.checkpoint.tensor($0.key))
            }
            try SafetensorsWriter.write(
                items + [.init(key, Tensor(repeating: 0, shape: [4, 4]))],
                to: folder.appending(path: "model.safetensors"))
            let error = try #require(throws: InputError.self) { _ = try ModelFolder(contentsOf: folder) }
            #expect(error.location.hasSuffix("config.json: model_type"))
            #expect(error.description.contains(key) && error.description.contains("\"\(modelType)\""), "\(error)")
        }
    }

    @Test func missingFilesAreNamed() throws {
        try withTemporaryFolder { folder in
            let noConfig = try #require(throws: InputError.self) { _ = try ModelFolder(contentsOf: folder) }
            #expect(
                noConfig.description.contains("config.json") && noConfig.description.contains(folder.lastPathComponent))
            try FileManager.default.copyItem(
                at: Fixture.url("bert-gelu/config.json"), to: folder.appending(path: "config.json"))
            let noWeights = try #require(throws: InputError.self) { _ = try ModelFolder(contentsOf: folder) }
            #expect(noWeights.problem.contains("no weights"))
            try Data("[1, 2]".utf8).write(to: folder.appending(path: "config.json"))
            let noObject = try #require(throws: InputError.self) { _ = try ModelFolder(contentsOf: folder) }
            #expect(noObject.location.hasSuffix("config.json"))
        }
    }

    /// A copy of a fixture's folder with one field of its configuration changed.
    private func withChanged(_ example: Case, _ body: (URL) throws -> Void) throws {
        let original = Fixture.url(example.base)
        try withTemporaryFolder { folder in
            var text = String(decoding: try Data(contentsOf: original.appending(path: "config.json")), as: UTF8.self)
            var lines = text.split(separator: "\n").filter { !$0.hasPrefix("  \"\(example.field)\":") }
            if let value = example.value { lines.insert("  \"\(example.field)\": \(value),", at: 1) }
            text = lines.joined(separator: "\n").replacing(",\n}", with: "\n}")
            try Data(text.utf8).write(to: folder.appending(path: "config.json"))
            try FileManager.default.copyItem(
                at: original.appending(path: "model.safetensors"), to: folder.appending(path: "model.safetensors"))
            try body(folder)
        }
    }
}
