/// A type that a field of a configuration may have.
public protocol JSONDecodable {
    /// Nil where `json` is of another type.
    init?(_ json: JSONValue)
    /// What the type looks like in JSON, for messages.
    static var jsonKind: String { get }
}

extension Int: JSONDecodable {
    /// A whole number; `768.0`, which some converters write, is one too.
    public init?(_ json: JSONValue) {
        guard case .number(let text) = json, let value = Int(text) ?? Double(text).flatMap(Int.init(exactly:)) else {
            return nil
        }
        self = value
    }
    public static var jsonKind: String { "a whole number" }
}

extension Double: JSONDecodable {
    /// A finite number.
    public init?(_ json: JSONValue) {
        guard case .number(let text) = json, let value = Double(text), value.isFinite else { return nil }
        self = value
    }
    public static var jsonKind: String { "a number" }
}

extension Bool: JSONDecodable {
    public init?(_ json: JSONValue) {
        guard case .bool(let value) = json else { return nil }
        self = value
    }
    public static var jsonKind: String { "true or false" }
}

extension String: JSONDecodable {
    public init?(_ json: JSONValue) {
        guard case .string(let value) = json else { return nil }
        self = value
    }
    public static var jsonKind: String { "text" }
}

extension JSONObject: JSONDecodable {
    public init?(_ json: JSONValue) {
        guard case .object(let object) = json else { return nil }
        self = object
    }
    public static var jsonKind: String { "an object" }
}

extension Array: JSONDecodable where Element: JSONDecodable {
    public init?(_ json: JSONValue) {
        guard case .array(let elements) = json else { return nil }
        let values = elements.compactMap(Element.init)
        guard values.count == elements.count else { return nil }
        self = values
    }
    public static var jsonKind: String { "an array, each element \(Element.jsonKind)" }
}

extension Dictionary: JSONDecodable where Key == String, Value: JSONDecodable {
    public init?(_ json: JSONValue) {
        guard case .object(let object) = json else { return nil }
        var values: [String: Value] = [:]
        for name in object.names {
            guard let value = object[name].flatMap(Value.init) else { return nil }
            values[name] = value
        }
        self = values
    }
    public static var jsonKind: String { "an object, each value \(Value.jsonKind)" }
}

extension JSONObject {
    /// The value of a field, nil where it is absent or null.
    ///
    /// Throws `InputError` where it is of another type; `path` names the file in it.
    package func value<Value: JSONDecodable>(
        _ field: String, _ type: Value.Type = Value.self, at path: String
    ) throws -> Value? {
        guard let json = self[field], json != .null else { return nil }
        guard let value = Value(json) else {
            throw InputError(
                at: "\(path): \(field)", "the field has the wrong type", expected: Value.jsonKind,
                found: String(json.serialized(indented: false).prefix(60)))
        }
        return value
    }
}
