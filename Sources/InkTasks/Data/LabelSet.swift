import Foundation
import InkSupport

/// The classes of a task: their names in the order of their ids.
public struct LabelSet: Equatable, Sendable {
    /// Names; the index is the id.
    public let names: [String]
    private let ids: [String: Int]
    /// Whether numbers in data may be ids: only where no name is a number itself, else `0` among `1`, `2`, `3` would
    /// silently be the class `1`.
    let takesIDs: Bool

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
        takesIDs = !names.contains { Self.number($0) != nil }
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

    /// The id that a label field of a data file means: a known name, or an id `0..<count` as it is usually written
    /// where no name is a number.
    public func resolve(_ field: String) -> Int? {
        if let id = ids[field] { return id }
        guard takesIDs, let id = Int(field), String(id) == field, names.indices.contains(id) else { return nil }
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

    /// The value of a name that is a number in any spelling: `1`, `001`, `1.0`, `１`.
    private static func number(_ name: String) -> Double? {
        let text = name.precomposedStringWithCompatibilityMapping
        guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return nil }
        return Double(text)
    }

    /// The name that differs from a field in its spelling only: in zeros, case or width.
    private func nameSpelledOtherwise(_ field: String) -> String? {
        if let value = Self.number(field) { return names.first { Self.number($0) == value } }
        func folded(_ text: String) -> String { text.precomposedStringWithCompatibilityMapping.lowercased() }
        let wanted = folded(field)
        return names.first { folded($0) == wanted }
    }

    /// The error for a label of a data file that is not in the list; `remedy` where the caller knows a better one.
    func unknown(_ fields: [String], at location: String, remedy: String? = nil) -> InputError {
        var advice = remedy ?? "correct the label, or add it to the list of labels"
        if let twin = fields.lazy.compactMap({ self.nameSpelledOtherwise($0) }).first {
            advice =
                Self.number(twin) == nil
                ? "the list has \"\(twin)\": write the label as it stands there"
                : "the list has \"\(twin)\", and 1, 001 and 1.0 are different names: write the label as it stands there "
                    + "(spreadsheets drop leading zeros)"
        }
        return InputError(
            at: location, "the label is not in the list",
            expected: (takesIDs ? "an id 0…\(count - 1) or one of: " : "one of: ") + summary,
            found: fields.map(Excerpt.of).joined(separator: ", "), remedy: advice)
    }

    /// What is odd about the names, and which of them no training text has (`used`: the ids that it has).
    func notes(used: some Sequence<Int>) -> [String] {
        var notes: [String] = []
        var first: [Double: String] = [:]
        for name in names {
            guard let value = Self.number(name) else { continue }
            if let other = first[value] {
                notes.append("the labels \(other) and \(name) are one number, but two classes")
            } else {
                first[value] = name
            }
        }
        let present = Set(used)
        let absent = names.indices.filter { !present.contains($0) }.map { names[$0] }
        if !absent.isEmpty { notes.append("no training text has the label \(Self.excerpt(absent))") }
        return notes
    }

    /// The first names of the list, for error messages.
    var summary: String { Self.excerpt(names) }

    /// Some names for a message, at most a dozen, each shortened.
    static func excerpt(_ names: [String]) -> String {
        let shown = names.prefix(12).map { DisplayWidth.truncate($0, to: 40) }.joined(separator: ", ")
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
