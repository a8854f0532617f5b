import Foundation
import InkSupport

/// A model folder's `config.json`: typed access to its fields, and all of them kept to be written back.
public struct ModelConfigFile: Sendable {
    public static let fileName = "config.json"

    /// For messages.
    public let path: String
    public private(set) var fields: JSONObject

    /// Reads `config.json` of a folder.
    /// - Throws: `InputError` when it is missing or no JSON object.
    public init(contentsOf folder: URL) throws {
        let url = folder.appending(path: Self.fileName)
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw InputError(
                at: url.path, "no such file", expected: "the configuration of a Hugging Face model folder",
                remedy: "give the folder that holds config.json and the weights")
        }
        guard case .object(let fields) = try JSONValue(contentsOf: url) else {
            throw InputError(at: url.path, "is no JSON object")
        }
        self.init(fields, path: url.path)
    }

    public init(_ fields: JSONObject, path: String) {
        self.fields = fields
        self.path = path
    }

    /// Whether the field is there and not null.
    public func has(_ field: String) -> Bool {
        fields[field].map { $0 != .null } ?? false
    }

    /// A field that has to be there.
    /// - Throws: `InputError` when it is missing or of another type.
    public func value<Value: JSONDecodable>(_ field: String, _ type: Value.Type) throws -> Value {
        guard let value = try optional(field, type) else {
            throw error(field, "is missing", expected: Value.jsonKind)
        }
        return value
    }

    /// A field that may be absent or null.
    /// - Throws: `InputError` when it is of another type.
    public func optional<Value: JSONDecodable>(_ field: String, _ type: Value.Type) throws -> Value? {
        guard let json = fields[field], json != .null else { return nil }
        guard let value = Value(json) else {
            throw error(
                field, "has the wrong type", expected: Value.jsonKind, found: json.serialized(indented: false))
        }
        return value
    }

    /// Sets or, with nil, removes a field.
    public mutating func set(_ field: String, _ value: JSONValue?) {
        fields[field] = value
    }

    /// The file's text.
    public var text: String { JSONValue.object(fields).serialized() + "\n" }

    /// An error at one field.
    public func error(
        _ field: String, _ problem: String, expected: String? = nil, found: String? = nil, remedy: String? = nil
    ) -> InputError {
        InputError(at: "\(path): \(field)", problem, expected: expected, found: found, remedy: remedy)
    }
}

/// A Swift type that a JSON value can be read as, without rounding or guessing.
public protocol JSONDecodable {
    /// For messages: `an integer`.
    static var jsonKind: String { get }
    init?(_ json: JSONValue)
}

extension Int: JSONDecodable {
    public static var jsonKind: String { "an integer" }
    public init?(_ json: JSONValue) {
        guard case .number(let text) = json, let value = Int(text) else { return nil }
        self = value
    }
}

extension Double: JSONDecodable {
    public static var jsonKind: String { "a number" }
    public init?(_ json: JSONValue) {
        guard case .number(let text) = json, let value = Double(text), value.isFinite else { return nil }
        self = value
    }
}

extension Bool: JSONDecodable {
    public static var jsonKind: String { "true or false" }
    public init?(_ json: JSONValue) {
        guard case .bool(let value) = json else { return nil }
        self = value
    }
}

extension String: JSONDecodable {
    public static var jsonKind: String { "a string" }
    public init?(_ json: JSONValue) {
        guard case .string(let value) = json else { return nil }
        self = value
    }
}
