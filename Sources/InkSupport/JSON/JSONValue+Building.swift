extension JSONValue {
    /// An object of the fields given; those that are nil are left out.
    public static func record(_ fields: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(JSONObject(fields))
    }

    /// A whole number.
    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// A number; null for what JSON has no number for.
    public static func float<Value: BinaryFloatingPoint & LosslessStringConvertible>(_ value: Value) -> JSONValue {
        value.isFinite ? .number(String(value)) : .null
    }

    /// An array of strings.
    public static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

    /// An array of whole numbers.
    public static func integers(_ values: [some BinaryInteger]) -> JSONValue { .array(values.map { .integer($0) }) }

    /// An array of numbers.
    public static func floats(_ values: [Float]) -> JSONValue { .array(values.map { .float($0) }) }
}

extension JSONObject {
    /// The fields given; those that are nil are left out.
    public init(_ fields: KeyValuePairs<String, JSONValue?>) {
        self.init()
        for (name, value) in fields { if let value { self[name] = value } }
    }
}
