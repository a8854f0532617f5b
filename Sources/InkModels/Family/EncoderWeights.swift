import InkCheckpoint
import InkLayers
import InkSupport

/// The encoder's tensors in a weight file, compared with what the configuration makes of them, before any is read.
///
/// A configuration with fewer layers than the file, or without one of its parts, would give a model that answers and
/// is not the trained one.
struct EncoderWeights {
    private let checkpoint: Checkpoint
    private let config: any EncoderConfig
    private let file: ModelConfigFile

    init(_ checkpoint: Checkpoint, _ config: any EncoderConfig, _ file: ModelConfigFile) {
        self.checkpoint = checkpoint
        self.config = config
        self.file = file
    }

    /// - Throws: `InputError` for a tensor that is missing, has another shape, or is left over; and for a table of
    ///   positions that is not the one that is computed.
    func check() throws {
        if let words = checkpoint.entries.first(where: { $0.key.hasSuffix("embeddings.word_embeddings.weight") }),
            words.shape.rank == 2, words.shape.rows != config.vocabularySize
        {
            throw file.error(
                "vocab_size", "contradicts the weights",
                expected: "\(words.shape.rows), the rows of \(words.originalKey) in \(words.file)",
                found: "\(config.vocabularySize)", remedy: "use the config.json that was published with the weights")
        }
        let source = ParameterSource(
            checkpoint, use: .counting, basePrefix: config.keyPrefix, initializerRange: 0, seed: 0)
        _ = try config.makeEncoder(ParameterScope(source), withPooler: false)
        if let key = source.account().unexpected.map(\.key).first(where: isEncoders), let entry = checkpoint[key] {
            throw leftOver(entry)
        }
        for table in config.computedTables { try table.check(checkpoint) }
    }

    /// Whether the key is that of an embedding or a layer, under whatever prefix the file has.
    private func isEncoders(_ key: String) -> Bool {
        let parts = key.split(separator: ".")
        let prefixes = ParameterSource.relatedPrefixes + [config.keyPrefix]
        let first = parts.first.map { prefixes.contains(String($0)) ? parts.dropFirst().first : $0 } ?? nil
        return first == "embeddings" || first == "encoder"
    }

    private func leftOver(_ entry: TensorEntry) -> InputError {
        let place = "\(entry.file) has \(entry.originalKey)"
        let layers = checkpoint.entries.compactMap { Self.layer(of: $0.key) }.max().map { $0 + 1 }
        if let layer = Self.layer(of: entry.key), layer >= config.layerCount, let layers {
            return file.error(
                "num_hidden_layers", "is smaller than the number of layers in the weights",
                expected: "\(layers), because \(place)", found: "\(config.layerCount)",
                remedy: "set it to \(layers); a shorter model on purpose needs weights without the other layers")
        }
        return InputError(
            at: "\(file.path)", "describes an encoder without a tensor of the weights",
            expected: "a configuration that uses every tensor of the encoder; \(place)",
            remedy: "use the config.json that was published with the weights")
    }

    /// The number in `encoder.layer.<number>.`
    private static func layer(of key: String) -> Int? {
        let parts = key.split(separator: ".")
        guard let place = parts.firstIndex(of: "layer"), place > 0, parts[place - 1] == "encoder",
            place + 1 < parts.endIndex
        else { return nil }
        return Int(parts[place + 1])
    }
}
