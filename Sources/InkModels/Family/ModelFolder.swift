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

    /// Opens `config.json` and the weights' headers, and looks up every tensor of the encoder; none is read yet but
    /// tables of positions.
    /// - Throws: `InputError` when a file is missing or malformed, or the architecture is not supported or contradicts
    ///   the weights: tensors of the encoder that are missing, of another shape or left over.
    public init(contentsOf url: URL) throws {
        self.url = url
        configFile = try ModelConfigFile(contentsOf: url)
        let family = try ModelFamily.named(by: configFile)
        let asWritten = try family.read(configFile)
        checkpoint = try Checkpoint(contentsOf: url)
        config = try asWritten.fitted(to: checkpoint, configFile)
        try family.check(checkpoint, for: config, configFile)
        try EncoderWeights(checkpoint, config, configFile).check()
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

    /// What to tell of a masked-language head whose own matrix is not used because the configuration ties it to the
    /// word embedding, from which it differs. Nil where there is no such matrix, or it is the embedding.
    /// - Throws: `InputError` when one of the two cannot be read.
    public func unusedOutputMatrix() throws -> String? {
        let key = "\(config.maskedLanguageStyle.scope).\(MaskedLanguageStyle.decoder).weight"
        guard config.tiesOutput, let decoder = checkpoint[key],
            let words = checkpoint.entries.first(where: { $0.key.hasSuffix("embeddings.word_embeddings.weight") }),
            try !checkpoint.areEqual(decoder.key, words.key)
        else { return nil }
        return "\(decoder.file): \(decoder.originalKey) differs from \(words.originalKey) and is not used, because "
            + "\(configFile.path) ties the two; if the model was trained untied, set \"tie_word_embeddings\": false"
    }

    /// Number of outputs (classes, labels) of a head in the weights; nil where there is no such head.
    public func outputCount(_ head: HeadKind) -> Int? {
        guard let key = config.outputKey(head), let shape = checkpoint.shape(of: key), shape.rank == 2 else {
            return nil
        }
        return shape.rows
    }
}
