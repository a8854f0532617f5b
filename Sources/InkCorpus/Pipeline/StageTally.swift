import InkSupport

/// What a stage did, by rule: counts, histograms and examples. Tallies of several threads merge to the same result in
/// any order.
public struct StageTally: Hashable, Sendable {
    /// What one rule did.
    public struct Rule: Hashable, Sendable {
        /// Documents that it changed or removed.
        public var documents = 0
        /// Places that it changed.
        public var changes = 0
        /// Bytes of text that it took away.
        public var removedBytes = 0
        /// A few places, chosen by the hash of the document's id.
        public var examples: [Example] = []
        /// The first place that the rule met, where it is one of reading.
        public fileprivate(set) var first: Place?

        public init() {}

        fileprivate mutating func add(_ documents: Int, _ changes: Int, _ removedBytes: Int) {
            self.documents += documents
            self.changes += changes
            self.removedBytes += removedBytes
        }
    }

    /// A place of the input, and what was found there.
    public struct Place: Hashable, Sendable {
        /// The number of the file, from 0, and of the line, from 1.
        var file: Int
        var line: Int
        /// `texts.jsonl:17`.
        public var name: String
        public var reason: String
        /// What can be done about it.
        public var remedy: String?
    }

    /// A place that a rule changed, or the beginning of a document that it removed.
    public struct Example: Hashable, Sendable {
        public var id: String
        public var before: String
        /// Nil for a removed document.
        public var after: String?
        /// Decides which examples stay: those with the smallest.
        let rank: UInt64

        init(id: String, before: String, after: String?, rank: UInt64) {
            self.id = id
            self.before = before
            self.after = after
            self.rank = rank
        }
    }

    /// Examples to keep of each rule.
    public static let exampleLimit = 10

    /// By the name of the rule.
    public private(set) var rules: [String: Rule] = [:]
    /// A few documents that stayed, as the stage leaves them.
    public private(set) var kept: [Example] = []
    /// By name: the number of values in each bucket.
    public private(set) var histograms: [String: [Int: Int]] = [:]

    public init() {}

    /// Counts a document that a rule changed: in how many places, and the bytes that went.
    public mutating func count(_ rule: String, documents: Int = 1, changes: Int = 1, removedBytes: Int = 0) {
        rules[rule, default: Rule()].add(documents, changes, removedBytes)
    }

    /// Takes note of a place that a rule met; the first one stays.
    mutating func note(_ rule: String, _ place: Place) {
        if let first = rules[rule]?.first, (first.file, first.line) <= (place.file, place.line) { return }
        rules[rule, default: Rule()].first = place
    }

    /// Whether an example of this document would be kept, to be asked before making one.
    public func wantsExample(_ rule: String, id: String) -> Bool {
        guard let examples = rules[rule]?.examples, examples.count >= Self.exampleLimit, let last = examples.last
        else { return true }
        return Self.rank(rule, id) < last.rank
    }

    /// Offers an example; those with the smallest hash of rule and document stay, one for each document.
    public mutating func example(_ rule: String, id: String, before: String, after: String?) {
        let example = Example(id: id, before: before, after: after, rank: Self.rank(rule, id))
        Self.insert(example, into: &rules[rule, default: Rule()].examples)
    }

    /// Offers a document that stays, by its beginning.
    public mutating func keep(id: String, beginning: String) {
        Self.insert(
            Example(id: id, before: beginning, after: beginning, rank: Self.rank("kept", id)), into: &kept)
    }

    /// Counts a value in the bucket of a histogram.
    public mutating func record(bucket: Int, in histogram: String, count: Int = 1) {
        histograms[histogram, default: [:]][bucket, default: 0] += count
    }

    /// Adds what another tally counted.
    public mutating func merge(_ other: StageTally) {
        for (name, rule) in other.rules {
            count(name, documents: rule.documents, changes: rule.changes, removedBytes: rule.removedBytes)
            for example in rule.examples { Self.insert(example, into: &rules[name, default: Rule()].examples) }
            if let first = rule.first { note(name, first) }
        }
        for example in other.kept { Self.insert(example, into: &kept) }
        for (name, buckets) in other.histograms {
            for (bucket, number) in buckets { record(bucket: bucket, in: name, count: number) }
        }
    }

    private static func insert(_ example: Example, into examples: inout [Example]) {
        if examples.contains(where: { $0.id == example.id }) { return }
        let place = examples.firstIndex { ($0.rank, $0.id) > (example.rank, example.id) } ?? examples.count
        guard place < exampleLimit else { return }
        examples.insert(example, at: place)
        if examples.count > exampleLimit { examples.removeLast() }
    }

    /// Any number that depends on both (FNV-1a, spread).
    private static func rank(_ rule: String, _ id: String) -> UInt64 {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in rule.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in id.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Hash64.mix(state)
    }
}
