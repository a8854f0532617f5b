import Foundation
import InkModels
import InkSupport
import InkText

/// What a run starts from: the configuration and tokenizer of a model folder, or of a new shape.
struct FineTuningStart {
    let folder: ModelFolder?
    let config: any EncoderConfig
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
            tokenizer = try Tokenizers.open(url)
            name = url.lastPathComponent
            guard tokenizer.idCount <= config.vocabularySize else {
                throw folder.configFile.error(
                    "vocab_size", "is smaller than the vocabulary",
                    expected: "at least \(tokenizer.idCount), the ids of its tokenizer",
                    found: "\(config.vocabularySize)")
            }
        case .shape(let shape):
            folder = nil
            let vocabulary =
                try settings.vocabulary.map { try Vocabulary(contentsOf: $0) }
                ?? VocabularyBuilder(size: Self.builtVocabularySize).build(from: trainingTexts)
            var config = shape.config(vocabularySize: vocabulary.count)
            var settings = TokenizerConfig()
            settings.modelMaxLength = config.maxPositions
            tokenizer = try BertTokenizer(vocabulary: vocabulary, config: settings)
            config.padTokenID = tokenizer.paddingID
            self.config = config
            name = shape.rawValue
        }
    }

    func base() throws -> RunDescription.Base {
        RunDescription.Base(name: name, sha256: try folder?.checkpoint.digests() ?? [:])
    }

    private var hasHead: Bool { folder?.outputCount(.sequenceClassification) != nil }

    /// Whether the folder's classification head is for these very classes, so that training may go on with it.
    func hasHead(for labels: LabelSet) -> Bool {
        hasHead && folder.flatMap { try? TextClassifier.labels($0) } == labels.names
    }

    /// What to tell of a head that cannot be used.
    func headWarning(for labels: LabelSet) -> String? {
        guard hasHead, !hasHead(for: labels) else { return nil }
        return "the classification head in \(name) is for other classes; a new one starts at random"
    }
}
