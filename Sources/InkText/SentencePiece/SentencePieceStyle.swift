/// How a class of transformers puts a SentencePiece model to use: ids, special tokens, template.
public enum SentencePieceStyle: Sendable, CaseIterable {
    /// `XLMRobertaTokenizer`: fairseq's ids, `<s> A </s></s> B </s>`.
    case xlmRoberta
    /// `DebertaV2Tokenizer`: the file's ids, `[CLS] A [SEP] B [SEP]`.
    case debertaV2
    /// `T5Tokenizer`: the file's ids, `A </s> B </s>`.
    case t5

    /// Names that the model file may have, in the order in which they are looked for.
    static let fileNames = ["sentencepiece.bpe.model", "spm.model", "spiece.model", "tokenizer.model"]

    /// The style of a `tokenizer_class`; nil when no style has it.
    static func style(of tokenizerClass: String) -> SentencePieceStyle? {
        allCases.first { $0.classes.contains(tokenizerClass) }
    }

    /// The name under which transformers writes the file.
    var fileName: String {
        switch self {
        case .xlmRoberta: "sentencepiece.bpe.model"
        case .debertaV2: "spm.model"
        case .t5: "spiece.model"
        }
    }

    /// Values of `tokenizer_class`.
    var classes: Set<String> {
        switch self {
        case .xlmRoberta: ["XLMRobertaTokenizer", "XLMRobertaTokenizerFast"]
        case .debertaV2: ["DebertaV2Tokenizer", "DebertaV2TokenizerFast"]
        case .t5: ["T5Tokenizer", "T5TokenizerFast"]
        }
    }

    var layout: PieceVocabulary.Layout { self == .xlmRoberta ? .fairseq : .asInFile }

    /// What holds where the folder is silent.
    var defaults: TokenizerConfig {
        var config = TokenizerConfig()
        config.lowercases = false
        switch self {
        case .xlmRoberta: config.useTokensOfRoberta()
        case .debertaV2: break
        case .t5:
            config.classification = AddedToken("</s>")
            config.separator = AddedToken("</s>")
            config.padding = AddedToken("<pad>")
            config.unknown = AddedToken("<unk>")
            config.mask = nil
        }
        return config
    }

    func template(classificationID: Int32, separatorID: Int32) -> SpecialTokenTemplate {
        switch self {
        case .xlmRoberta: return .roberta(classificationID: classificationID, separatorID: separatorID)
        case .debertaV2: return .bert(classificationID: classificationID, separatorID: separatorID)
        case .t5:
            let end = SpecialTokenTemplate.Part.token(id: separatorID, typeID: 0)
            let single = [.text(index: 0, typeID: 0), end]
            return SpecialTokenTemplate(single: single, pair: single + [.text(index: 1, typeID: 0), end])
        }
    }
}
