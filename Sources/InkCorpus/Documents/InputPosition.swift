import InkSupport

/// A place between two blocks of the input, from which reading goes on as if it had never stopped.
public struct InputPosition: Hashable, Sendable {
    /// Blocks before it.
    var batches = 0
    /// The file's place among the input's.
    var file = 0
    /// Bytes of that file before it, decompressed.
    var offset = 0
    /// The number of the line there, from 1.
    var line = 1

    /// The beginning.
    public init() {}
}

extension InputPosition {
    /// What `init(json:in:at:)` reads.
    var json: JSONValue {
        .record([
            "batches": .integer(batches), "file": .integer(file), "offset": .integer(offset), "line": .integer(line),
        ])
    }

    /// - Parameter input: the files that it is a place in.
    /// - Throws: `InputError` naming the field that is missing, of another type or impossible.
    init(json: JSONObject, in input: DocumentInput, at location: String) throws {
        func field(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
            guard let value = try json.value(name, Int.self, at: location), range.contains(value) else {
                throw InputError(
                    at: "\(location): \(name)", "the field is missing or out of range",
                    expected: "\(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        let limit = 1 << 60
        batches = try field("batches", 0...limit)
        file = try field("file", 0...max(0, input.files.count - 1))
        offset = try field("offset", 0...limit)
        line = try field("line", 1...limit)
    }
}
