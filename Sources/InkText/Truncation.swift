import InkSupport

/// Which text gives way when a pair, or one text, is longer than the model takes.
public enum Truncation: String, Hashable, Sendable, CaseIterable {
    /// Takes tokens from the longer text until both fit. For one text the same as `onlyFirst`.
    case longestFirst = "longest_first"
    case onlyFirst = "only_first"
    case onlySecond = "only_second"
    /// Never shortens.
    case none = "do_not_truncate"

    /// How many tokens of each text stay; the arithmetic of `truncate_encodings` in Hugging Face `tokenizers`.
    ///
    /// - Parameters:
    ///   - counts: tokens of the texts, one or two entries.
    ///   - room: tokens that may stay in all, special tokens not counted.
    /// - Throws: `InputError` when the text to shorten would vanish, or there is no second text.
    func kept(of counts: [Int], room: Int) throws -> [Int] {
        let total = counts.reduce(0, +)
        guard self != .none, total > room else { return counts }
        guard room > 0 else { return counts.map { _ in 0 } }
        if self == .longestFirst {
            guard counts.count == 2 else { return [room] }
            let shorter = min(counts[0], counts[1])
            var (small, large) = (shorter, shorter > room ? shorter : max(shorter, room - shorter))
            if small + large > room {
                small = room / 2
                large = small + room % 2
            }
            return counts[0] > counts[1] ? [large, small] : [small, large]
        }
        let target = self == .onlyFirst ? 0 : 1
        guard target < counts.count else {
            throw InputError(
                .usage, at: "truncation", "\(rawValue) needs a second text",
                remedy: "Use \(Truncation.longestFirst.rawValue) or \(Truncation.onlyFirst.rawValue).")
        }
        guard counts[target] > total - room else {
            throw InputError(
                .usage, at: "truncation", "\(rawValue) cannot make the pair fit",
                expected: "at least \(total - room + 1) tokens in that text", found: "\(counts[target])",
                remedy: "Use \(Truncation.longestFirst.rawValue), or a larger maximum length.")
        }
        var kept = counts
        kept[target] -= total - room
        return kept
    }

    /// As `kept(of:room:)`, in an input of at most `maxLength` tokens (nil: no bound) made of `parts`.
    /// - Throws: also when `maxLength` has no room for the special tokens.
    func kept(of counts: [Int], maxLength: Int?, in parts: [SpecialTokenTemplate.Part]) throws -> [Int] {
        guard let room = try room(maxLength, in: parts) else { return counts }
        return try kept(of: counts, room: room)
    }

    /// Tokens that remain for text in `maxLength`; nil for no bound.
    /// - Throws: `InputError` when there is no room for the special tokens among `parts`.
    func room(_ maxLength: Int?, in parts: [SpecialTokenTemplate.Part]) throws -> Int? {
        guard let maxLength, self != .none else { return nil }
        let added = SpecialTokenTemplate.addedCount(parts)
        guard maxLength >= added else {
            throw InputError(
                .usage, at: "maxLength", "no room for the special tokens", expected: "at least \(added)",
                found: "\(maxLength)", remedy: "Give a larger maximum length.")
        }
        return maxLength - added
    }
}
