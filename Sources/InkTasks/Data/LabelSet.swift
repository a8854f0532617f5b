import Foundation
import InkSupport

/// The classes of a task: their names in the order of their ids.
public struct LabelSet: Equatable, Sendable {
    /// Names; the index is the id.
    public let names: [String]
    private let ids: [String: Int]

    /// The number of classes.
    public var count: Int { names.count }

    /// Throws `InputError` for an empty list, an empty name, a duplicate. `location` is used in errors.
    public init(names: [String], location: String = "labels") throws {
        guard !names.isEmpty else {
            throw InputError(
                at: location, "the label list is empty", expected: "one label a line, in the order of their ids")
        }
        var ids: [String: Int] = [:]
        for (id, name) in names.enumerated() {
            guard !name.isEmpty else { throw InputError(at: location, "label \(id) has an empty name") }
            if let first = ids.updateValue(id, forKey: name) {
                throw InputError(
                    at: location, "the label \"\(name)\" is listed twice", found: "as ids \(first) and \(id)",
                    remedy: "give every class its own name")
            }
        }
        self.names = names
        self.ids = ids
    }

    /// Reads a list such as `class.txt`: one name a line in the order of the ids; spaces around a name do not count,
    /// empty lines only at the end. A line may be an object as in CLUE's `labels.json`, whose `label_desc`, `label_des`
    /// or `label` is the name. Throws `InputError` naming file and line.
    public init(contentsOf url: URL) throws {
        let reader = try LineReader(contentsOf: url)
        var names: [String] = []
        var firstLine: [String: Int] = [:]
        var emptyLine: Int?
        while let line = try reader.next() {
            var name = line.text.trimmed
            if name.hasPrefix("{") { name = try Self.name(in: name, url.path, line.number) }
            if name.isEmpty {
                emptyLine = emptyLine ?? line.number
                continue
            }
            if let emptyLine {
                throw InputError(
                    at: "\(url.path):\(emptyLine)", "an empty line between labels would shift the ids after it",
                    expected: "one label a line", remedy: "remove the empty line, or name the class")
            }
            if let first = firstLine.updateValue(line.number, forKey: name) {
                throw InputError(
                    at: "\(url.path):\(line.number)", "the label \"\(name)\" is listed twice",
                    found: "first on line \(first)", remedy: "give every class its own name")
            }
            names.append(name)
        }
        try self.init(names: names, location: url.path)
    }

    private static func name(in line: String, _ file: String, _ number: Int) throws -> String {
        let records = try LocatedJSON.records(in: Array(line.utf8), file: file, firstLine: number)
        return try records.first?.required("label_desc", "label_des", "label").spelling().trimmed ?? ""
    }

    /// The id of a name, nil when it is not in the list.
    public func id(of name: String) -> Int? { ids[name] }

    /// The id that a label field of a data file means: a known name wins, otherwise an integer in `0..<count`.
    public func resolve(_ field: String) -> Int? {
        if let id = ids[field] { return id }
        guard let id = Int(field), names.indices.contains(id) else { return nil }
        return id
    }

    /// The classes found in data that came without a label list: in numeric order when every label is an integer,
    /// otherwise in the order of first appearance. Throws `InputError` when there is no label at all.
    public static func derived(from labels: some Sequence<String>, location: String) throws -> LabelSet {
        var seen: Set<String> = []
        var names: [String] = []
        for label in labels where seen.insert(label).inserted { names.append(label) }
        let numbers = names.compactMap { name in Int(name).map { (number: $0, name: name) } }
        if numbers.count == names.count {
            names = numbers.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name)
        }
        return try LabelSet(names: names, location: location)
    }

    /// The first names of the list, for error messages.
    var summary: String {
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count > 12 ? "\(shown), … (\(names.count) labels)" : shown
    }
}

extension LabelSet: Codable {
    /// Decodes the array of names. Throws as `init(names:location:)`.
    public init(from decoder: any Decoder) throws {
        try self.init(names: [String](from: decoder))
    }

    public func encode(to encoder: any Encoder) throws { try names.encode(to: encoder) }
}
