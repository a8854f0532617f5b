import InkSupport

/// The rules that a published system is known to have used, as a beginning for one's own settings.
///
/// What the sources name is little; each preset is that, on top of what every corpus of web text needs (`basics`). Settings of
/// the stage override a preset rule by rule.
public enum CleanPreset: String, Sendable, CaseIterable, JSONDecodable {
    /// All rules that lose nothing but dirt; the usual one.
    case standard
    /// ERNIE 1.0: traditional to simplified and upper to lower case (as the paper is commonly summarised).
    case ernie1
    /// ERNIE 3.0 (arXiv 2107.02137): repeated characters, repeated blocks of 1 to 99 sentences, sentences under 10 words. Its
    /// equal documents are `dedup` with `method: ernie3`.
    case ernie3
    /// Mengzi (arXiv 2110.06696): tags, addresses, emoji, traditional to simplified (as the paper is commonly summarised).
    case mengzi
    /// Yuan 1.0 (arXiv 2110.04725): coarse and fine filters; its classifier's third class names site notices, advertisements and
    /// disclaimers, which `boilerplate` takes line by line. The rest is our choice.
    case yuan
    /// GLaM (arXiv 2112.06905): only its classifier is published; the rules are our choice, the least that make text readable.
    case glam

    /// Rules of every preset: our choice.
    static let basics: Set<String> = ["characters", "html", "space"]

    /// The names of the rules that are on.
    var rules: Set<String> {
        switch self {
        case .standard:
            Self.basics.union([
                "width", "urls", "emails", "emoji", "identity-card", "bank-card", "phone", "boilerplate", "runs",
                "repeats",
            ])
        case .ernie1: Self.basics.union(["lowercase", "traditional"])
        case .ernie3: Self.basics.union(["runs", "repeats", "short-sentences"])
        case .mengzi: Self.basics.union(["urls", "emails", "emoji", "traditional"])
        case .yuan:
            Self.basics.union([
                "width", "urls", "emails", "emoji", "identity-card", "bank-card", "phone", "boilerplate", "runs",
                "repeats",
            ])
        case .glam: Self.basics
        }
    }

    public init?(_ json: JSONValue) {
        guard let name = String(json) else { return nil }
        self.init(rawValue: name)
    }

    public static var jsonKind: String { "one of \(allCases.map(\.rawValue).joined(separator: ", "))" }
}
