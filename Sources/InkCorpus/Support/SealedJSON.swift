import Foundation
import InkSupport

/// JSON objects that notice damage: a field holds the checksum of the others.
enum SealedJSON {
    private static let field = "sha256"

    /// The object with its checksum, as the text of a file.
    static func text(of object: JSONObject) -> String {
        var object = object
        object[field] = .string(checksum(object))
        return JSONValue.object(object).serialized() + "\n"
    }

    /// Whether an object that was read is the one that was written.
    static func isUndamaged(_ object: JSONObject) -> Bool {
        var others = object
        others[field] = nil
        return object[field] == .string(checksum(others))
    }

    private static func checksum(_ object: JSONObject) -> String {
        SHA256.hexDigest(of: Data(JSONValue.object(object).serialized(indented: false).utf8))
    }
}
