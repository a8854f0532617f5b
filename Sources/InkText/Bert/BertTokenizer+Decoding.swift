extension BertTokenizer {
    /// Text from ids, as `decode` of the reference: `##` pieces are joined, other tokens separated by a space, and the
    /// space before English punctuation and contractions removed.
    ///
    /// - Parameters:
    ///   - skipSpecialTokens: leave out special tokens.
    ///   - cleaningSpaces: remove the spaces that tokenization put before punctuation and contractions, once more over
    ///     the whole text, as `clean_up_tokenization_spaces`.
    public func decode(
        _ ids: some Sequence<Int32>, skipSpecialTokens: Bool = false, cleaningSpaces: Bool
    ) -> String {
        var text = ""
        var isFirst = true
        for id in ids {
            guard let token = token(of: id) else { continue }
            if skipSpecialTokens, specialIDs.contains(id) { continue }
            if isFirst {
                text += Self.tidied(token, Self.pieceRules)
            } else if token.utf8.starts(with: "##".utf8) {
                text += Self.tidied(String(token.unicodeScalars.dropFirst(2)), Self.pieceRules)
            } else {
                text += Self.tidied(" " + token, Self.pieceRules)
            }
            isFirst = false
        }
        return cleaningSpaces ? Self.tidied(text, Self.textRules) : text
    }

    /// As the reference does by default: with spaces cleaned.
    public func decode(_ ids: [Int32], skipSpecialTokens: Bool) -> String {
        decode(ids, skipSpecialTokens: skipSpecialTokens, cleaningSpaces: true)
    }

    private typealias Rule = (found: String, replacement: String)

    /// Applied in turn to the whole text by `clean_up_tokenization`.
    private static let textRules: [Rule] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ]
    /// Applied in turn to each token by the WordPiece decoder.
    private static let pieceRules: [Rule] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ]

    private static func tidied(_ text: String, _ rules: [Rule]) -> String {
        var bytes = Array(text.utf8)
        for rule in rules { bytes = replacing(Array(rule.found.utf8), by: Array(rule.replacement.utf8), in: bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Byte-wise, so that a combining mark behind the match does not hide it.
    private static func replacing(_ found: [UInt8], by replacement: [UInt8], in text: [UInt8]) -> [UInt8] {
        guard text.count >= found.count else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            if text[position...].starts(with: found) {
                result.append(contentsOf: replacement)
                position += found.count
            } else {
                result.append(text[position])
                position += 1
            }
        }
        return result
    }
}
