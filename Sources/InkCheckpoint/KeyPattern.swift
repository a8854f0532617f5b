/// A pattern of checkpoint keys in which `*` stands for any text, dots included.
public struct KeyPattern: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The pattern as written.
    public let text: String

    public init(_ text: String) { self.text = text }

    public init(stringLiteral text: String) { self.text = text }

    /// Whether the whole of `key` fits the pattern.
    public func matches(_ key: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        var rest = Substring(key).utf8[...]
        for (index, part) in parts.enumerated() {
            if index == 0 {
                guard rest.starts(with: part) else { return false }
                rest = rest.dropFirst(part.count)
            } else if index == parts.count - 1 {
                return rest.count >= part.count && rest.suffix(part.count).elementsEqual(part)
            } else {
                // The first place found leaves most for what follows.
                guard let place = rest.indices.first(where: { rest[$0...].starts(with: part) }) else { return false }
                rest = rest[place...].dropFirst(part.count)
            }
        }
        return rest.isEmpty
    }

    /// Tensors that a model may leave unused: tables that it computes, and heads of the pre-training objectives.
    ///
    /// A model whose architecture has no such tables must refuse the file; it looks for them in `Checkpoint.entries`.
    public static let ignorable: [KeyPattern] = [
        "*embeddings.position_ids", "*embeddings.token_type_ids", "*.relative_positions_encoding.positions_encoding",
        "*.attn.bias", "*.attn.masked_bias", "*.rope_emb.div_term", "cls.*", "*pooler.dense.*",
        "*encoder.embed_positions.weight", "lm_predictions.*", "mask_predictions.*",
        "deberta.embeddings.position_embeddings.weight", "lm_head.*", "predictions.*", "sop_classifier.*",
        "albert.pooler.*",
    ]
}
