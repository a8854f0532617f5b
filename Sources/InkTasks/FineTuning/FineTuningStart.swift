import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkText

/// What a run starts from: the configuration and tokenizer of a model folder, or of a new shape.
struct FineTuningStart {
    let folder: ModelFolder?
    let config: any EncoderConfig
    /// `config.json` of the folder, or of the new shape.
    let configFile: ModelConfigFile
    let tokenizer: any Tokenizer
    private let name: String

    /// Size of a vocabulary built from the training texts.
    private static let builtVocabularySize = 8000

    init(_ settings: FineTuningSettings, trainingTexts: [String]) throws {
        switch settings.model {
        case .folder(let url):
            if settings.vocabulary != nil {
                throw InputError(
                    .usage, at: "--vocab", "a model folder brings its own vocabulary",
                    remedy: "leave --vocab out, or give a shape to --model")
            }
            let folder = try ModelFolder(contentsOf: url)
            self.folder = folder
            config = folder.config
            configFile = folder.configFile
            tokenizer = try Tokenizers.open(url, dictionary: settings.dictionary)
            name = url.lastPathComponent
        case .shape(let shape):
            if settings.dictionary != nil {
                throw InputError(
                    .usage, at: "--dictionary", "a new shape does not cut text into words",
                    remedy: "leave --dictionary out, or start from a RoFormer folder")
            }
            folder = nil
            let vocabulary =
                try settings.vocabulary.map { try Vocabulary(contentsOf: $0) }
                ?? VocabularyBuilder(size: Self.builtVocabularySize).build(from: trainingTexts)
            tokenizer = try BertTokenizer(vocabulary: vocabulary)
            var config = shape.config(vocabularySize: vocabulary.count)
            config.padTokenID = tokenizer.paddingID
            self.config = config
            configFile = ModelConfigFile(config.fields, path: ModelConfigFile.fileName)
            name = shape.rawValue
        }
    }

    func base() throws -> RunDescription.Base {
        RunDescription.Base(name: name, sha256: try folder?.checkpoint.digests() ?? [:])
    }

    /// What to tell of a head that cannot be used as it is.
    /// - Throws: `InputError` when the folder's names of classes cannot be used.
    func headWarning(_ kind: HeadKind, for labels: [String]) throws -> String? {
        let head = TaskHead(kind, of: config)
        guard head.prefix != nil else { return nil }
        return try SecondStageHead(head, of: folder, for: labels).message(name)
    }

    /// Where the parameters of a run come from: the folder, and random numbers for the head.
    /// - Parameter use: `.training`, or `.counting` where only the number of parameters is wanted.
    /// - Throws: `InputError` when the folder's names of classes cannot be used.
    func parameterSource(
        _ kind: HeadKind, for labels: [String], use: ParameterSource.Use = .training, seed: UInt64 = 0
    ) throws -> ParameterSource {
        let head = TaskHead(kind, of: config)
        let stage = try SecondStageHead(head, of: folder, for: labels)
        return ParameterSource(
            use == .counting ? nil : folder?.checkpoint, use: use, basePrefix: config.keyPrefix,
            allowedNew: config.headKeys(kind), renewed: stage.startsAnew ? head.prefix.map { [$0] } ?? [] : [],
            rows: stage.rows, renewalSalt: use == .counting ? 0 : try stage.salt(),
            initializerRange: config.initializerRange, seed: seed)
    }
}
