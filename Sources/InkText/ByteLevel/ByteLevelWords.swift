/// GPT-2's pre-tokenizer: cuts a text as its pattern does,
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
enum ByteLevelWords {
    /// Where the word that begins at `start` of the UTF-8 `text` ends. `start` must be below `limit`.
    static func end(
        _ text: [UInt8], from start: Int, limit: Int, _ blocks: borrowing Span<UInt16>,
        _ values: borrowing Span<UInt32>
    ) -> Int {
        if text[start] == UInt8(ascii: "'"), let length = contraction(text, start, limit) { return start + length }
        var position = start
        var kind = wordClass(text, &position, limit, blocks, values)
        if text[start] == UInt8(ascii: " "), position < limit {
            var next = position
            let following = wordClass(text, &next, limit, blocks, values)
            // One space belongs to the word behind it.
            if following != .space {
                kind = following
                position = next
            }
        }
        var last = start
        while position < limit {
            var next = position
            guard wordClass(text, &next, limit, blocks, values) == kind else { break }
            last = position
            position = next
        }
        // The last white space of several before a word stands apart.
        return kind == .space && position < limit && last > start ? last : position
    }

    @inline(__always)
    private static func wordClass(
        _ text: [UInt8], _ position: inout Int, _ limit: Int, _ blocks: borrowing Span<UInt16>,
        _ values: borrowing Span<UInt32>
    ) -> WordClass {
        let scalar = UTF8Text.scalar(text, at: &position, limit: limit)
        return WordClass(rawValue: ScalarTable.value(of: scalar, blocks, values)) ?? .other
    }

    /// The length of an English contraction at `start`.
    private static func contraction(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int? {
        guard start + 1 < limit else { return nil }
        let first = Unicode.Scalar(text[start + 1])
        if "stmd".unicodeScalars.contains(first) { return 2 }
        guard start + 2 < limit else { return nil }
        switch (first, Unicode.Scalar(text[start + 2])) {
        case ("r", "e"), ("v", "e"), ("l", "l"): return 3
        default: return nil
        }
    }
}
