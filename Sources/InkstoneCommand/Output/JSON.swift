import InkSupport

/// JSON for machines, fields in the order written.
typealias JSON = JSONValue

extension JSON {
    /// The value on one line.
    var line: String { serialized(indented: false) }
}
