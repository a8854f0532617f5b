import InkSupport

/// JSON for machines, fields in the order written.
typealias JSON = JSONValue

extension JSON {
    /// An object of the fields given; those that are nil are left out.
    static func record(_ fields: KeyValuePairs<String, JSON?>) -> JSON {
        var object = JSONObject()
        for (name, value) in fields { if let value { object[name] = value } }
        return .object(object)
    }

    static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

    /// A number; null for what JSON has no number for.
    static func float<Value: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Value) -> JSON {
        value.isFinite ? .number(String(value)) : .null
    }

    static func strings(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
    static func integers(_ values: [some BinaryInteger]) -> JSON { .array(values.map { .integer($0) }) }
    static func floats(_ values: [Float]) -> JSON { .array(values.map { .float($0) }) }

    /// The value on one line.
    var line: String { serialized(indented: false) }
}
