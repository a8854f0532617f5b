import InkText

/// How a text becomes a model's input; the same in training, evaluation and prediction.
public struct InputForm: Codable, Equatable, Sendable {
    /// Most tokens, special ones included; longer texts are cut at the end.
    public var maxLength: Int
    /// Whether `[SEP]` ends the sequence. The reference recipe leaves it out.
    public var appendsSeparator: Bool
    /// How special tokens in a text are read; nil for `keep`.
    public var specialTokensInText: SpecialTokensInText?

    /// `[CLS]`, one token of text, `[SEP]`.
    static let shortest = 3

    public init(maxLength: Int, appendsSeparator: Bool = true) {
        self.maxLength = maxLength
        self.appendsSeparator = appendsSeparator
    }

    /// Encodes texts into packed ids, `[CLS] text [SEP]` or `[CLS] text`.
    /// - Throws: `InputError` when `maxLength` has no room for text.
    public func encode(_ texts: [String], with tokenizer: any Tokenizer, threads: Int? = nil) throws -> PackedEncodings
    {
        guard !appendsSeparator else {
            return try tokenizer.encodePacked(texts, maxLength: maxLength, threads: threads)
        }
        let withSeparator = try tokenizer.encodePacked(texts, maxLength: maxLength + 1, threads: threads)
        var packed = PackedEncodings()
        packed.ids.reserveCapacity(withSeparator.ids.count - texts.count)
        for index in 0..<withSeparator.count {
            packed.ids.append(contentsOf: withSeparator[index].dropLast())
            packed.starts.append(packed.ids.count)
        }
        packed.unread = withSeparator.unread
        return packed
    }
}
