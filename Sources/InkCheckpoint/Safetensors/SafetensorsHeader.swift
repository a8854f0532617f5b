import Foundation
import InkSupport

/// What stands at the beginning of a safetensors file: the names, types and shapes of its tensors.
enum SafetensorsHeader {
    /// Readers of the format take no longer header, in bytes.
    static let longest = 100_000_000
    /// More tensors cannot be listed in it: each takes some sixty bytes at least.
    static let mostTensors = longest / 60

    /// The header with its length before it, filled up with spaces: to a multiple of eight, and to `room` bytes in all.
    static func bytes(
        _ entries: [SafetensorsStream.Entry], _ metadata: [String: String] = ["format": "pt"], room: Int = 0
    ) -> [UInt8] {
        var notes = JSONObject()
        for name in metadata.keys.sorted() { notes[name] = metadata[name].map(JSONValue.string) }
        var text = "{\"__metadata__\":" + JSONValue.object(notes).serialized(indented: false)
        var names: Set<String> = []
        var offset = 0
        for entry in entries {
            precondition(names.insert(entry.name).inserted, "two tensors of the name \(entry.name)")
            let extents = entry.shape.dimensions.map(String.init).joined(separator: ",")
            text += "," + JSONValue.string(entry.name).serialized(indented: false)
            text += ":{\"dtype\":\"\(entry.type.rawValue.uppercased())\",\"shape\":[\(extents)],"
            text += "\"data_offsets\":[\(offset),\(offset + entry.byteCount)]}"
            offset += entry.byteCount
        }
        text += "}"
        let length = max((text.utf8.count + 7) / 8 * 8, room - 8)
        let spaces = repeatElement(UInt8(ascii: " "), count: length - text.utf8.count)
        return withUnsafeBytes(of: UInt64(length).littleEndian) { Array($0) } + text.utf8 + spaces
    }

    static func tooLong(_ count: Int, at url: URL) -> InputError {
        InputError(
            at: url.path, "too many tensors for a safetensors file", expected: "a header of at most \(longest) bytes",
            found: "\(count) tensors", remedy: "write .jsonl, one vector a text, or several files")
    }
}
