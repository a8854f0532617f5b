import Foundation
import InkSupport

/// The BERT tokenizer: the same ids and offsets as `BertTokenizerFast` of transformers 4.57.1, for any Unicode text.
///
/// Where that differs from the slow `BertTokenizer` this follows the fast one: control and punctuation categories of
/// Unicode 8.0 (`ScalarFacts`), no effect of `do_basic_tokenize` and `never_split`. One thing differs from both on
/// purpose: a `[MASK]` or an additional special token that no file gives an id gets none here unless it is asked for
/// by `TokenizerConfig.additionalSpecialTokens`; the reference would invent an id beyond the embedding table.
///
/// A value is immutable and may be used from many tasks at once; copies share their tables.
public struct BertTokenizer: Tokenizer {
    /// The tokens of the checkpoint's vocabulary file.
    public let vocabulary: Vocabulary
    /// What the folder says about the tokenizer.
    public let config: TokenizerConfig

    /// The id of `[UNK]`.
    public let unknownID: Int32
    /// The id of `[SEP]`.
    public let separatorID: Int32
    /// The id of `[PAD]`.
    public let paddingID: Int32
    /// The id of `[CLS]`.
    public let classificationID: Int32
    /// nil when the vocabulary has no mask token.
    public let maskID: Int32?

    /// Ids that stand for special tokens: the named ones and the additional ones.
    public let specialIDs: Set<Int32>

    /// `[CLS] A [SEP] B [SEP]`.
    public let template: SpecialTokenTemplate

    let actions: ScalarActions
    public private(set) var specialTokensInText = SpecialTokensInText.keep
    private(set) var rawMatcher: AddedTokenMatcher
    private(set) var normalizedMatcher: AddedTokenMatcher
    /// The table with the added tokens.
    let added: AddedVocabulary<Vocabulary>
    /// The settings beside the vocabulary, as they stood in the folder.
    private let settings: [TokenizerFile]
    /// The settings hold the vocabulary too: they are a `tokenizer.json`.
    private let holdsVocabulary: Bool
    private let caseWarning: String?

    /// Opens the tokenizer of a checkpoint folder: `vocab.txt` and the files of `TokenizerConfig`.
    /// - Throws: `InputError`, see `Vocabulary.init(contentsOf:)`, `TokenizerConfig.init(contentsOf:)` and
    ///   `init(vocabulary:config:)`.
    public init(contentsOf folder: URL) throws {
        try self.init(contentsOf: folder, config: TokenizerConfig(contentsOf: folder))
    }

    /// As `init(contentsOf:)`, with what the folder says about the tokenizer already read.
    init(contentsOf folder: URL, config: TokenizerConfig) throws {
        try self.init(
            vocabulary: Vocabulary(contentsOf: folder.appending(path: "vocab.txt")), config: config,
            settings: TokenizerFile.read(TokenizerFile.settingsNames, in: folder))
    }

    /// - Throws: `InputError` when a named special token is missing from the vocabulary, or stands there twice, or when
    ///   an added token's id contradicts the vocabulary.
    public init(vocabulary: Vocabulary, config: TokenizerConfig = TokenizerConfig()) throws {
        try self.init(vocabulary: vocabulary, config: config, className: "BertTokenizer")
    }

    /// - Parameter className: what files call the tokenizer.
    init(vocabulary: Vocabulary, config: TokenizerConfig, className: String) throws {
        try self.init(vocabulary: vocabulary, config: config, settings: [config.file(className: className)])
    }

    /// `settings` are the files beside the vocabulary; those that hold the vocabulary too replace it.
    init(vocabulary: Vocabulary, config: TokenizerConfig, settings: [TokenizerFile], holdsVocabulary: Bool = false)
        throws
    {
        self.settings = settings
        self.holdsVocabulary = holdsVocabulary
        let added = try AddedVocabulary(vocabulary: vocabulary, config: config)
        self.vocabulary = vocabulary
        self.config = config
        caseWarning = VocabularyCase.warning(vocabulary, lowercases: config.lowercases)
        unknownID = try added.requiredID(of: config.unknown, "unk_token")
        separatorID = try added.requiredID(of: config.separator, "sep_token")
        paddingID = try added.requiredID(of: config.padding, "pad_token")
        classificationID = try added.requiredID(of: config.classification, "cls_token")
        maskID = config.mask.flatMap { added.id(of: $0.content) }
        template = .bert(classificationID: classificationID, separatorID: separatorID)
        specialIDs = added.specialIDs
        self.added = added
        actions = ScalarActions(config.normalization, vocabulary: vocabulary, unknown: unknownID)
        (rawMatcher, normalizedMatcher) = Self.matchers(added, .keep, config.normalization)
    }

    private static func matchers(
        _ added: AddedVocabulary<Vocabulary>, _ reading: SpecialTokensInText, _ normalization: BertNormalization
    ) -> (raw: AddedTokenMatcher, normalized: AddedTokenMatcher) {
        added.matchers(reading) { content in
            String(String.UnicodeScalarView(NormalizedText(content.unicodeScalars, normalization).scalars))
        }
    }

    public func reading(_ specialTokens: SpecialTokensInText) -> BertTokenizer {
        var copy = self
        copy.specialTokensInText = specialTokens
        (copy.rawMatcher, copy.normalizedMatcher) = Self.matchers(added, specialTokens, config.normalization)
        return copy
    }

    public func specialTokens(in text: String) -> [String] { added.specialMatcher.tokens(in: text) }

    /// Ids this tokenizer can produce run from 0 to below this: the vocabulary, and added tokens behind it.
    public var idCount: Int { added.idCount }

    /// Things a user should hear of: `Vocabulary.warnings`, and letters that the normaliser keeps from being found.
    public var warnings: [String] { vocabulary.warnings + (caseWarning.map { [$0] } ?? []) }

    /// The id of a token, added ones included.
    public func id(of token: String) -> Int32? { added.anyID(of: token) }

    /// The token of an id, or nil when there is none.
    public func token(of id: Int32) -> String? { added.token(of: id) }

    public func files() throws -> [TokenizerFile] {
        guard !holdsVocabulary else { return settings }
        return [TokenizerFile(name: "vocab.txt", contents: Data(try vocabulary.text.utf8))] + settings
    }

    public var modelMaxLength: Int? { config.modelMaxLength }
    public var truncatesLeft: Bool { config.truncatesLeft }
}
