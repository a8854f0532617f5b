import Foundation
import InkCheckpoint
import InkTensor
import InkTestSupport
import Testing

/// Outputs and gradients as PyTorch computes them in double precision (Tools/make_fixtures.py).
@Suite("Operations against PyTorch")
struct OperationFixtureTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var operation: String
        var epsilon: Float?
        var activation: String?
        var ignoreIndex: Int32?
        var heads: Int?
        var lengths: [Int]?
        var causal: Bool?
        var scale: Float?
        var clip: Int?
        var positionBuckets: Int?
        var maxRelativePositions: Int?
        var rotatesValues: Bool?
        var tensors: [String]
        var testDescription: String { name }

        func activationFunction() throws -> Activation {
            switch activation {
            case nil: .identity
            case "geluTanh": .geluTanh
            case .some(let name): try #require(Activation(rawValue: name))
            }
        }
    }

    static let cases = (try? Fixture.json([Case].self, "operations.json")) ?? []
    static let tensors = Result { try Checkpoint(contentsOf: Fixture.url("operations.safetensors")) }

    @Test("There are cases of every operation")
    func presence() {
        #expect(
            Set(Self.cases.map(\.operation)) == [
                "layerNorm", "activation", "softmax", "crossEntropy", "attention", "embedding", "linear",
                "relativeAttention", "rotaryAttention", "binaryCrossEntropy", "normalizeRows", "rowDots",
                "orderingLoss",
            ])
    }

    @Test("Output and gradients", arguments: cases)
    func compare(fixture: Case) throws {
        let file = try Self.tensors.get()
        func tensor(_ name: String) throws -> Tensor { try file.tensor("\(fixture.name)/\(name)") }

        var leaves: [String: Tensor] = [:]
        for name in fixture.tensors where name.hasPrefix("grad") && name != "gradOutput" {
            let input = name.dropFirst(4)
            let key = input.prefix(1).lowercased() + input.dropFirst()
            leaves[key] = try tensor(key).trainable()
        }
        let pass = Pass.recording()
        let output = try apply(fixture, pass, leaves, file)
        expectClose(output, try tensor("output"), tolerance: 1e-5, "output")
        let isScalar = !fixture.tensors.contains("gradOutput")
        pass.backward(
            from: output, gradient: isScalar ? Tensor(repeating: 1, shape: []) : try tensor("gradOutput"))
        for (name, leaf) in leaves {
            let gradient = try #require(leaf.gradient, "\(name)")
            let expected = try tensor("grad" + name.prefix(1).uppercased() + name.dropFirst())
            expectClose(gradient, expected, tolerance: 2e-5, "gradient of \(name)")
        }
    }

    private func apply(_ fixture: Case, _ pass: Pass, _ leaves: [String: Tensor], _ file: Checkpoint) throws -> Tensor {
        func leaf(_ name: String) throws -> Tensor { try #require(leaves[name], "\(name)") }
        func integers(_ name: String) throws -> [Int32] {
            try file.integers("\(fixture.name)/\(name)").map { try #require(Int32(exactly: $0)) }
        }
        func values(_ name: String) throws -> [Float] { try file.tensor("\(fixture.name)/\(name)").values }
        switch fixture.operation {
        case "layerNorm":
            return pass.layerNorm(
                try leaf("input"), gamma: try leaf("weight"), beta: try leaf("bias"),
                epsilon: try #require(fixture.epsilon))
        case "activation":
            return pass.activate(try leaf("input"), try fixture.activationFunction())
        case "softmax":
            return pass.softmax(try leaf("input"))
        case "crossEntropy":
            return pass.crossEntropy(
                try leaf("logits"), labels: try integers("labels"),
                ignoreIndex: try #require(fixture.ignoreIndex)
            ).loss
        case "attention", "relativeAttention", "rotaryAttention":
            return try attention(fixture, pass, leaves, bucket: try? integers("rows"))
        case "embedding":
            return pass.embeddingSum([(table: try leaf("table"), ids: try integers("ids"))])
        case "linear":
            return pass.linear(
                try leaf("input"), weight: try leaf("weight"), bias: try leaf("bias"),
                activation: try fixture.activationFunction())
        case "binaryCrossEntropy":
            return pass.binaryCrossEntropy(try leaf("logits"), targets: try values("targets")).loss
        case "normalizeRows":
            return pass.normalizeRows(try leaf("input"))
        case "rowDots":
            return pass.rowDots(try leaf("a"), try leaf("b"))
        case "orderingLoss":
            return pass.orderingLoss(
                try leaf("similarities"), grades: try values("ranks"), scale: try #require(fixture.scale))
        default:
            throw UnknownOperation(name: fixture.operation)
        }
    }

    private func attention(
        _ fixture: Case, _ pass: Pass, _ leaves: [String: Tensor], bucket: [Int32]?
    ) throws -> Tensor {
        let (query, key) = (try #require(leaves["query"]), try #require(leaves["key"]))
        let layout = SequenceLayout(lengths: try #require(fixture.lengths))
        let heads = try #require(fixture.heads)
        var options = AttentionOptions(
            heads: heads, scale: fixture.scale, causal: try #require(fixture.causal as Bool?))
        if let rotatesValues = fixture.rotatesValues {
            options.positions = .rotary(
                RotaryTable(
                    headSize: query.columns / heads, positions: layout.longest, rotatesValues: rotatesValues))
        }
        if let bucket {
            let longest = layout.longest
            if let clip = fixture.clip {
                #expect(RelativeTerms.clippedBuckets(limit: clip, longest: longest) == bucket)
            } else {
                let rows = RelativeTerms.logarithmicBuckets(
                    positionBuckets: try #require(fixture.positionBuckets),
                    maxRelativePositions: try #require(fixture.maxRelativePositions), longest: longest)
                #expect(rows == bucket)
            }
            options.positions = .relative(
                RelativeTerms(
                    bucket: bucket, keyTable: leaves["keyTable"], queryTable: leaves["queryTable"],
                    valueTable: leaves["valueTable"]))
        }
        return pass.attention(
            query, key, try #require(leaves["value"]), queries: layout, keys: layout, options: options,
            bias: leaves["bias"])
    }

    private struct UnknownOperation: Error {
        let name: String
    }
}
