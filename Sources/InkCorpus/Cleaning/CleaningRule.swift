/// One rule of cleaning: looks at a whole text once and says which places change.
///
/// A rule that is applied again to its own result changes nothing in the end: `CleanStage` repeats the rules until none
/// of them finds anything.
protocol CleaningRule: Sendable {
    /// The name in reports, which is also the setting that turns it on.
    var name: String { get }
    /// Whether a text of these bytes may hold something to change; a cheap test that spares most texts the pass.
    func mayChange(_ bytes: ByteProfile) -> Bool
    /// Reports each place to `edits`, from left to right.
    /// - Parameter text: valid UTF-8.
    func apply(to text: [UInt8], _ edits: inout TextEdits) throws
}

extension CleaningRule {
    func mayChange(_ bytes: ByteProfile) -> Bool { true }
}
