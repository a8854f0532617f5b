import InkCheckpoint
import InkLayers
import InkModels
import InkTensor
import InkTestSupport
import Testing

/// Outputs and gradients against PyTorch, whose results are those of padded batches with an attention mask.
@Suite struct ModelOutputTests {
    @Test(arguments: ModelFixture.names)
    func hiddenStatesPoolerAndLogits(name: String) throws {
        let fixture = try ModelFixture(name)
        let (model, _) = try fixture.classifier(.training)
        let pass = Pass.inference()
        let states = try model.encoder.allHiddenStates(fixture.batch, pass)
        #expect(states.count == fixture.folder.config.layerCount + 1)
        for (index, state) in states.enumerated() {
            expectClose(state, try fixture.tensors.tensor("hidden.\(index)"), tolerance: 5e-6, "hidden.\(index)")
        }
        let last = try model.encoder(fixture.batch, pass)
        #expect(last.values == states[states.count - 1].values)
        let first = pass.gatherRows(last, fixture.batch.layout.firstRows)
        let pooled = model.encoder.pooled(first, pass)
        if fixture.tensors.contains("pooler") {
            expectClose(pooled, try fixture.tensors.tensor("pooler"), tolerance: 5e-6, "pooler")
        } else {
            #expect(pooled.values == first.values)
        }
        expectClose(
            try model(fixture.batch, pass), try fixture.tensors.tensor("logits"), tolerance: 5e-6, "logits")
    }

    @Test(arguments: ModelFixture.names)
    func lossAndTheGradientOfEveryParameter(name: String) throws {
        let fixture = try ModelFixture(name)
        let (model, parameters) = try fixture.classifier(.training)
        let pass = Pass.recording()
        let logits = try model(fixture.batch, pass)
        let loss = pass.crossEntropy(logits, labels: fixture.expected.batch.map(\.label)).loss
        expectClose([loss.scalar], [fixture.expected.loss], tolerance: 1e-6, "loss")

        pass.backward(from: loss)
        var unseen = Set(fixture.tensors.entries.map(\.key).filter { $0.hasPrefix("gradient.") })
        for parameter in parameters {
            let gradient = try #require(parameter.tensor.gradient, "\(parameter.pieces[0].key)")
            for piece in parameter.pieces {
                let wanted = try fixture.tensors.tensor("gradient.\(piece.key)", expecting: piece.shape)
                expectClose(Array(gradient.values[piece.range]), wanted.values, tolerance: 2e-6, piece.key)
                unseen.remove("gradient.\(piece.key)")
            }
        }
        #expect(unseen.isEmpty)
        #expect(try parameters.reduce(0) { $0 + $1.count } == fixture.folder.config.parameterCount(classCount: 5))
    }

    @Test(arguments: ModelFixture.names)
    func packedWeightsGiveTheSameLogits(name: String) throws {
        let fixture = try ModelFixture(name)
        let (plain, _) = try fixture.classifier(.training)
        let (packed, _) = try fixture.classifier(.inference)
        expectClose(
            try packed(fixture.batch, .inference()), try plain(fixture.batch, .inference()), tolerance: 1e-6)
    }

    @Test(arguments: ModelFixture.names)
    func firstTokenStatesAreRowsOfTheWholeComputation(name: String) throws {
        let fixture = try ModelFixture(name)
        for use in [ParameterSource.Use.training, .inference] {
            let encoder = try fixture.classifier(use).model.encoder
            let pass = Pass.inference()
            let whole = pass.gatherRows(try encoder(fixture.batch, pass), fixture.batch.layout.firstRows)
            expectClose(try encoder.firstTokenStates(fixture.batch, pass), whole, tolerance: 1e-6)
        }
    }

    @Test(arguments: ModelFixture.names)
    func sequencesOfABatchDoNotSeeEachOther(name: String) throws {
        let fixture = try ModelFixture(name)
        let (model, _) = try fixture.classifier(.inference)
        let together = try model(fixture.batch, .inference())
        for (index, row) in fixture.expected.batch.enumerated() {
            expectClose(
                try model(EncoderInput([row]), .inference()), together.row(index), tolerance: 1e-6, "text \(index)")
        }
        let reversed = try model(EncoderInput(fixture.expected.batch.reversed()), .inference())
        for index in 0..<together.rows {
            expectClose(reversed.row(together.rows - 1 - index), together.row(index), tolerance: 1e-6)
        }
    }

    @Test func aBatchOfNoTextsHasNoRows() throws {
        let (model, _) = try ModelFixture("bert-gelu").classifier(.inference)
        #expect(try model(EncoderInput([]), .inference()).shape == [0, 5])
        #expect(try model.encoder(EncoderInput([]), .inference()).shape == [0, 32])
    }
}
