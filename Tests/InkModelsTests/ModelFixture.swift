import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkTensor
import InkTestSupport

/// A model folder made by `Tools/make_fixtures.py`, with the outputs, gradients and losses PyTorch gives for it.
struct ModelFixture {
    struct Row: Decodable {
        let ids: [Int32]
        let tokenTypes: [Int32]
        let label: Int32
    }

    struct Recipe: Decodable {
        let learningRate: Float
        let beta1: Float
        let beta2: Float
        let epsilon: Float
        let weightDecay: Float
        let globalClip: Float?
        let tensorClip: Float?
        let warmup: Double?
        let totalSteps: Int?
        let losses: [Double]
    }

    struct Expected: Decodable {
        let loss: Double
        let batch: [Row]
        let trainingBatches: [[Row]]
        let adamW: Recipe
        let bertAdam: Recipe
        /// Rows of the batch's tokens for which the masked-language head predicts, and their labels.
        let maskedRows: [Int32]?
        let maskedLabels: [Int32]?
    }

    /// One model of every family, with all heads.
    static let withHeads = [
        "bert-gelu", "ernie-task", "nezha", "megatron", "roberta", "albert", "roformer-value", "roformer-fengshen",
        "deberta-conv", "deberta-c2p", "deberta-both",
    ]
    /// Those and variants of some.
    static let names =
        withHeads + [
            "bert-relu", "bert-gelu-new", "bert-head13", "ernie-1", "roformer", "deberta-p2c", "deberta-absolute",
        ]
    static let classCount = 5

    let folder: ModelFolder
    let expected: Expected
    let tensors: Checkpoint

    init(_ name: String) throws {
        folder = try ModelFolder(contentsOf: Fixture.url(name))
        expected = try Fixture.json(Expected.self, "\(name)/expected.json")
        tensors = try Checkpoint(contentsOf: Fixture.url("\(name)/expected.safetensors"))
    }

    /// The classifier with the folder's weights, and its parameters.
    func classifier(_ use: ParameterSource.Use) throws -> (model: SequenceClassifier, parameters: [Parameter]) {
        let source = folder.parameterSource(use: use)
        let model = try SequenceClassifier(
            folder.config, classCount: Self.classCount, ParameterScope(source))
        return (model, source.parameters)
    }

    var batch: EncoderInput { EncoderInput(expected.batch) }
}

extension EncoderInput {
    init(_ rows: [ModelFixture.Row]) {
        self.init(rows.map(\.ids), tokenTypeIDs: rows.map(\.tokenTypes))
    }
}
