import Foundation
import InkLayers
import InkModels
import InkTensor
import InkTestSupport
import Testing

/// One small model of every family in the forms in which checkpoints are published.
@Suite struct ModelFormsTests {
    static let families = [
        "bert", "ernie", "nezha", "megatron", "roberta", "xlm-roberta", "albert", "roformer", "roformer-fengshen",
        "deberta",
    ]

    private func states(_ family: String, _ form: String) throws -> Tensor {
        let folder = try ModelFolder(contentsOf: Fixture.url("forms/\(family)/\(form)"))
        let source = folder.parameterSource(use: .inference)
        let encoder = try folder.config.makeEncoder(ParameterScope(source), withPooler: false)
        let account = source.account()
        #expect(account.new.isEmpty && account.unexpected.isEmpty, "\(form): \(account.details)")
        return try encoder(EncoderInput([[2, 5, 9, 3], [2, 23, 3], [2, 7, 7, 8, 10, 11, 12, 3]]), .inference())
    }

    @Test(arguments: families)
    func formsOfOneCheckpointGiveOneModel(family: String) throws {
        let wanted = try states(family, "safetensors")
        #expect(wanted.shape == [15, 8])
        for form in ["sharded", "zip", "legacy"] {
            #expect(try states(family, form).values == wanted.values, "\(form)")
        }
    }

    /// The output layer of a masked-language model may be in the file a second time.
    @Test(arguments: families)
    func tiedTensorsAreAccountedFor(family: String) throws {
        func logits(_ form: String) throws -> Tensor {
            let folder = try ModelFolder(contentsOf: Fixture.url("forms/\(family)/\(form)"))
            let source = folder.parameterSource(use: .inference)
            let model = try MaskedLanguageModel(folder.config, ParameterScope(source))
            let account = source.account()
            #expect(account.new.isEmpty && account.unexpected.isEmpty, "\(account.details)")
            if form == "zip" { #expect(account.tied.count == 2, "\(account.details)") }
            return try model(EncoderInput([[2, 5, 4, 3]]), rows: [2], .inference())
        }
        let wanted = try logits("safetensors")
        #expect(wanted.shape == [1, 24])
        #expect(try logits("zip").values == wanted.values)
    }
}
