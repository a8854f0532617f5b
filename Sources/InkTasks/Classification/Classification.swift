import InkSupport

/// What a classifier says of one text.
public struct Classification: RankedAnswer, Codable, Equatable {
    public struct Candidate: Codable, Equatable, Sendable {
        /// The class's name.
        public let label: String
        /// 0 to 1; all classes together have 1.
        public let probability: Float

        var json: JSONValue { .record(["label": .string(label), "probability": .float(probability)]) }
    }

    /// The classes, the one answered first, then the most probable first.
    public var candidates: [Candidate]
    /// Id of the best class.
    public let best: Int

    /// The best class.
    public var label: String { candidates.first?.label ?? "" }
    public var probability: Float { candidates.first?.probability ?? 0 }

    /// `chosen`: the class that is answered whatever the order of the probabilities; nil for the most probable one.
    init(_ probabilities: [Float], labels: [String], chosen: Int? = nil) {
        // Ties go to the lower id, so that the order never depends on the sort.
        var order = probabilities.indices.sorted {
            (probabilities[$0], $1) > (probabilities[$1], $0)
        }
        if let chosen, let place = order.firstIndex(of: chosen) { order.insert(order.remove(at: place), at: 0) }
        best = order.first ?? 0
        candidates = order.map { Candidate(label: labels[$0], probability: probabilities[$0]) }
    }

    public var summary: String { label }
    public var confidence: Double? { Double(probability) }
    public var columns: [String] { candidates.flatMap { [$0.label, "\($0.probability)"] } }

    public var fields: JSONObject {
        JSONObject([
            "label": .string(label), "probability": .float(probability),
            "candidates": .array(candidates.map(\.json)),
        ])
    }
}
