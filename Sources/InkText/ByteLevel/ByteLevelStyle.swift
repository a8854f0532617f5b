/// How a class of transformers puts byte-level BPE to use: special tokens and template.
public enum ByteLevelStyle: Sendable, CaseIterable {
    /// `RobertaTokenizer`: `<s> A </s></s> B </s>`.
    case roberta
    /// `GPT2Tokenizer`: nothing around the texts; `<|endoftext|>` stands for every special token.
    case gpt2

    /// The style of a `tokenizer_class`; nil when no style has it.
    static func style(of tokenizerClass: String) -> ByteLevelStyle? {
        allCases.first { $0.classes.contains(tokenizerClass) }
    }

    /// Values of `tokenizer_class`.
    var classes: Set<String> {
        switch self {
        case .roberta:
            [
                "RobertaTokenizer", "RobertaTokenizerFast", "LongformerTokenizer", "LongformerTokenizerFast",
                "BartTokenizer", "BartTokenizerFast",
            ]
        case .gpt2: ["GPT2Tokenizer", "GPT2TokenizerFast"]
        }
    }

    /// What holds where the folder is silent.
    var defaults: TokenizerConfig {
        var config = TokenizerConfig()
        config.lowercases = false
        switch self {
        case .roberta: config.useTokensOfRoberta()
        case .gpt2:
            let end = AddedToken("<|endoftext|>")
            (config.classification, config.separator, config.padding, config.unknown) = (end, end, end, end)
            config.mask = nil
        }
        return config
    }

    func template(classificationID: Int32, separatorID: Int32) -> SpecialTokenTemplate {
        switch self {
        case .roberta: .roberta(classificationID: classificationID, separatorID: separatorID)
        case .gpt2: .none
        }
    }
}
