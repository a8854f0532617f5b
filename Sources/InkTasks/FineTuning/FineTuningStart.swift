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
            guard tokenizer.idCount <= config.vocabularySize else {
                throw folder.configFile.error(
                    "vocab_size", "is smaller than the vocabulary",
                    expected: "at least \(tokenizer.idCount), the ids of its tokens", found: "\(config.vocabularySize)")
            }
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

    /// Whether the folder's head is for these very classes, so that training may go on with it. The head of a
    /// choice has one score.
    private func hasHead(_ head: TaskHead, for labels: [String]) -> Bool {
        guard let folder, head.isPresent(in: folder.checkpoint) else { return false }
        if head.kind == .multipleChoice { return folder.outputCount(head.kind) == 1 }
        return labels.isEmpty || (try? head.labels(folder)) == labels
    }

    /// What to tell of a head that cannot be used.
    func headWarning(_ kind: HeadKind, for labels: [String]) -> String? {
        let head = TaskHead(kind, of: config)
        guard let folder, head.prefix != nil, head.isPresent(in: folder.checkpoint), !hasHead(head, for: labels) else {
            return nil
        }
        return "the classification head in \(name) is for other classes; a new one starts at random"
    }

    /// Where the parameters of a run come from: the folder, and random numbers for the head.
    /// - Parameter use: `.training`, or `.counting` where only the number of parameters is wanted.
    func parameterSource(
        _ kind: HeadKind, for labels: [String], use: ParameterSource.Use = .training, seed: UInt64 = 0
    ) -> ParameterSource {
        let head = TaskHead(kind, of: config)
        let renewed = hasHead(head, for: labels) ? nil : head.prefix
        return ParameterSource(
            use == .counting ? nil : folder?.checkpoint, use: use, basePrefix: config.keyPrefix,
            allowedNew: config.headKeys(kind), renewed: renewed.map { [$0] } ?? [],
            initializerRange: config.initializerRange, seed: seed)
    }
}
