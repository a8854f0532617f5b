import Foundation

/// A JSON value that knows where it stands, so that an error in a data file can name file, line and field.
package struct LocatedJSON: Sendable {
    private indirect enum Node: Sendable {
        case scalar(JSONValue)
        case array([Node])
        case object(names: [String], members: [String: Node], line: Int)
    }

    private let node: Node
    private let file: String
    private let path: String
    /// The line of the innermost object around the value, from 1.
    package let line: Int

    private init(_ node: Node, file: String, path: String, line: Int) {
        self.node = node
        self.file = file
        self.path = path
        if case .object(_, _, let own) = node { self.line = own } else { self.line = line }
    }

    /// Calls `body` with every record of a file: the elements of a lone array, otherwise each value in turn (one on
    /// each line, or spread over several). Throws `InputError` naming file and line.
    package static func forEachRecord(of url: URL, _ body: (LocatedJSON) throws -> Void) throws {
        try forEachRecord(in: try WholeFile.read(url, limit: WholeFile.dataLimit), file: url.path, firstLine: 1, body)
    }

    /// The records of JSON text whose first line is `firstLine` of `file`, as of a file.
    package static func records(in bytes: [UInt8], file: String, firstLine: Int) throws -> [LocatedJSON] {
        var records: [LocatedJSON] = []
        try forEachRecord(in: bytes, file: file, firstLine: firstLine) { records.append($0) }
        return records
    }

    private static func forEachRecord(
        in bytes: [UInt8], file: String, firstLine: Int, _ body: (LocatedJSON) throws -> Void
    ) throws {
        // Whether an array is alone is known only when the next value comes or the text ends.
        var held: LocatedJSON?
        var count = 0
        try JSONParser.parseSequence(bytes, location: file, firstLine: firstLine) { value, line, objectLines in
            var lines = objectLines[...]
            let record = LocatedJSON(build(value, &lines), file: file, path: "", line: line)
            if let first = held { try body(first) }
            held = nil
            if count == 0 { held = record } else { try body(record) }
            count += 1
        }
        guard let held else { return }
        if held.isArray { try held.elements().forEach(body) } else { try body(held) }
    }

    private static func build(_ value: JSONValue, _ lines: inout ArraySlice<Int>) -> Node {
        switch value {
        case .array(let elements): return .array(elements.map { build($0, &lines) })
        case .object(let object):
            let line = lines.popFirst() ?? 1
            var members: [String: Node] = [:]
            for name in object.names {
                if let member = object[name] { members[name] = build(member, &lines) }
            }
            return .object(names: object.names, members: members, line: line)
        default: return .scalar(value)
        }
    }

    /// File, line and field: `dev.json:17: paragraphs[0].qas`.
    package var location: String { path.isEmpty ? "\(file):\(line)" : "\(file):\(line): \(path)" }

    /// What kind of value this is, for messages.
    package var kind: String {
        switch node {
        case .scalar(let value): value.kind
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The names of an object's fields in the order of the text; empty for other values.
    package var names: [String] {
        if case .object(let names, _, _) = node { names } else { [] }
    }

    /// The field of an object; nil when it is absent or null, or this is no object.
    package subscript(name: String) -> LocatedJSON? {
        guard case .object(_, let members, _) = node, let member = members[name] else { return nil }
        if case .scalar(.null) = member { return nil }
        return LocatedJSON(member, file: file, path: path.isEmpty ? name : "\(path).\(name)", line: line)
    }

    /// The first of several fields that is there.
    package func first(_ names: [String]) -> LocatedJSON? { names.lazy.compactMap { self[$0] }.first }

    /// The first of several fields that is there. Throws `InputError` when there is none.
    package func required(_ names: String...) throws -> LocatedJSON {
        guard let member = first(names) else {
            let found = self.names.isEmpty ? kind : "fields " + self.names.joined(separator: ", ")
            throw InputError(
                at: location, "a field is missing", expected: names.joined(separator: " or "), found: found)
        }
        return member
    }

    /// The text of a string. Throws `InputError` for other values.
    package func string() throws -> String {
        guard case .scalar(.string(let text)) = node else { throw mismatch("a string") }
        return text
    }

    /// The text of a string, or a number or boolean as it is written: labels and ids come in all three.
    package func spelling() throws -> String {
        switch node {
        case .scalar(.string(let text)), .scalar(.number(let text)): return text
        case .scalar(.bool(let value)): return value ? "true" : "false"
        default: throw mismatch("a string or a number")
        }
    }

    /// The value of an integer that fits. Throws `InputError` for other values.
    package func integer() throws -> Int {
        guard case .scalar(.number(let text)) = node, let value = Int(text) else { throw mismatch("an integer") }
        return value
    }

    /// The value of a finite number, also one written as a string. Throws `InputError` for other values.
    package func number() throws -> Double {
        guard let value = Double(try spelling()), value.isFinite else { throw mismatch("a number") }
        return value
    }

    /// The elements of an array. Throws `InputError` for other values.
    package func elements() throws -> [LocatedJSON] {
        guard case .array(let elements) = node else { throw mismatch("an array") }
        return elements.enumerated().map { index, element in
            LocatedJSON(element, file: file, path: "\(path)[\(index)]", line: line)
        }
    }

    /// Whether this is an array.
    package var isArray: Bool { if case .array = node { true } else { false } }
    /// Whether this is an object.
    package var isObject: Bool { if case .object = node { true } else { false } }

    /// The fields of an object in the order of the text. Throws `InputError` for other values.
    package func members() throws -> [(name: String, value: LocatedJSON)] {
        guard isObject else { throw mismatch("an object") }
        return names.compactMap { name in self[name].map { (name, $0) } }
    }

    /// The error that another kind of value stands here.
    package func mismatch(_ expected: String) -> InputError {
        var found = kind
        if case .scalar(let value) = node { found += " " + DisplayWidth.truncate(value.serialized(), to: 60) }
        return InputError(at: location, "the field has the wrong kind of value", expected: expected, found: found)
    }
}
