import Foundation
import InkModels
import InkSupport

/// The labels of a tagging model: tags of one scheme.
public struct TagLabels: Sendable, Equatable {
    /// Names in the order of their ids, such as `O`, `B-PER`.
    public let names: [String]
    /// How the names spell spans.
    public let scheme: TagScheme
    /// The names taken apart; what is no tag, such as `[PAD]` in some published models, stands outside.
    let tags: [TagScheme.Tag]
    private let ids: [String: Int32]

    /// - Throws: `InputError` when no name is the tag of a span.
    public init(names: [String], location: String) throws {
        let labels = try LabelSet(names: names, location: location)
        self.names = labels.names
        let read = names.map(TagScheme.Tag.init)
        tags = read.map { $0 ?? .outside }
        let letters = zip(names, read).compactMap { name, tag in tag == nil ? nil : name.first }
        guard let scheme = TagScheme.detect(letters: Set(letters)) else {
            throw InputError(
                at: location, "the labels are no tags", expected: "O, B-PER, I-PER …", found: labels.summary,
                remedy: "give a model or a file for tagging, or name another task")
        }
        self.scheme = scheme
        ids = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
    }

    /// The tags of these types in a scheme, `O` first.
    /// - Throws: `InputError` when there is no type.
    init(types: [String], scheme: TagScheme, location: String) throws {
        guard !types.isEmpty else {
            throw InputError(
                at: location, "no text has a span", expected: "tags such as B-PER, or entities with type and offsets",
                remedy: "see inkstone tasks for the form of the data")
        }
        try self.init(names: scheme.tagNames(types: types), location: location)
    }

    /// A list of types (`PER`), or of tags with `O` among them (`O`, `B-PER` …), one a line.
    /// - Throws: `InputError` naming file and line.
    init(contentsOf file: URL, scheme: TagScheme) throws {
        let names = try LabelSet(contentsOf: file).names
        if names.contains("O") {
            try self.init(names: names, location: file.path)
        } else {
            try self.init(types: names, scheme: scheme, location: file.path)
        }
    }

    /// The types of spans, in the order of the labels.
    public var types: [String] {
        var seen: Set<String> = []
        return tags.filter { !$0.isOutside && seen.insert($0.type).inserted }.map(\.type)
    }

    /// The id of a tag as the scheme spells it; −100, which the loss ignores, for a type that the labels lack.
    func id(of name: String) -> Int32 { ids[name] ?? -100 }
}
