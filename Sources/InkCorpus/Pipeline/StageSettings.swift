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
    /// Of everything random.
    public let seed: UInt64
    private let values: JSONObject
    /// The names that were asked for.
    package private(set) var known: [String] = []
    /// The files and folders that the stage reads.
    private(set) var files: [URL] = []

    public init(
        _ values: JSONObject = JSONObject(), location: String, folder: URL? = nil, seed: UInt64 = 1
    ) {
        self.values = values
        self.location = location
        self.folder = folder
        self.seed = seed
    }

    /// The file or folder that a path in the settings means.
    public func url(_ path: String) -> URL { URL(filePath: path, relativeTo: folder).absoluteURL }

    /// A file or folder that the stage reads, so that the result depends on it.
    public mutating func input(_ path: String) -> URL {
        files.append(url(path))
        return url(path)
    }

    /// A setting, nil where it is absent.
    /// - Throws: `InputError` (`.usage`) where it is of another type.
    public mutating func value<Value: JSONDecodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value?
    {
        known.append(name)
        do {
            return try values.value(name, type, at: location)
        } catch var error as InputError {
            // Where a list is taken, one value will do.
            if let single = values[name].flatMap({ Value(.array([$0])) }) { return single }
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
    public func finish() throws { try requireOnly(known) }

    /// Refuses settings of other names.
    /// - Throws: as `finish()`.
    func requireOnly(_ names: [String]) throws {
        guard let unknown = values.names.first(where: { !names.contains($0) }) else { return }
        let meant = CloseMatches.of(unknown, among: names, limit: 1).first
        throw InputError(
            .usage, at: "\(location): \(unknown)", "there is no such setting",
            expected: names.isEmpty ? "no settings" : "one of \(names.joined(separator: ", "))",
            remedy: meant.map { "did you mean \($0)?" })
    }
}
