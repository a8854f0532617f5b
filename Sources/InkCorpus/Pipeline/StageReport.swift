import InkSupport

/// What a stage did with a corpus.
public struct StageReport: Hashable, Sendable {
    /// The stage's name.
    public var stage: String
    public var documentsIn = 0
    public var documentsOut = 0
    /// Bytes of text.
    public var bytesIn = 0
    public var bytesOut = 0
    /// Time of the pass over the documents; stages that share a pass share its time.
    public var seconds = 0.0
    public var tally = StageTally()
    /// Figures that only this stage has, for the report and `--json`.
    public var facts = JSONObject()
    /// Lines for people: what was odd.
    public var warnings: [String] = []

    public init(stage: String) { self.stage = stage }
}
