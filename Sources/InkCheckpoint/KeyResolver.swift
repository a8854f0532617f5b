/// Translates the keys of a model to those of a checkpoint that may lack the base model's prefix or spell it otherwise.
///
/// A file saved from the bare encoder has `embeddings.…` where one saved with a head has `bert.embeddings.…`; published
/// NeZha and MegatronBERT files say `bert.`. Keys outside the base model (`cls.…`, `classifier.…`) stay as they are.
public struct KeyResolver: Sendable {
    /// The prefix in the model's keys, without the dot.
    public let prefix: String
    /// The prefix in the checkpoint, without the dot; empty where it has none.
    public let found: String

    /// Looks which prefix `checkpoint` has: `prefix`, else the first of `alternatives`, else none.
    public init(_ checkpoint: Checkpoint, prefix: String, alternatives: [String] = []) {
        self.prefix = prefix
        found =
            ([prefix] + alternatives).first { candidate in
                checkpoint.entries.contains { $0.key.hasPrefix(candidate + ".") }
            } ?? ""
    }

    /// The checkpoint's spelling of a key of the model.
    public func callAsFunction(_ key: String) -> String {
        guard found != prefix, key.hasPrefix(prefix + ".") else { return key }
        let bare = key.dropFirst(prefix.count + 1)
        return found.isEmpty ? String(bare) : "\(found).\(bare)"
    }
}

extension Checkpoint {
    /// The canonical key under which the tensor `key` is stored: as it is, else without the base model's `prefix`, else
    /// with it. Nil where there is none.
    public func resolve(_ key: String, prefix: String) -> String? {
        let other = key.hasPrefix(prefix + ".") ? String(key.dropFirst(prefix.count + 1)) : "\(prefix).\(key)"
        return [key, other].first(where: contains)
    }
}
