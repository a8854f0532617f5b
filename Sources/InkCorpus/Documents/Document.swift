import InkSupport

/// A document of a corpus.
public struct Document: Hashable, Sendable {
    /// The text in valid UTF-8. Stages work on bytes, so that a text is neither decoded nor copied without need.
    public var utf8: [UInt8]
    /// What names the document in reports and rejected files; `FILE:LINE` where the input gave none.
    public var id: String
    /// Where it comes from: the record's `source`, otherwise the file's name without its extensions.
    public var source: String
    /// Further fields of the record; a stage that scores documents adds its scores here.
    public var meta: JSONObject

    /// - Parameter utf8: must be valid UTF-8.
    public init(utf8: [UInt8], id: String, source: String = "", meta: JSONObject = JSONObject()) {
        self.utf8 = utf8
        self.id = id
        self.source = source
        self.meta = meta
    }

    public init(text: String, id: String, source: String = "", meta: JSONObject = JSONObject()) {
        self.init(utf8: Array(text.utf8), id: id, source: source, meta: meta)
    }

    /// The text.
    public var text: String {
        get { String(decoding: utf8, as: UTF8.self) }
        set { utf8 = Array(newValue.utf8) }
    }
}

/// What becomes of a document.
public enum Verdict: Hashable, Sendable {
    case keep
    /// It leaves the corpus: the rule that says so, as it stands in reports, and what the rule saw.
    case remove(rule: String, detail: String? = nil)
}
