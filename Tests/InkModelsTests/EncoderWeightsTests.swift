import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkTestSupport
import Testing

/// A folder whose configuration leaves tensors of the encoder out, or whose tables are not those that are computed, is
/// refused when it is opened.
@Suite struct EncoderWeightsTests {
    /// A copy of a fixture with fields of its configuration and some of its tensors changed.
    private func withChanged(
        _ name: String, _ fields: [String: JSONValue?] = [:], _ tensors: [String: Tensor] = [:],
        _ body: (URL) throws -> Void
    ) throws {
        let source = Fixture.url(name)
        let checkpoint = try Checkpoint(contentsOf: source)
        try withTemporaryFolder { folder in
            var file = try ModelConfigFile(contentsOf: source)
            for (field, value) in fields { file.set(field, value) }
            try Data(file.text.utf8).write(to: folder.appending(path: "config.json"))
            let kept = try checkpoint.entries.filter { tensors[$0.key] == nil }
                .map { SafetensorsWriter.Item($0.key, try checkpoint.tensor($0.key)) }
            try SafetensorsWriter.write(
                kept + tensors.map { .init($0.key, $0.value) }, to: folder.appending(path: "model.safetensors"))
            try body(folder)
        }
    }

    private func refusal(_ folder: URL) throws -> InputError {
        try #require(throws: InputError.self) { _ = try ModelFolder(contentsOf: folder) }
    }

    @Test(arguments: ["bert-gelu", "ernie-task", "nezha", "megatron", "roberta", "roformer", "deberta-both"])
    func fewerLayersThanWeights(name: String) throws {
        try withChanged(name, ["num_hidden_layers": .number("1")]) { folder in
            let error = try refusal(folder)
            #expect(error.location.hasSuffix("config.json: num_hidden_layers"))
            #expect(error.description.contains("layer.1.") && error.found == "1")
            #expect(error.remedy?.contains("set it to 2") == true)
        }
    }

    @Test func moreLayersThanWeights() throws {
        try withChanged("bert-gelu", ["num_hidden_layers": .number("3")]) { folder in
            let error = try refusal(folder)
            #expect(error.problem.contains("lack bert.encoder.layer.2."))
        }
    }

    @Test(arguments: [
        ("deberta-conv", "conv_kernel_size", "encoder.conv."),
        ("deberta-both", "relative_attention", "attention.self.pos_key_proj"),
        ("albert", "num_hidden_groups", "albert_layer_groups.1."),
    ])
    func aPartThatTheConfigurationLeavesOut(name: String, field: String, key: String) throws {
        try withChanged(name, [field: nil]) { folder in
            let error = try refusal(folder)
            #expect(error.description.contains(key), "\(error)")
        }
    }

    @Test func aDifferentSizeIsRefusedWithoutReading() throws {
        try withChanged("bert-gelu", ["intermediate_size": .number("60")]) { folder in
            let error = try refusal(folder)
            #expect(error.problem.contains("another shape"))
        }
    }

    @Test func tablesOfPositionsAreCompared() throws {
        let key = "roformer.encoder.embed_positions.weight"
        let table = try Checkpoint(contentsOf: Fixture.url("roformer")).tensor(key)
        var values = table.values
        values[values.count - 1] += 0.1
        try withChanged("roformer", [:], [key: Tensor(values, shape: table.shape)]) { folder in
            let error = try refusal(folder)
            #expect(error.location.hasSuffix(key) && error.problem.contains("not the table"))
            #expect(error.expected?.hasSuffix("in row \(table.rows - 1)") == true)
        }
        let shifted = Tensor((0..<40).map { Float($0 + 1) }, shape: [1, 40])
        try withChanged("bert-gelu", [:], ["bert.embeddings.position_ids": shifted]) { folder in
            let error = try refusal(folder)
            #expect(error.location.hasSuffix("bert.embeddings.position_ids"))
        }
        let right = Tensor((0..<40).map { Float($0) }, shape: [1, 40])
        try withChanged("bert-gelu", [:], ["bert.embeddings.position_ids": right]) { folder in
            _ = try ModelFolder(contentsOf: folder)
        }
    }
}
