import Foundation
import InkCheckpoint
import InkLayers
import InkSupport

/// A Hugging Face model folder: what its configuration says it is, and its weights.
public struct ModelFolder: Sendable {
    /// The folder.
    public let url: URL
    /// `config.json` as it stands.
    public let configFile: ModelConfigFile
    /// The encoder's shape, read from it.
    public let config: any EncoderConfig
    /// The weights.
    public let checkpoint: Checkpoint

    /// Opens `config.json` and the weights' headers; no tensor is read yet.
    /// - Throws: `InputError` when a file is missing or malformed, or the architecture is not supported or contradicts
    ///   the weights.
    public init(contentsOf url: URL) throws {
        self.url = url
        configFile = try ModelConfigFile(contentsOf: url)
        let family = try ModelFamily.named(by: configFile)
        let asWritten = try family.read(configFile)
        checkpoint = try Checkpoint(contentsOf: url)
        config = try asWritten.fitted(to: checkpoint, configFile)
        try family.check(checkpoint, for: config, configFile)
    }

    /// The account of loading: which keys may be new is the caller's to say.
    /// - Parameters:
    ///   - allowedNew: key prefixes that may be absent from the weights and then start at random.
    ///   - renewed: key prefixes that start at random even where the weights have them.
    public func parameterSource(
        use: ParameterSource.Use, allowedNew: [String] = [], renewed: [String] = [], seed: UInt64 = 0
    ) -> ParameterSource {
        ParameterSource(
            checkpoint, use: use, basePrefix: config.keyPrefix, allowedNew: allowedNew, renewed: renewed,
            initializerRange: config.initializerRange, seed: seed)
    }

    /// Number of outputs (classes, labels) of a head in the weights; nil where there is no such head.
    public func outputCount(_ head: HeadKind) -> Int? {
        guard let key = config.outputKey(head), let shape = checkpoint.shape(of: key), shape.rank == 2 else {
            return nil
        }
        return shape.rows
    }
}
