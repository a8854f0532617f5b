/// Compares the letters of a vocabulary with what the normaliser does to those of a text.
enum VocabularyCase {
    /// A warning when they contradict each other, so that many words become unknown; nil otherwise.
    ///
    /// Published vocabularies in small letters hold no token with a capital, or two or three.
    static func warning(_ vocabulary: Vocabulary, lowercases: Bool) -> String? {
        var (capitals, small) = (0, 0)
        var first: Int?
        for (id, token) in vocabulary.tokens.enumerated() where !isSpecial(token) {
            if token.utf8.contains(where: { (0x41...0x5A).contains($0) }) {
                capitals += 1
                first = first ?? id
            } else if token.utf8.contains(where: { (0x61...0x7A).contains($0) }) {
                small += 1
            }
        }
        if lowercases, let first, capitals >= leastCount, capitals * 20 > small {
            return
                "\(vocabulary.location): \(capitals) tokens hold capitals and are never found, as do_lower_case is true, "
                + "the first \"\(vocabulary.tokens[first])\" with the id \(first); set do_lower_case to false in "
                + "tokenizer_config.json, if the checkpoint was trained so"
        }
        if !lowercases, capitals == 0, small >= leastCount {
            return "\(vocabulary.location): no token holds a capital, but do_lower_case is false, so that words with "
                + "capitals are unknown; set do_lower_case to true in tokenizer_config.json, if the checkpoint was trained so"
        }
        return nil
    }

    /// Fewer tokens say nothing.
    private static let leastCount = 20

    /// `[UNK]`, `<S>`.
    private static func isSpecial(_ token: String) -> Bool {
        token.hasPrefix("[") && token.hasSuffix("]") || token.hasPrefix("<") && token.hasSuffix(">")
    }
}
