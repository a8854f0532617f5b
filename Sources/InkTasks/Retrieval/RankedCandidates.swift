import InkSupport

/// The candidates of a question in the order in which a model would give them.
public struct RankedCandidates: RankedAnswer, Codable, Equatable {
    /// A text with its chance to answer the question.
    public struct Candidate: Codable, Equatable, Sendable {
        /// Its place among the candidates given, from 0.
        public let index: Int
        public let text: String
        /// The probability that it is relevant, 0 to 1, by itself.
        public let probability: Float
    }

    /// The most probable first; ties in the order given.
    public var candidates: [Candidate]

    init(_ texts: [String], _ probabilities: [Float]) {
        candidates = zip(texts, probabilities).enumerated().map {
            Candidate(index: $0.offset, text: $0.element.0, probability: $0.element.1)
        }.sorted { ($0.probability, $1.index) > ($1.probability, $0.index) }
    }

    public var summary: String { candidates.first?.text ?? "" }
    public var confidence: Double? { candidates.first.map { Double($0.probability) } }
    public var columns: [String] {
        candidates.flatMap { [$0.text.inOneColumn, "\($0.probability)"] }
    }

    public var fields: JSONObject {
        JSONObject([
            "candidates": .array(
                candidates.map {
                    .record([
                        "index": .integer($0.index), "text": .string($0.text), "probability": .float($0.probability),
                    ])
                })
        ])
    }
}
