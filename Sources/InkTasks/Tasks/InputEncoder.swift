import InkText

/// Turns texts into inputs of a model: a tokenizer with the form that the run chose.
public struct InputEncoder: Sendable {
    public let tokenizer: any Tokenizer
    public let form: InputForm

    public init(_ tokenizer: any Tokenizer, _ form: InputForm) {
        self.tokenizer = form.specialTokensInText.map { tokenizer.reading($0) } ?? tokenizer
        self.form = form
    }

    /// `[CLS] text [SEP]` for each text.
    /// - Throws: `InputError` when the form has no room for text.
    public func sequences(_ texts: [String]) throws -> [TokenSequence] {
        let packed = try form.encode(texts, with: tokenizer, threads: texts.count < 256 ? 1 : nil)
        return (0..<packed.count).map { TokenSequence(Array(packed[$0])) }
    }

    /// `[CLS] first [SEP] second [SEP]` for each pair; the longer text of one that is too long gives way.
    /// - Throws: `InputError` when the form has no room for it.
    public func sequences(_ texts: [String], pairs: [String]) throws -> [TokenSequence] {
        let packed = try tokenizer.encodePacked(
            texts, pairs: pairs, maxLength: form.maxLength, threads: texts.count < 256 ? 1 : nil)
        return (0..<packed.count).map {
            TokenSequence(Array(packed[$0]), tokenTypeIDs: Array(packed.tokenTypes($0)))
        }
    }

    /// `[CLS] first [SEP] second [SEP]`.
    /// - Throws: `InputError` when the form has no room for it.
    public func sequence(
        _ first: String, _ second: String, truncation: Truncation = .longestFirst
    ) throws -> TokenSequence {
        TokenSequence(try encoding(first, second, truncation: truncation))
    }

    /// A text or a pair with the place of every token in its text.
    /// - Throws: `InputError` when the form has no room for it.
    public func encoding(
        _ first: String, _ second: String? = nil, truncation: Truncation = .longestFirst
    ) throws -> Encoding {
        try tokenizer.encode(first, pair: second, maxLength: form.maxLength, truncation: truncation)
    }
}
