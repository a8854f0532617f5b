import Foundation
import InkSupport

/// What a checkpoint folder says about its tokenizer, beside the vocabulary.
///
/// Read from `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json`, each of which may be absent.
/// As in the fast tokenizer of Hugging Face, `do_basic_tokenize` and `never_split` have no effect.
public struct TokenizerConfig: Equatable, Sendable {
    /// `do_lower_case`.
    public var lowercases = true
    /// `strip_accents`; nil follows `lowercases`.
    public var stripsAccents: Bool?
    /// `tokenize_chinese_chars`.
    public var separatesIdeographs = true
    /// `add_prefix_space`: byte-level tokenizers put a space before a text that begins with none.
    public var addsPrefixSpace = false
    /// `model_max_length` in tokens; nil when the file sets no bound (or the "very large" 1e30).
    public var modelMaxLength: Int?
    /// `truncation_side` is `left`: the end of a long text is kept, not its beginning.
    public var truncatesLeft = false

    /// `unk_token`.
    public var unknown = AddedToken("[UNK]")
    /// `sep_token`.
    public var separator = AddedToken("[SEP]")
    /// `pad_token`.
    public var padding = AddedToken("[PAD]")
    /// `cls_token`.
    public var classification = AddedToken("[CLS]")
    /// nil when the file says `null`.
    public var mask: AddedToken? = AddedToken("[MASK]")
    /// `additional_special_tokens`.
    public var additionalSpecialTokens: [AddedToken] = []
    /// `added_tokens_decoder`, or `added_tokens.json`: tokens by id.
    public var addedTokens: [Int32: AddedToken] = [:]

    /// The published defaults: lower case, `[UNK]`, `[SEP]`, `[PAD]`, `[CLS]`, `[MASK]`.
    public init() {}

    /// Takes the names of RoBERTa: `<s>`, `</s>`, `<pad>`, `<unk>`, `<mask>`.
    mutating func useTokensOfRoberta() {
        classification = AddedToken("<s>")
        separator = AddedToken("</s>")
        padding = AddedToken("<pad>")
        unknown = AddedToken("<unk>")
        mask = AddedToken("<mask>", stripsLeft: true)
    }

    /// The options for the normaliser.
    public var normalization: BertNormalization {
        BertNormalization(
            lowercases: lowercases, stripsAccents: stripsAccents, separatesIdeographs: separatesIdeographs)
    }

    /// Reads the files of a checkpoint folder; those that are absent leave the defaults.
    /// - Parameters:
    ///   - defaults: what holds where the files are silent.
    ///   - classes: values of `tokenizer_class` whose tokenizer this is, by default those that are BERT's; nil for any.
    /// - Throws: `InputError` naming file and field: a wrong type, two files that contradict each other, or another
    ///   `tokenizer_class`.
    public init(
        contentsOf folder: URL, defaults: TokenizerConfig = TokenizerConfig(), classes: Set<String>? = bertClasses
    ) throws {
        self = defaults
        let config = try TokenizerConfigFile(folder.appending(path: "tokenizer_config.json"))
        let specials = try TokenizerConfigFile(folder.appending(path: "special_tokens_map.json"))
        if let config { try read(config, classes) }
        if let specials {
            if config?.has("added_tokens_decoder") == true {
                try checkAgreement(specials)
            } else {
                try readSpecialTokens(specials, after: config)
            }
        }
        if config?.has("added_tokens_decoder") != true,
            let added = try TokenizerConfigFile(folder.appending(path: "added_tokens.json"))
        {
            let names = Set(specialTokens.map(\.content))
            for (content, id) in try added.ids() {
                let isSpecial = names.contains(content)
                addedTokens[id] = AddedToken(content, isNormalized: !isSpecial, isSpecial: isSpecial)
            }
        }
    }

    /// The named special tokens and the additional ones.
    public var specialTokens: [AddedToken] {
        [unknown, separator, padding, classification] + (mask.map { [$0] } ?? []) + additionalSpecialTokens
    }

    private mutating func read(_ file: TokenizerConfigFile, _ classes: Set<String>?) throws {
        if let classes, let name = try file.value("tokenizer_class", String.self), !classes.contains(name) {
            throw InputError(
                at: file.place("tokenizer_class"), "does not fit the vocabulary",
                expected: classes.sorted().joined(separator: ", "), found: name,
                remedy: "Use the files of one checkpoint; remove the field if this is one of these under another name.")
        }
        lowercases = try file.value("do_lower_case", Bool.self) ?? lowercases
        stripsAccents = try file.value("strip_accents", Bool.self) ?? stripsAccents
        separatesIdeographs = try file.value("tokenize_chinese_chars", Bool.self) ?? separatesIdeographs
        addsPrefixSpace = try file.value("add_prefix_space", Bool.self) ?? addsPrefixSpace
        modelMaxLength = try file.length("model_max_length")
        switch try file.value("truncation_side", String.self) {
        case nil, "right": truncatesLeft = false
        case "left": truncatesLeft = true
        case .some(let side):
            throw InputError(
                at: file.place("truncation_side"), "unknown side", expected: "left or right", found: side)
        }
        try readNames(file)
        additionalSpecialTokens = try file.tokens("additional_special_tokens") ?? []
        addedTokens = try file.tokensByID("added_tokens_decoder") ?? [:]
    }

    private mutating func readNames(_ file: TokenizerConfigFile) throws {
        unknown = try file.requiredToken("unk_token") ?? unknown
        separator = try file.requiredToken("sep_token") ?? separator
        padding = try file.requiredToken("pad_token") ?? padding
        classification = try file.requiredToken("cls_token") ?? classification
        if file.isNull("mask_token") { mask = nil }
        mask = try file.token("mask_token") ?? mask
    }

    /// Takes the names of `special_tokens_map.json`, which hold where `tokenizer_config.json` is silent.
    private mutating func readSpecialTokens(_ file: TokenizerConfigFile, after config: TokenizerConfigFile?) throws {
        for field in TokenizerConfigFile.tokenFields {
            guard let stated = try config?.token(field), let other = try file.token(field) else { continue }
            guard stated.content == other.content else { throw file.contradiction(field, other, stated) }
        }
        try readNames(file)
        for token in try file.tokens("additional_special_tokens") ?? []
        where !additionalSpecialTokens.contains(where: { $0.content == token.content }) {
            additionalSpecialTokens.append(token)
        }
    }

    private func checkAgreement(_ file: TokenizerConfigFile) throws {
        let stated: [String: AddedToken?] = [
            "unk_token": unknown, "sep_token": separator, "pad_token": padding, "cls_token": classification,
            "mask_token": mask,
        ]
        for field in TokenizerConfigFile.tokenFields {
            guard let other = try file.token(field), let token = stated[field] ?? nil else { continue }
            guard token.content == other.content else { throw file.contradiction(field, other, token) }
        }
    }

    /// Classes of Hugging Face whose tokenizer is BERT's to the letter.
    public static let bertClasses: Set<String> = [
        "BertTokenizer", "BertTokenizerFast", "ErnieTokenizer", "ErnieTokenizerFast", "ElectraTokenizer",
        "ElectraTokenizerFast", "DistilBertTokenizer", "DistilBertTokenizerFast", "ConvBertTokenizer",
        "ConvBertTokenizerFast", "MobileBertTokenizer", "MobileBertTokenizerFast", "NezhaTokenizer",
        "RetriBertTokenizer", "RetriBertTokenizerFast", "SqueezeBertTokenizer", "SqueezeBertTokenizerFast",
        "PreTrainedTokenizerFast",
    ]
}
