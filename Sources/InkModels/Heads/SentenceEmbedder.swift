import InkLayers
import InkTensor

/// An encoder that gives each text one vector of length 1 (Reimers and Gurevych 2019).
public struct SentenceEmbedder: Sendable {
    /// How the tokens' states become one vector.
    public enum Pooling: String, CaseIterable, Codable, Sendable {
        /// The mean over all tokens, special ones included.
        case mean
        /// The first token's state.
        case cls
    }

    /// The encoder below.
    public let encoder: any EncoderBackbone
    public let pooling: Pooling

    /// - Throws: `InputError` when the checkpoint lacks a tensor or has another shape.
    public init(_ config: any EncoderConfig, pooling: Pooling, _ scope: ParameterScope) throws {
        encoder = try config.makeEncoder(scope, withPooler: false)
        self.pooling = pooling
    }

    /// Unit vectors [B, H].
    /// - Throws: `InputError` when the input does not fit the model.
    public func callAsFunction(_ input: EncoderInput, _ pass: Pass) throws -> Tensor {
        let vectors =
            switch pooling {
            case .mean: pass.normalizeRows(pass.sequenceMean(try encoder(input, pass), input.layout))
            case .cls: pass.normalizeRows(try encoder.firstTokenStates(input, pass))
            }
        return try vectors.checkedNumbers(pass)
    }
}
