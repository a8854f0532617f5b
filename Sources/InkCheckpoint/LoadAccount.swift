import InkTensor

/// What became of every tensor when a model was loaded.
///
/// It is printed, and stored in the run folder, so that a model that is partly random is never mistaken for a trained
/// one.
public struct LoadAccount: Sendable, Codable, Equatable {
    public struct Item: Sendable, Codable, Equatable {
        /// The canonical key.
        public let key: String
        /// Extents, outermost first.
        public let shape: [Int]

        init(_ key: String, _ shape: Shape) {
            self.key = key
            self.shape = shape.dimensions
        }

        var count: Int { shape.reduce(1, *) }
    }

    /// What was opened; nil where everything starts at random.
    public let source: String?
    /// Tensors of the file that the model uses.
    public let loaded: [Item]
    /// Parameters that the file lacks and that were allowed to start at random.
    public let new: [Item]
    /// Tensors of the file that are the same parameter as a loaded one (an output layer and its embeddings).
    public let tied: [Item]
    /// Tensors of the file that are unused for a known reason: computed tables, heads of pre-training objectives.
    public let ignored: [Item]
    /// Tensors of the file that nothing asked for, without a known reason.
    public let unexpected: [Item]

    /// Sorts the tensors of `checkpoint`.
    ///
    /// - Parameters:
    ///   - checkpoint: the weights; nil where everything starts at random.
    ///   - loaded: canonical keys that the model used, with their shapes.
    ///   - new: keys of the model that start at random.
    ///   - tied: canonical keys that share a loaded parameter.
    ///   - ignorable: keys that may stay unused.
    public init(
        _ checkpoint: Checkpoint?, loaded: [String: Shape], new: [String: Shape], tied: Set<String> = [],
        ignorable: [KeyPattern] = KeyPattern.ignorable
    ) {
        source = checkpoint?.location
        let unused = (checkpoint?.entries ?? []).filter { loaded[$0.key] == nil }
        let untied = unused.filter { !tied.contains($0.key) }
        func isIgnorable(_ entry: TensorEntry) -> Bool { ignorable.contains { $0.matches(entry.key) } }
        self.loaded = Self.items(loaded)
        self.new = Self.items(new)
        self.tied = unused.filter { tied.contains($0.key) }.map { Item($0.key, $0.shape) }
        ignored = untied.filter(isIgnorable).map { Item($0.key, $0.shape) }
        unexpected = untied.filter { !isIgnorable($0) }.map { Item($0.key, $0.shape) }
    }

    private static func items(_ shapes: [String: Shape]) -> [Item] {
        shapes.sorted { $0.key < $1.key }.map { Item($0.key, $0.value) }
    }

    /// Number of parameters that came from the file.
    public var loadedParameterCount: Int { loaded.reduce(0) { $0 + $1.count } }
    /// Number of parameters that started at random.
    public var newParameterCount: Int { new.reduce(0) { $0 + $1.count } }

    /// One line: `loaded 199 tensors (102267648 parameters), new 2, tied 0, ignored 5, unexpected 0`.
    public var summary: String {
        "loaded \(loaded.count) tensors (\(loadedParameterCount) parameters), new \(new.count), tied \(tied.count), "
            + "ignored \(ignored.count), unexpected \(unexpected.count)"
    }

    /// The summary, then a line for every tensor that was not simply loaded.
    public var details: String {
        let groups = [("new", new), ("tied", tied), ("ignored", ignored), ("unexpected", unexpected)]
        let lines = groups.flatMap { name, items in
            items.map { "  \(name): \($0.key) [\($0.shape.map(String.init).joined(separator: ", "))]" }
        }
        return ([summary] + lines).joined(separator: "\n")
    }
}
