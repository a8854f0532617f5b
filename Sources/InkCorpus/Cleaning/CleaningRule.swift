/// One rule of cleaning: looks at a whole text once and says which places change.
///
/// A rule that is applied again to its own result changes nothing in the end: `CleanStage` repeats the rules until none
/// of them finds anything.
protocol CleaningRule: Sendable {
    /// The name in reports, which is also the setting that turns it on.
    var name: String { get }
    /// The features of which a text has at least one when there is something to change: what spares most texts the rule.
    var triggers: TextFeatures { get }
    /// The features of a text that the rule has changed, where they follow from those before and all sentences stay in their
    /// places; nil where the text has to be read again.
    func featuresAfter(_ features: TextFeatures) -> TextFeatures?
    /// Reports each place to `edits`, from left to right.
    /// - Parameters:
    ///   - text: valid UTF-8.
    ///   - profile: of the text.
    func apply(to text: [UInt8], _ profile: TextProfile, _ edits: inout TextEdits) throws
}

extension CleaningRule {
    func featuresAfter(_ features: TextFeatures) -> TextFeatures? { nil }
}
