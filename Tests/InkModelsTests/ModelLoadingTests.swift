import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkTestSupport
import Testing

@Suite struct ModelLoadingTests {
    /// A trained model's parameters as a weight file would have them, under keys of the caller's choice.
    private func write(
        _ parameters: [Parameter], to url: URL, key rename: (String) -> String? = { $0 }
    ) throws {
        let items = parameters.flatMap { parameter in
            parameter.pieces.compactMap { piece in
                rename(piece.key).map { SafetensorsWriter.Item($0, parameter.value(of: piece)) }
            }
        }
        try SafetensorsWriter.write(items, to: url)
    }

    /// Writes a fixture's parameters under other keys, and gives the config and what was written.
    private func withRenamed(
        _ name: String, _ rename: (String) -> String?, _ body: (ModelFixture, Checkpoint) throws -> Void
    ) throws {
        let fixture = try ModelFixture(name)
        let (_, parameters) = try fixture.classifier(.training)
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "model.safetensors")
            try write(parameters, to: url, key: rename)
            try body(fixture, try Checkpoint(contentsOf: url))
        }
    }

    private func source(
        _ checkpoint: Checkpoint, _ config: any EncoderConfig, use: ParameterSource.Use = .training,
        allowedNew: [String] = []
    ) -> ParameterSource {
        ParameterSource(
            checkpoint, use: use, basePrefix: config.keyPrefix, allowedNew: allowedNew, initializerRange: 0.02,
            seed: 1)
    }

    @Test(arguments: ["bert-head13"] + ModelFixture.withHeads.dropFirst())
    func writingAndReadingBackIsExact(name: String) throws {
        let fixture = try ModelFixture(name)
        let (_, parameters) = try fixture.classifier(.training)
        for parameter in parameters { parameter.tensor.assign(.random(parameter.tensor.shape, seed: 5)) }
        try withTemporaryFolder { folder in
            try FileManager.default.copyItem(
                at: fixture.folder.url.appending(path: "config.json"), to: folder.appending(path: "config.json"))
            try write(parameters, to: folder.appending(path: "model.safetensors"))

            let opened = try ModelFolder(contentsOf: folder)
            #expect(opened.config.fields == fixture.folder.config.fields)
            // A table that is computed is not written.
            let wanted = fixture.folder.checkpoint.entries.map(\.key).filter { !$0.hasSuffix("embed_positions.weight") }
            #expect(Set(opened.checkpoint.entries.map(\.key)) == Set(wanted))
            let source = opened.parameterSource(use: .training)
            _ = try SequenceClassifier(opened.config, classCount: 5, ParameterScope(source))
            #expect(source.parameters.count == parameters.count)
            for (loaded, written) in zip(source.parameters, parameters) {
                #expect(loaded.pieces == written.pieces)
                #expect(loaded.tensor.values == written.tensor.values, "\(written.pieces[0].key)")
            }
        }
    }

    @Test func trainingDoesNotTouchTheFile() throws {
        let fixture = try ModelFixture("bert-gelu")
        let (_, parameters) = try fixture.classifier(.training)
        for parameter in parameters { parameter.tensor.assign(Tensor(repeating: 7, shape: parameter.tensor.shape)) }
        let key = "bert.embeddings.word_embeddings.weight"
        #expect(try fixture.folder.checkpoint.tensor(key).values.allSatisfy { $0 != 7 })
    }

    @Test(arguments: [
        ("bert-gelu", "", "embeddings"), ("ernie-task", "", "embeddings"), ("bert-gelu", "module.bert.", "module"),
        ("ernie-1", "bert.", "bert"), ("bert-relu", "ernie.", "ernie"),
    ])
    func anyPrefixOfTheEncoderIsFound(name: String, prefix: String, first: String) throws {
        let wrapper = prefix.hasPrefix("module.") ? "module." : ""
        let rename: (String) -> String = { key in
            guard !key.hasPrefix("classifier") else { return wrapper + key }
            return prefix + key.drop { $0 != "." }.dropFirst()
        }
        try withRenamed(name, rename) { fixture, checkpoint in
            #expect(checkpoint.entries.contains { $0.originalKey.hasPrefix(first + ".") })
            let source = source(checkpoint, fixture.folder.config)
            let model = try SequenceClassifier(fixture.folder.config, classCount: 5, ParameterScope(source))
            expectClose(
                try model(fixture.batch, .inference()), try fixture.tensors.tensor("logits"), tolerance: 5e-6)
            let account = source.account()
            #expect(account.new.isEmpty && account.unexpected.isEmpty && account.ignored.isEmpty)
            #expect(account.loaded.count == checkpoint.entries.count)
        }
    }

    @Test func gammaAndBetaAreWeightAndBias() throws {
        let rename: (String) -> String = { key in
            key.replacing("LayerNorm.weight", with: "LayerNorm.gamma").replacing(
                "LayerNorm.bias", with: "LayerNorm.beta")
        }
        try withRenamed("ernie-1", rename) { fixture, checkpoint in
            #expect(checkpoint.entries.count { $0.originalKey.hasSuffix(".gamma") } == 5)
            let source = source(checkpoint, fixture.folder.config, use: .inference)
            let model = try SequenceClassifier(fixture.folder.config, classCount: 5, ParameterScope(source))
            expectClose(
                try model(fixture.batch, .inference()), try fixture.tensors.tensor("logits"), tolerance: 5e-6)
        }
    }

    /// Every form in which one small BERT was published gives the same model: exactly, or as near as 16 bits come.
    @Test(arguments: [
        ("legacy-f32", 0), ("legacy-gamma-beta", 0), ("zip-f32", 0), ("zip-early", 0), ("zip-no-prefix", 0),
        ("zip-protocol4", 0), ("zip-sharded", 0), ("safetensors-sharded", 0), ("safetensors-f16", 0.02),
        ("zip-f16", 0.02), ("legacy-f16", 0.02), ("safetensors-bf16", 0.1), ("zip-bf16", 0.1),
    ])
    func formsOfOneCheckpointGiveOneModel(form: String, tolerance: Double) throws {
        let fixtures = Fixture.folder().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "InkCheckpointTests/Fixtures")
        func states(_ form: String) throws -> Tensor {
            let folder = try ModelFolder(contentsOf: fixtures.appending(path: form))
            let source = folder.parameterSource(use: .inference, allowedNew: ["bert.pooler."])
            let model = try folder.config.makeEncoder(ParameterScope(source), withPooler: false)
            #expect(source.account().new.isEmpty)
            return try model(EncoderInput([[1, 5, 9, 2], [1, 39, 2]]), .inference())
        }
        expectClose(try states(form), try states("safetensors-f32"), tolerance: tolerance, form)
    }

    @Test func missingPoolerIsAnErrorUnlessItMayBeNew() throws {
        let withoutPooler: (String) -> String? = { $0.contains("pooler") || $0.hasPrefix("classifier") ? nil : $0 }
        try withRenamed("bert-gelu", withoutPooler) { fixture, checkpoint in
            let config = fixture.folder.config
            let error = try #require(throws: InputError.self) {
                _ = try config.makeEncoder(ParameterScope(source(checkpoint, config)), withPooler: true)
            }
            #expect(error.location == checkpoint.location)
            #expect(error.problem.contains("bert.pooler.dense.weight"))

            let bare = source(checkpoint, config)
            #expect(!ParameterScope(bare).has("bert.pooler.dense.weight"))
            #expect(ParameterScope(bare).scope("bert").has("embeddings.LayerNorm.bias"))
            let model = try config.makeEncoder(ParameterScope(bare), withPooler: false)
            expectClose(
                try model(fixture.batch, .inference()), try fixture.tensors.tensor("hidden.2"), tolerance: 5e-6)
            let first = try model.firstTokenStates(fixture.batch, .inference())
            #expect(model.pooled(first, .inference()).values == first.values)
            #expect(bare.account().new.isEmpty)

            let partly = source(checkpoint, config, allowedNew: ["bert.pooler.", "classifier."])
            _ = try SequenceClassifier(config, classCount: 5, ParameterScope(partly))
            let account = partly.account()
            #expect(
                account.new.map(\.key) == [
                    "bert.pooler.dense.bias", "bert.pooler.dense.weight", "classifier.bias", "classifier.weight",
                ])
            #expect(account.newParameterCount == 32 * 32 + 32 + 5 * 32 + 5)
            #expect(account.loaded.count == checkpoint.entries.count)
            let again = source(checkpoint, config, allowedNew: ["bert.pooler.", "classifier."])
            _ = try SequenceClassifier(config, classCount: 5, ParameterScope(again))
            #expect(partly.parameters.map(\.tensor.values) == again.parameters.map(\.tensor.values))
        }
    }

    @Test func accountNamesWhatNothingAskedFor() throws {
        let fixture = try ModelFixture("bert-gelu")
        let (_, parameters) = try fixture.classifier(.training)
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "model.safetensors")
            let extra = ["cls.predictions.bias", "bert.embeddings.position_ids", "bert.adapter.weight"].map {
                SafetensorsWriter.Item($0, Tensor(repeating: 0, shape: [3]))
            }
            let items = parameters.flatMap { parameter in
                parameter.pieces.map { SafetensorsWriter.Item($0.key, parameter.value(of: $0)) }
            }
            try SafetensorsWriter.write(items + extra, to: url)
            let checkpoint = try Checkpoint(contentsOf: url)
            let source = source(checkpoint, fixture.folder.config, use: .inference)
            _ = try SequenceClassifier(fixture.folder.config, classCount: 5, ParameterScope(source))
            let account = source.account()
            #expect(account.loaded.count == items.count)
            #expect(try account.loadedParameterCount == fixture.folder.config.parameterCount(classCount: 5))
            #expect(account.ignored.map(\.key) == ["bert.embeddings.position_ids", "cls.predictions.bias"])
            #expect(account.unexpected.map(\.key) == ["bert.adapter.weight"])
        }
    }

    @Test func anotherShapeIsAnErrorEvenWhereNewIsAllowed() throws {
        let fixture = try ModelFixture("bert-gelu")
        let error = try #require(throws: InputError.self) {
            let source = fixture.folder.parameterSource(use: .training, allowedNew: ["classifier."])
            _ = try SequenceClassifier(fixture.folder.config, classCount: 6, ParameterScope(source))
        }
        #expect(error.location.hasSuffix("model.safetensors: classifier.weight"))
        #expect(error.expected == "[6, 32]" && error.found == "[5, 32]")

        var config = fixture.folder.config
        config.intermediateSize = 65
        let other = try #require(throws: InputError.self) {
            _ = try config.makeEncoder(
                ParameterScope(fixture.folder.parameterSource(use: .inference)), withPooler: true)
        }
        #expect(other.location.hasSuffix("bert.encoder.layer.0.intermediate.dense.weight"))
    }

    @Test func moreLayersThanTheFileHas() throws {
        let fixture = try ModelFixture("bert-gelu")
        var config = fixture.folder.config
        config.layerCount = 3
        let error = try #require(throws: InputError.self) {
            _ = try config.makeEncoder(
                ParameterScope(fixture.folder.parameterSource(use: .inference)), withPooler: true)
        }
        #expect(error.problem.contains("bert.encoder.layer.2.attention.self.query.weight"))
    }

    /// A model of no checkpoint is the same for the same seed, and can be trained at once.
    @Test func modelsFromScratch() throws {
        let config = BertConfig(vocabularySize: 30, hiddenSize: 24, layerCount: 1, headCount: 3)
        func values(seed: UInt64) throws -> [[Float]] {
            let source = config.parameterSource(use: .training, seed: seed)
            let model = try SequenceClassifier(config, classCount: 2, ParameterScope(source))
            #expect(try source.parameters.reduce(0) { $0 + $1.count } == config.parameterCount(classCount: 2))
            #expect(try model(EncoderInput([[1, 2, 3]]), .inference()).isFinite)
            return source.parameters.map(\.tensor.values)
        }
        #expect(try values(seed: 1) == values(seed: 1))
        #expect(try values(seed: 1) != values(seed: 2))
    }
}
