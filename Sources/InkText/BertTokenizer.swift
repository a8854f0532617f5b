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
public struct BertTokenizer: Sendable {
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

    let actions: ScalarActions
    let rawMatcher: AddedTokenMatcher
    let normalizedMatcher: AddedTokenMatcher
    /// Added tokens that the vocabulary file does not hold.
    let extraTokens: [Int32: String]

    /// Opens the tokenizer of a checkpoint folder: `vocab.txt` and the files of `TokenizerConfig`.
    /// - Throws: `InputError`, see `Vocabulary.init(contentsOf:)`, `TokenizerConfig.init(contentsOf:)` and
    ///   `init(vocabulary:config:)`.
    public init(contentsOf folder: URL) throws {
        let config = try TokenizerConfig(contentsOf: folder)
        try self.init(vocabulary: Vocabulary(contentsOf: folder.appending(path: "vocab.txt")), config: config)
    }

    /// - Throws: `InputError` when a named special token is missing from the vocabulary, or stands there twice, or when
    ///   an added token's id contradicts the vocabulary.
    public init(vocabulary: Vocabulary, config: TokenizerConfig = TokenizerConfig()) throws {
        let added = try AddedVocabulary(vocabulary: vocabulary, config: config)
        self.vocabulary = vocabulary
        self.config = config
        unknownID = try added.requiredID(of: config.unknown, "unk_token")
        separatorID = try added.requiredID(of: config.separator, "sep_token")
        paddingID = try added.requiredID(of: config.padding, "pad_token")
        classificationID = try added.requiredID(of: config.classification, "cls_token")
        maskID = config.mask.flatMap { added.id(of: $0.content) }
        specialIDs = added.specialIDs
        extraTokens = added.extraTokens
        actions = ScalarActions(config.normalization, vocabulary: vocabulary, unknown: unknownID)
        rawMatcher = AddedTokenMatcher(
            added.entries.filter { !$0.token.isNormalized }.map { ($0.token, $0.token.content, $0.id) })
        normalizedMatcher = AddedTokenMatcher(
            added.entries.filter(\.token.isNormalized).map { entry in
                let scalars = NormalizedText(entry.token.content.unicodeScalars, config.normalization).scalars
                return (entry.token, String(String.UnicodeScalarView(scalars)), entry.id)
            })
    }

    /// Ids this tokenizer can produce run from 0 to below this: the vocabulary, and added tokens behind it.
    public var idCount: Int { max(vocabulary.count, (extraTokens.keys.max().map { Int($0) + 1 }) ?? 0) }

    /// Things a user should hear of; see `Vocabulary.warnings`.
    public var warnings: [String] { vocabulary.warnings }

    /// The id of a token, added ones included.
    public func id(of token: String) -> Int32? {
        vocabulary.id(of: token) ?? extraTokens.first { $0.value.utf8.elementsEqual(token.utf8) }?.key
    }

    /// The token of an id, or nil when there is none.
    public func token(of id: Int32) -> String? { vocabulary.token(of: id) ?? extraTokens[id] }

    /// The tokens of ids; an id out of range gives the unknown token.
    public func tokens(of ids: some Sequence<Int32>) -> [String] {
        ids.map { token(of: $0) ?? config.unknown.content }
    }

    /// Encodes one text or a pair as `[CLS] text [SEP]` or `[CLS] text [SEP] pair [SEP]`.
    ///
    /// - Parameters:
    ///   - maxLength: longest result in tokens, special ones included; nil for no bound.
    ///   - truncation: what gives way beyond that.
    ///   - addSpecialTokens: false leaves out `[CLS]` and `[SEP]`.
    /// - Throws: `InputError` when `maxLength` has no room for the special tokens, or the truncation cannot be done.
    public func encode(
        _ text: String, pair: String? = nil, maxLength: Int? = nil, truncation: Truncation = .longestFirst,
        addSpecialTokens: Bool = true
    ) throws -> Encoding {
        let texts = [analyze(text)] + (pair.map { [analyze($0)] } ?? [])
        var kept = texts.map(\.ids.count)
        if let maxLength, truncation != .none {
            let room = try roomForText(maxLength, added: addSpecialTokens ? texts.count + 1 : 0)
            kept = try truncation.kept(of: kept, room: room)
        }
        var encoding = Encoding()
        if addSpecialTokens { encoding.append(classificationID, typeID: 0, isAdded: true, offset: 0..<0) }
        for (typeID, analysis) in zip(Int32(0)..., texts) {
            let count = kept[Int(typeID)]
            let first = config.truncatesLeft ? analysis.ids.count - count : 0
            for index in first..<first + count {
                encoding.append(analysis.ids[index], typeID: typeID, isAdded: false, offset: analysis.offsets[index])
            }
            if addSpecialTokens { encoding.append(separatorID, typeID: typeID, isAdded: true, offset: 0..<0) }
        }
        return encoding
    }

    /// Tokens that remain for text in `maxLength`, when `added` special tokens are put around it.
    func roomForText(_ maxLength: Int, added: Int) throws -> Int {
        guard maxLength >= added, maxLength >= 0 else {
            throw InputError(
                .usage, at: "maxLength", "no room for the special tokens", expected: "at least \(added)",
                found: "\(maxLength)", remedy: "Give a larger maximum length.")
        }
        return maxLength - added
    }
}
