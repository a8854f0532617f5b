import InkSupport

/// The labels that a model gives to one text: any number of several.
public struct LabelSelection: TaskAnswer, Codable, Equatable {
    /// Ids of the labels given, ascending.
    public let ids: [Int]
    /// The labels given, the most probable first.
    public let labels: [Classification.Candidate]
    /// All labels looked at, the most probable first.
    public var candidates: [Classification.Candidate]
    /// Of each label, in the order of the ids.
    public let probabilities: [Float]

    init(_ probabilities: [Float], labels names: [String], threshold: Float) {
        self.probabilities = probabilities
        ids = Self.selected(probabilities, threshold)
        candidates = Classification(probabilities, labels: names).candidates
        labels = candidates.filter { $0.probability >= threshold }
    }

    /// Ids of the probabilities that reach the threshold.
    static func selected(_ probabilities: some Collection<Float>, _ threshold: Float) -> [Int] {
        probabilities.enumerated().filter { $0.element >= threshold }.map(\.offset)
    }

    /// The labels given always stay.
    public func top(_ count: Int) -> LabelSelection {
        var result = self
        result.candidates = Array(candidates.prefix(max(count, labels.count)))
        return result
    }

    public var summary: String { labels.map(\.label).joined(separator: ", ") }
    public var confidence: Double? { nil }
    public var columns: [String] { labels.flatMap { [$0.label, "\($0.probability)"] } }

    public var fields: JSONObject {
        JSONObject([
            "labels": .array(labels.map { .string($0.label) }), "candidates": .array(candidates.map(\.json)),
        ])
    }
}
