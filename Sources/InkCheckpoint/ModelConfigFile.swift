import Foundation
import InkSupport

/// A `config.json` as it stands: typed access to its fields, and all of them kept for writing it back.
public struct ModelConfigFile: Sendable, Equatable {
    /// The name that is written.
    public static let fileName = "config.json"

    /// Path of the file, for messages.
    public let path: String
    /// All fields in the order of the file; numbers keep their spelling.
    public private(set) var fields: JSONObject

    /// Names of the file, newest first: repositories of 2019 call it after the model.
    private static let names = [fileName, "bert_config.json", "ernie_config.json"]

    /// Reads the configuration of a model folder, or the file at `url` itself.
    ///
    /// Throws `InputError` where there is none and where it is no JSON object, with the line.
    public init(contentsOf url: URL) throws {
        guard url.exists else { throw MissingModel.error(url) }
        let candidates = url.isFolder ? Self.names.map { url.appending(path: $0) } : [url]
        guard let file = candidates.first(where: \.exists) else {
            throw InputError(
                at: url.relativePath, "the folder has no configuration", expected: Self.names.joined(separator: ", "),
                remedy: "download config.json from where the weights came from")
        }
        let json = try RandomAccessFile.ofModel(file).json()
        guard case .object(let fields) = json else {
            throw InputError(at: file.relativePath, "not a configuration", expected: "a JSON object", found: json.kind)
        }
        self.init(fields, path: file.relativePath)
    }

    /// Takes `fields`; `path` names them in errors.
    public init(_ fields: JSONObject, path: String) {
        self.fields = fields
        self.path = path
    }

    /// Whether the field is there and not null.
    public func has(_ field: String) -> Bool { fields[field].map { $0 != .null } ?? false }

    /// The value of a field. Throws where it is absent or null, or of another type.
    public func value<Value: JSONDecodable>(_ field: String, _ type: Value.Type = Value.self) throws -> Value {
        guard let value = try optional(field, type) else {
            throw error(
                field, "the field is missing", expected: Value.jsonKind, found: fields[field] == nil ? nil : "null",
                remedy: "compare the file with the one published with the weights")
        }
        return value
    }

    /// The value of a field, nil where it is absent or null. Throws where it is of another type.
    public func optional<Value: JSONDecodable>(_ field: String, _ type: Value.Type = Value.self) throws -> Value? {
        try fields.value(field, type, at: path)
    }

    /// The fields of a nested configuration (`text_config`), nil where it is absent.
    public func section(_ field: String) throws -> ModelConfigFile? {
        guard let fields = try optional(field, JSONObject.self) else { return nil }
        return ModelConfigFile(fields, path: "\(path): \(field)")
    }

    /// Sets or, with nil, removes a field.
    public mutating func set(_ field: String, _ value: JSONValue?) {
        fields[field] = value
    }

    /// The error for a field whose value is wrong or contradicts another.
    public func error(
        _ field: String, _ problem: String, expected: String? = nil, found: String? = nil, remedy: String? = nil
    ) -> InputError {
        InputError(at: "\(path): \(field)", problem, expected: expected, found: found, remedy: remedy)
    }

    /// The file's text: fields in their order, indented by two spaces, a line feed at the end.
    public var text: String { JSONValue.object(fields).serialized() + "\n" }
}
