/// How a special token that a text holds (`[SEP]`, `[MASK]`, `<s>` as its author wrote it) is read.
public enum SpecialTokensInText: String, Codable, CaseIterable, Sendable {
    /// As the token, as the tokenizers of transformers do.
    case keep
    /// As text like any other: `[`, `sep`, `]`.
    case split
}

/// How many special tokens texts hold, and where the first one stands.
public struct SpecialTokensFound: Sendable, Equatable {
    /// Special tokens in all texts.
    public private(set) var count = 0
    /// Texts that hold one.
    public private(set) var texts = 0
    /// The first one, and the place of its text as the caller named it.
    public private(set) var first: (token: String, place: String)?

    public init() {}

    /// Looks through a text; `place` names it (`train.txt:17`) and is asked for once.
    public mutating func look(at text: String, _ tokenizer: some Tokenizer, place: @autoclosure () -> String) {
        let found = tokenizer.specialTokens(in: text)
        guard let token = found.first else { return }
        count += found.count
        texts += 1
        if first == nil { first = (token, place()) }
    }

    /// Adds what later texts hold.
    public mutating func add(_ other: SpecialTokensFound) {
        count += other.count
        texts += other.texts
        first = first ?? other.first
    }

    /// A line for people; nil where there is none. `flag` is what changes it.
    public func note(_ reading: SpecialTokensInText, flag: String = "--special-tokens-in-text") -> String? {
        guard let first else { return nil }
        let subject = "\(count) special \(count == 1 ? "token stands" : "tokens stand") in the texts themselves"
        let remedy =
            switch reading {
            case .keep: "read as the tokens they name; \(flag) split reads them as text"
            case .split: "read as text; \(flag) keep reads them as the tokens they name"
            }
        return "\(subject) (first: \(first.token), \(first.place)): \(remedy)"
    }

    public static func == (a: SpecialTokensFound, b: SpecialTokensFound) -> Bool {
        a.count == b.count && a.texts == b.texts && a.first?.token == b.first?.token && a.first?.place == b.first?.place
    }
}
