/// Builds a BERT vocabulary from texts: the special tokens, then characters by frequency, each also as a continuation.
public struct VocabularyBuilder: Sendable {
    /// Most tokens of the vocabulary.
    public var size: Int

    public init(size: Int) {
        self.size = size
    }

    /// - Throws: `InputError` when the tokens make no vocabulary.
    public func build(from texts: [String]) throws -> Vocabulary {
        var counts: [String: Int] = [:]
        for text in texts {
            for character in text.lowercased().unicodeScalars where !character.properties.isWhitespace {
                counts[String(character), default: 0] += 1
            }
        }
        let characters = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let continued = characters.filter { $0.unicodeScalars.allSatisfy(\.isASCII) }.map { "##\($0)" }
        let special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        return try Vocabulary(tokens: Array((special + characters + continued).prefix(size)))
    }
}
