/// What Yuan 1.0 tells apart in a crawl.
public enum QualityClass: String, Sendable, CaseIterable {
    /// Fluent and informative.
    case high
    /// Not fluent: broken, mixed up, lists of key words.
    case disfluent
    /// Fluent and without content of its own: advertisements, site notices, disclaimers.
    case advertisement

    /// Names of the classes in a model.
    public static let labels = allCases.map(\.rawValue)
    /// The place in `labels`.
    public var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
