import Foundation
import InkCheckpoint
import InkLayers
import InkSupport
import InkTensor

/// NeZha (Wei et al. 2019): BERT without a position table; the attention adds a sinusoid of the distance between two
/// tokens to keys and values instead.
public struct NezhaConfig: EncoderConfig, Equatable {
    public var shape: EncoderShape
    /// `max_relative_position`: distances beyond it to either side count as this one.
    public var maxRelativePosition: Int

    /// - Parameter shape: with `modelType` `nezha`.
    public init(_ shape: EncoderShape, maxRelativePosition: Int = 64) {
        self.shape = shape
        self.maxRelativePosition = maxRelativePosition
    }

    /// - Throws: `InputError` naming the field.
    init(_ file: ModelConfigFile) throws {
        try file.refuseMarksOfOtherFamilies(
            than: ModelFamily.nezha.modelType, own: ["max_relative_position", "use_relative_position"])
        shape = try EncoderShape(file)
        // Every distance has its entry in a table.
        _ = try file.size("max_position_embeddings", upTo: 1 << 17)
        maxRelativePosition =
            file.has("max_relative_position") ? try file.size("max_relative_position", upTo: 1 << 12) : 64
        guard try file.optional("use_relative_position", Bool.self) != false else {
            throw file.error(
                "use_relative_position", "contradicts model_type: NeZha has no other positions", expected: "true",
                found: "false", remedy: "remove the field, or set \"model_type\": \"bert\" if the weights are BERT's")
        }
        guard shape.headSize % 2 == 0 else {
            throw file.error(
                "num_attention_heads", "gives heads of an odd number of columns, for which there is no sinusoid",
                expected: "a divisor of \(shape.hiddenSize) whose quotient is even", found: "\(shape.headCount)")
        }
    }

    public var family: ModelFamily { .nezha }

    public var ownFields: JSONObject {
        var fields = JSONObject()
        fields["max_relative_position"] = .number("\(maxRelativePosition)")
        return fields
    }

    public func makeEncoder(_ scope: ParameterScope, withPooler: Bool) throws -> any EncoderBackbone {
        let scope = scope.scope(keyPrefix)
        let sinusoid = Self.sinusoid(reach: maxRelativePosition, columns: shape.headSize)
        let positions = AttentionPositions.relative(
            RelativeTerms(
                bucket: RelativeTerms.clippedBuckets(limit: maxRelativePosition, longest: maxPositions),
                keyTable: sinusoid, valueTable: sinusoid))
        return TransformerEncoder(
            self, try TokenEmbeddings(shape, positions: .none, scope.scope("embeddings")),
            try (0..<layerCount).map { index in
                let layer = scope.scope("encoder.layer.\(index)")
                return try PostNormLayer(shape, SelfAttention(shape, positions: positions, layer), layer)
            },
            pooler: withPooler ? try scope.linear("pooler.dense", hiddenSize, hiddenSize, activation: .tanh) : nil)
    }

    /// Row r, column 2k: sin(r / 10000^(2k / D)), column 2k + 1: cos of the same; rows for −reach … reach. Single
    /// precision throughout, as in the original, whose weights were trained with its rounding.
    private static func sinusoid(reach: Int, columns: Int) -> Tensor {
        let rate = -log(Float(10_000)) / Float(columns)
        let values = (0...2 * reach).flatMap { row in
            (0..<columns).map { column -> Float in
                let angle = Float(row) * exp(Float(column & ~1) * rate)
                return column & 1 == 0 ? sin(angle) : cos(angle)
            }
        }
        return Tensor(values, shape: [2 * reach + 1, columns])
    }
}

extension ModelFamily {
    static let nezha = ModelFamily(
        modelType: "nezha", name: "NeZha", className: "Nezha",
        special: "no position table: sinusoids of the distance enter the attention's scores and values",
        examples: ["sijunhe/nezha-cn-base", "sijunhe/nezha-base-wwm", "lonePatient/nezha-base"],
        marks: ["relative_positions_encoding"], positionTable: .foreign, read: { try NezhaConfig($0) })
}
