import Foundation
import InkSupport
import Yams

/// YAML as JSON values: the settings of a pipeline.
enum YAMLFile {
    /// The map at the top of a file.
    /// - Throws: `InputError` (`.usage`) when the file cannot be read, is no YAML or holds no map.
    static func object(contentsOf url: URL) throws -> JSONObject {
        let text = try SettingsText.read(url.path, at: url.path)
        guard case .object(let object) = try value(of: text, at: url.path) else {
            throw InputError(
                .usage, at: url.path, "holds no settings", expected: "`input: …`, `output: …`, `stages: …`")
        }
        return object
    }

    /// The value of YAML text, `true`, `0.8`, `[a, b]`.
    /// - Throws: `InputError` (`.usage`) for text that is no YAML.
    static func value(of text: String, at location: String) throws -> JSONValue {
        guard let node = try SettingsText.compose(text, at: location) else { return .null }
        return try value(of: node, at: location)
    }

    private static func value(of node: Node, at location: String) throws -> JSONValue {
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain {
                if node.null != nil { return .null }
                if let flag = node.bool { return .bool(flag) }
                if let whole = node.int { return .integer(whole) }
                if let number = node.float, number.isFinite { return .float(number) }
            }
            return .string(scalar.string)
        case .sequence(let sequence): return .array(try sequence.map { try value(of: $0, at: location) })
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, member) in mapping {
                guard let name = key.string, object[name] == nil else {
                    let line = key.mark.map { "\(location):\($0.line)" } ?? location
                    throw InputError(.usage, at: line, "a key is no text or stands there twice", found: key.string)
                }
                object[name] = try value(of: member, at: location)
            }
            return .object(object)
        case .alias: throw InputError(.usage, at: location, "an alias is not supported here")
        }
    }
}
