import Foundation
import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor
import InkTestSupport
import Testing

@testable import InkModels

/// The registry, and configurations that would make another model of the same weights.
@Suite struct ModelFamilyTests {
    @Test func everyFamilyIsToldApart() {
        let types = ModelFamily.all.map(\.modelType)
        #expect(Set(types).count == types.count)
        for family in ModelFamily.all {
            #expect(!family.name.isEmpty && !family.special.isEmpty && !family.examples.isEmpty)
            #expect(family.architecture(.none) == family.className + "Model")
        }
    }

    /// A new model of each family has BERT's shape where nothing says otherwise, and runs.
    @Test func newModels() throws {
        let shape = EncoderShape(
            modelType: "bert", vocabularySize: 150, hiddenSize: 24, layerCount: 2, headCount: 3)
        for family in ModelFamily.all {
            let config = try family.newConfig(shape)
            #expect(config.modelType == family.modelType && config.family.modelType == family.modelType)
            #expect(config.maxPositions == 512 && config.layerCount == 2 && config.hiddenSize == 24)
            let source = config.parameterSource(use: .training, seed: 1)
            let model = try SequenceClassifier(config, classCount: 4, ParameterScope(source))
            let input = EncoderInput([[3, 4, 5], [6, 149]])
            let pass = Pass.training(seed: 1, step: 0)
            let loss = pass.crossEntropy(try model(input, pass), labels: [1, 3]).loss
            pass.backward(from: loss)
            #expect(loss.isFinite && source.parameters.allSatisfy { $0.tensor.gradient?.isFinite == true })
            #expect(try config.parameterCount(classCount: 4) == source.parameters.reduce(0) { $0 + $1.count })
        }
    }

    @Test(arguments: ModelFixture.names)
    func configurationsAreWrittenAsTheyAreRead(name: String) throws {
        let config = try ModelFolder(contentsOf: Fixture.url(name)).config
        try withFolder(of: name, config.fields) { folder in
            let again = try ModelFolder(contentsOf: folder)
            #expect(again.config.fields == config.fields)
            #expect(again.config.family.modelType == config.family.modelType)
            // Every field that is written says what the original file says, where that has it.
            let original = try ModelConfigFile(contentsOf: Fixture.url(name)).fields
            for field in config.fields.names {
                guard let wanted = original[field] else { continue }
                if case .number(let text) = wanted, case .number(let written)? = config.fields[field] {
                    expectClose([try #require(Double(written))], [try #require(Double(text))], tolerance: 1e-7, field)
                } else {
                    #expect(config.fields[field] == wanted, "\(field)")
                }
            }
        }
    }

    struct Confusion: Sendable, CustomTestStringConvertible {
        let fixture: String
        /// Fields that are set, null removes.
        let fields: [String: JSONValue?]
        let named: String
        let mentions: String
        var testDescription: String { "\(fixture) with \(fields.keys.sorted().joined(separator: ", "))" }
    }

    static let confusions = [
        // Saved without buffers, NeZha's weights show themselves only by what they lack.
        Confusion(
            fixture: "nezha", fields: ["model_type": .string("bert"), "max_relative_position": nil],
            named: "model_type", mentions: "\"nezha\", because model.safetensors has nezha.embeddings"),
        Confusion(
            fixture: "nezha", fields: ["model_type": .string("bert")], named: "max_relative_position",
            mentions: "\"model_type\": \"nezha\""),
        Confusion(
            fixture: "nezha", fields: ["use_relative_position": .bool(false)], named: "use_relative_position",
            mentions: "NeZha"),
        Confusion(
            fixture: "nezha", fields: ["num_attention_heads": .number("2")], named: "num_attention_heads",
            mentions: "odd"),
        Confusion(
            fixture: "nezha", fields: ["max_relative_position": .number("-4")], named: "max_relative_position",
            mentions: "1 to"),
        Confusion(
            fixture: "bert-gelu", fields: ["model_type": .string("nezha")], named: "model_type",
            mentions: "bert.embeddings.position_embeddings.weight"),
        Confusion(
            fixture: "bert-gelu",
            fields: ["model_type": .string("bert"), "use_relative_position": .bool(true)],
            named: "use_relative_position", mentions: "\"model_type\": \"nezha\""),
        Confusion(
            fixture: "megatron", fields: ["model_type": .string("bert")], named: "model_type",
            mentions: "\"megatron-bert\""),
        Confusion(
            fixture: "roberta", fields: ["model_type": .string("bert")], named: "model_type", mentions: "\"roberta\""),
        Confusion(
            fixture: "roberta", fields: ["pad_token_id": .number("60")], named: "max_position_embeddings",
            mentions: "more than 61"),
        Confusion(
            fixture: "albert", fields: ["model_type": .string("bert"), "num_hidden_groups": nil],
            named: "embedding_size", mentions: "32"),
        Confusion(
            fixture: "albert",
            fields: ["model_type": .string("bert"), "num_hidden_groups": nil, "embedding_size": nil],
            named: "model_type", mentions: "\"albert\""),
        Confusion(
            fixture: "albert", fields: ["num_hidden_groups": .number("5")], named: "num_hidden_groups",
            mentions: "1 to 4"),
        Confusion(
            fixture: "albert", fields: ["inner_group_num": .number("2")], named: "inner_group_num", mentions: "1"),
        Confusion(
            fixture: "albert", fields: ["embedding_size": nil], named: "embedding_size", mentions: "missing"),
        Confusion(
            fixture: "albert", fields: ["classifier_dropout_prob": .number("2")], named: "classifier_dropout_prob",
            mentions: "0.99"),
    ]

    @Test(arguments: confusions)
    func refusesWhatWouldBeSilentlyWrong(example: Confusion) throws {
        var fields = try ModelConfigFile(contentsOf: Fixture.url(example.fixture)).fields
        for (name, value) in example.fields { fields[name] = value }
        try withFolder(of: example.fixture, fields) { folder in
            let error = try #require(throws: InputError.self) { _ = try ModelFolder(contentsOf: folder) }
            #expect(error.location.hasSuffix("config.json: \(example.named)"), "\(error)")
            #expect(error.description.contains(example.mentions), "\(error)")
            #expect(!error.description.contains("not supported by this version"))
        }
    }

    @Test func whatIsAbsentMeansWhatTransformersTakesItFor() throws {
        func config(_ fixture: String, without absent: [String]) throws -> any EncoderConfig {
            var fields = try ModelConfigFile(contentsOf: Fixture.url(fixture)).fields
            for name in absent { fields[name] = nil }
            var config: (any EncoderConfig)?
            try withFolder(of: fixture, fields) { config = try ModelFolder(contentsOf: $0).config }
            return try #require(config)
        }
        let dropouts = ["hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout_prob"]
        let albert = try config("albert", without: dropouts)
        #expect(albert.hiddenDropout == 0 && albert.attentionDropout == 0 && albert.classifierDropout == 0.1)
        let megatron = try config("megatron", without: dropouts)
        #expect(megatron.hiddenDropout == 0.1 && megatron.attentionDropout == 0.1)
        #expect(try config("roberta", without: ["pad_token_id"]).padTokenID == 1)
        #expect(try config("roberta", without: []).maxPositions == 38)
        let nezha = try #require(try config("nezha", without: ["max_relative_position"]) as? NezhaConfig)
        #expect(nezha.maxRelativePosition == 64)
    }

    /// The sizes of the released ERNIE 3.0 models: layers, hidden size, heads, feed-forward size, task types, and the
    /// parameters that transformers counts for the encoder with its pooler.
    @Test(arguments: [
        ("nano", 4, 312, 12, 1248, 16, 17_912_232), ("micro", 4, 384, 12, 1536, 16, 23_400_576),
        ("mini", 6, 384, 12, 1536, 16, 26_949_504), ("medium", 6, 768, 12, 3072, 16, 75_427_584),
        ("base", 12, 768, 12, 3072, 3, 117_944_832), ("xbase", 20, 1024, 16, 4096, 16, 296_053_760),
    ])
    func ernie3(name: String, layers: Int, hidden: Int, heads: Int, inner: Int, tasks: Int, parameters: Int) throws {
        var fields = JSONObject()
        fields["model_type"] = .string("ernie")
        fields["hidden_act"] = .string("gelu")
        fields["use_task_id"] = .bool(true)
        let numbers = [
            ("vocab_size", 40_000), ("hidden_size", hidden), ("num_hidden_layers", layers),
            ("num_attention_heads", heads), ("intermediate_size", inner), ("max_position_embeddings", 2048),
            ("type_vocab_size", 4), ("task_type_vocab_size", tasks),
        ]
        for (field, value) in numbers { fields[field] = .number("\(value)") }
        let config = try ModelFamily.ernie.read(ModelConfigFile(fields, path: "config.json"))
        #expect(config.maxPositions == 2048 && config.typeVocabularySize == 4)
        let count = try config.parameterCount { _ = try config.makeEncoder($0, withPooler: true) }
        #expect(count == parameters)
    }

    /// The weights of a fixture beside another configuration.
    private func withFolder(of fixture: String, _ fields: JSONObject, _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let file = ModelConfigFile(fields, path: ModelConfigFile.fileName)
            try Data(file.text.utf8).write(to: folder.appending(path: ModelConfigFile.fileName))
            try FileManager.default.copyItem(
                at: Fixture.url("\(fixture)/model.safetensors"), to: folder.appending(path: "model.safetensors"))
            try body(folder)
        }
    }
}
