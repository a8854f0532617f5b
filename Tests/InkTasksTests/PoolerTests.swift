import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTensor
import InkTestSupport
import Testing

/// `pooling: .pooler` for every family: activation(W h₀ + b) with the weights of the file, or refused.
@Suite struct PoolerTests {
    private static let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "InkModelsTests/Fixtures")
    private let texts = ["卫星成功入轨", "三千"]

    private static func gelu(_ x: Double) -> Double { x * 0.5 * (1 + erf(x / 2.0.squareRoot())) }

    @Test(arguments: [
        ("bert-gelu", "bert.pooler.dense"), ("ernie-task", "ernie.pooler.dense"), ("nezha", "nezha.pooler.dense"),
        ("megatron", "bert.pooler.dense"), ("albert", "albert.pooler"), ("roformer-fengshen", "bert.pooler.dense"),
        ("deberta-conv", "pooler.dense"), ("deberta-c2p", "pooler.dense"),
    ])
    func isThatOfTheFamily(name: String, key: String) throws {
        let folder = Self.models.appending(path: name)
        let checkpoint = try Checkpoint(contentsOf: folder)
        let (weight, bias) = (try checkpoint.tensor("\(key).weight"), try checkpoint.tensor("\(key).bias").values)
        let act = try ModelConfigFile(contentsOf: folder).optional("pooler_hidden_act", String.self)
        let activation = act == "gelu" ? Self.gelu : { tanh($0) }
        let first = try TextEncoder(contentsOf: folder, pooling: .cls).encode(texts)
        let pooled = try TextEncoder(contentsOf: folder, pooling: .pooler).encode(texts)
        for (state, vector) in zip(first, pooled) {
            let expected = bias.indices.map { row in
                zip(weight.row(row), state.values).reduce(Double(bias[row])) { $0 + Double($1.0) * Double($1.1) }
            }
            expectClose(vector.values, expected.map { Float(activation($0)) }, tolerance: 1e-5, name)
        }
    }

    /// Sound weights that are so large that single precision does not hold what they make.
    @Test(arguments: TextEncoder.Pooling.allCases)
    func anAnswerThatIsNoNumberIsAnError(pooling: TextEncoder.Pooling) throws {
        let source = Self.models.appending(path: "bert-gelu")
        let whole = try Checkpoint(contentsOf: source)
        let large = "bert.encoder.layer.1.output.LayerNorm.weight"
        try withTemporaryFolder { folder in
            let items = try whole.entries.map { entry in
                let tensor = try whole.tensor(entry.key)
                let isLarge = entry.key == large || entry.key.hasPrefix("classifier")
                return SafetensorsWriter.Item(
                    entry.key, isLarge ? Tensor(repeating: 3e38, shape: tensor.shape) : tensor)
            }
            try SafetensorsWriter.write(items, to: folder.appending(path: "model.safetensors"))
            for file in ["config.json", "vocab.txt", "tokenizer_config.json"] {
                try FileManager.default.copyItem(
                    at: source.appending(path: file), to: folder.appending(path: file))
            }
            let encoder = try TextEncoder(contentsOf: folder, pooling: pooling)
            let error = try #require(throws: InputError.self) { try encoder.encode(texts) }
            #expect(error.kind == .run && error.problem == "computes values that are not numbers")
        }
    }

    @Test func aFamilyWithoutOneIsRefused() throws {
        let error = try #require(throws: InputError.self) {
            try TextEncoder(contentsOf: Self.models.appending(path: "roformer"), pooling: .pooler)
        }
        #expect(error.problem.contains("no RoFormer model has one"))
    }

    @Test func aFolderWithoutOneIsRefused() throws {
        try withTemporaryFolder { folder in
            let source = Self.models.appending(path: "deberta-conv")
            let whole = try Checkpoint(contentsOf: source)
            let bare = try whole.entries.filter { $0.key.hasPrefix("deberta.") }
                .map { SafetensorsWriter.Item($0.key, try whole.tensor($0.key)) }
            try SafetensorsWriter.write(bare, to: folder.appending(path: "model.safetensors"))
            for file in ["config.json", "vocab.txt", "tokenizer_config.json"] {
                try FileManager.default.copyItem(
                    at: source.appending(path: file), to: folder.appending(path: file))
            }
            #expect(try TextEncoder(contentsOf: folder, pooling: .cls).encode(texts).count == 2)
            let error = try #require(throws: InputError.self) {
                try TextEncoder(contentsOf: folder, pooling: .pooler)
            }
            #expect(error.expected?.contains("pooler.dense.weight") == true)
        }
    }
}
