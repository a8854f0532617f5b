import Foundation
import InkSupport

/// The settings of a stage, as they stand in a pipeline file or come from a command's flags.
///
/// Each is taken by name; `finish()` then refuses what nobody asked for.
public struct StageSettings: Sendable {
    /// Where the settings stand, for messages: `pipeline.yaml: stages[2]: dedup`, or the command.
    public let location: String
    /// The folder that paths in the settings are relative to; nil for the current one.
    public let folder: URL?
    private let values: JSONObject
    private var known: [String] = []

    public init(_ values: JSONObject = JSONObject(), location: String, folder: URL? = nil) {
        self.values = values
        self.location = location
        self.folder = folder
    }

    /// The file or folder that a path in the settings means.
    public func url(_ path: String) -> URL { URL(filePath: path, relativeTo: folder).absoluteURL }

    /// A setting, nil where it is absent.
    /// - Throws: `InputError` (`.usage`) where it is of another type.
    public mutating func value<Value: JSONDecodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value?
    {
        known.append(name)
        do {
            return try values.value(name, type, at: location)
        } catch var error as InputError {
            error.kind = .usage
            throw error
        }
    }

    /// A setting that has a usual value.
    /// - Throws: `InputError` (`.usage`) where it is of another type.
    public mutating func value<Value: JSONDecodable>(_ name: String, default usual: Value) throws -> Value {
        try value(name) ?? usual
    }

    /// A setting that must be there.
    /// - Throws: `InputError` (`.usage`) where it is absent or of another type.
    public mutating func required<Value: JSONDecodable>(_ name: String, as type: Value.Type = Value.self) throws
        -> Value
    {
        guard let value = try value(name, as: type) else {
            throw InputError(.usage, at: "\(location): \(name)", "the setting is missing", expected: Value.jsonKind)
        }
        return value
    }

    /// The error that a setting's value is impossible.
    public func outOfRange(_ name: String, expected: String, found: String) -> InputError {
        InputError(.usage, at: "\(location): \(name)", "the value is out of range", expected: expected, found: found)
    }

    /// Refuses settings that nobody asked for.
    /// - Throws: `InputError` (`.usage`) naming the first, with the name that was probably meant.
    public func finish() throws {
        guard let unknown = values.names.first(where: { !known.contains($0) }) else { return }
        let meant = CloseMatches.of(unknown, among: known, limit: 1).first
        throw InputError(
            .usage, at: "\(location): \(unknown)", "there is no such setting",
            expected: known.isEmpty ? "no settings" : "one of \(known.joined(separator: ", "))",
            remedy: meant.map { "did you mean \($0)?" })
    }
}
