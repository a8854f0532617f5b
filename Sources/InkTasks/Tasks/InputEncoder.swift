import InkText

/// Turns texts into inputs of a model: a tokenizer with the form that the run chose.
public struct InputEncoder: Sendable {
    public let tokenizer: any Tokenizer
    public let form: InputForm
    /// The longest input that the model could read, whatever the form says; nil where it is not known.
    public let maxPositions: Int?

    public init(_ tokenizer: any Tokenizer, _ form: InputForm, maxPositions: Int? = nil) {
        self.tokenizer = form.specialTokensInText.map { tokenizer.reading($0) } ?? tokenizer
        self.form = form
        self.maxPositions = maxPositions
    }

    /// `[CLS] text [SEP]` for each text.
    /// - Throws: `InputError` when the form has no room for text.
    public func sequences(_ texts: [String]) throws -> [TokenSequence] {
        Self.sequences(try form.encode(texts, with: tokenizer, threads: Self.threads(texts.count)))
    }

    /// `[CLS] first [SEP] second [SEP]` for each pair; the longer text of one that is too long gives way.
    /// - Throws: `InputError` when the form has no room for it.
    public func sequences(_ texts: [String], pairs: [String]) throws -> [TokenSequence] {
        Self.sequences(
            try tokenizer.encodePacked(
                texts, pairs: pairs, maxLength: form.maxLength, threads: Self.threads(texts.count)))
    }

    /// Few texts are not worth starting threads.
    private static func threads(_ count: Int) -> Int? { count < 256 ? 1 : nil }

    private static func sequences(_ packed: PackedEncodings) -> [TokenSequence] {
        (0..<packed.count).map { index in
            var sequence = TokenSequence(Array(packed[index]), tokenTypeIDs: Array(packed.tokenTypes(index)))
            sequence.unread = packed.unread[index] ?? UnreadTokens()
            return sequence
        }
    }
}
