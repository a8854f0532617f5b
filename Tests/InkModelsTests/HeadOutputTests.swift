import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkTensor
import InkTestSupport
import Testing

/// Heads for tokens, spans and masked words on the encoder of each family, against PyTorch.
@Suite struct HeadOutputTests {
    /// The parameters of the fixture's encoder and of all heads.
    private func source(_ fixture: ModelFixture, _ use: ParameterSource.Use) throws -> ParameterSource {
        let heads = try fixture.tensors.entries.filter { $0.key.hasPrefix("head.") }.map {
            SafetensorsWriter.Item(String($0.key.dropFirst(5)), try fixture.tensors.tensor($0.key))
        }
        let encoder = try fixture.folder.checkpoint.entries.map {
            SafetensorsWriter.Item($0.key, try fixture.folder.checkpoint.tensor($0.key))
        }
        return try withTemporaryFolder { folder in
            let file = folder.appending(path: "model.safetensors")
            try SafetensorsWriter.write(encoder + heads, to: file)
            let config = fixture.folder.config
            return ParameterSource(
                try Checkpoint(contentsOf: file), use: use, basePrefix: config.keyPrefix,
                initializerRange: config.initializerRange, seed: 0)
        }
    }

    @Test(arguments: ModelFixture.withHeads, [ParameterSource.Use.training, .inference])
    func tokensAndSpans(name: String, use: ParameterSource.Use) throws {
        let fixture = try ModelFixture(name)
        let scope = ParameterScope(try source(fixture, use))
        let tokens = try TokenClassifier(fixture.folder.config, labelCount: ModelFixture.classCount, scope)
        expectClose(
            try tokens(fixture.batch, .inference()), try fixture.tensors.tensor("tokens.logits"), tolerance: 5e-6)
        let spans = try SpanExtractor(fixture.folder.config, scope)
        expectClose(
            try spans(fixture.batch, .inference()), try fixture.tensors.tensor("spans.logits"), tolerance: 5e-6)
    }

    @Test(arguments: ModelFixture.withHeads)
    func maskedWordsAndTheTiedGradient(name: String) throws {
        let fixture = try ModelFixture(name)
        let rows = try #require(fixture.expected.maskedRows)
        let source = try source(fixture, .training)
        let model = try MaskedLanguageModel(fixture.folder.config, ParameterScope(source))
        let pass = Pass.recording()
        let logits = try model(fixture.batch, rows: rows, pass)
        expectClose(logits, try fixture.tensors.tensor("masked.logits"), tolerance: 5e-6)

        pass.backward(from: pass.crossEntropy(logits, labels: try #require(fixture.expected.maskedLabels)).loss)
        let prefix = "masked.gradient."
        var unseen = Set(fixture.tensors.entries.map(\.key).filter { $0.hasPrefix(prefix) })
        for parameter in source.parameters where unseen.contains(prefix + parameter.pieces[0].key) {
            let key = prefix + parameter.pieces[0].key
            let gradient = try #require(parameter.tensor.gradient, "\(key)")
            expectClose(gradient, try fixture.tensors.tensor(key), tolerance: 2e-6, key)
            unseen.remove(key)
        }
        #expect(unseen.isEmpty)

        let packed = try MaskedLanguageModel(
            fixture.folder.config, ParameterScope(try self.source(fixture, .inference)))
        expectClose(try packed(fixture.batch, rows: rows, .inference()), logits, tolerance: 2e-6)
        // Any rows in any order.
        let chosen = try packed(fixture.batch, rows: [rows[3], rows[0], rows[3]], .inference())
        for (row, wanted) in [(0, 3), (1, 0), (2, 3)] {
            expectClose(chosen.row(row), logits.row(wanted), tolerance: 2e-6)
        }
    }

    /// What each head may start at random is what the file of the bare encoder lacks.
    @Test(arguments: ModelFixture.withHeads)
    func newHeads(name: String) throws {
        let fixture = try ModelFixture(name)
        let config = fixture.folder.config
        let heads: [(HeadKind, (ParameterScope) throws -> Void)] = [
            (.sequenceClassification, { _ = try SequenceClassifier(config, classCount: 3, $0) }),
            (.multipleChoice, { _ = try SequenceClassifier(choiceOf: config, $0) }),
            (.tokenClassification, { _ = try TokenClassifier(config, labelCount: 7, $0) }),
            (.questionAnswering, { _ = try SpanExtractor(config, $0) }),
            (.maskedLanguage, { _ = try MaskedLanguageModel(config, $0) }),
        ]
        for (kind, make) in heads {
            let source = fixture.folder.parameterSource(
                use: .training, allowedNew: config.headKeys(kind), renewed: config.headKeys(kind), seed: 4)
            try make(ParameterScope(source))
            let account = source.account()
            #expect(!account.new.isEmpty)
            #expect(account.new.allSatisfy { new in config.headKeys(kind).contains { new.key.hasPrefix($0) } })
            #expect(account.unexpected.isEmpty || ![.sequenceClassification, .multipleChoice].contains(kind))
            let count = source.parameters.reduce(0) { $0 + $1.count }
            #expect(try config.parameterCount(make) == count)
            #expect(config.family.architecture(kind).hasPrefix(config.family.className + "For"))
            if let key = config.outputKey(kind) { #expect(account.new.contains { $0.key == key }) }
        }
    }
}
