import Foundation
import InkSupport

/// A piece of a passage that answers a question.
public struct ExtractedAnswer: RankedAnswer, Codable, Equatable {
    /// A possible answer.
    public struct Candidate: Codable, Equatable, Sendable {
        /// As it stands in the passage; empty for no answer.
        public let text: String
        /// Unicode scalars of the passage before it; nil for no answer.
        public let start: Int?
        /// Where it ends, exclusive; nil for no answer.
        public let end: Int?
        /// Its share among the twenty best.
        public let probability: Float
    }

    /// The best answers, the most probable first. Empty where the passage holds nothing to answer with.
    public var candidates: [Candidate]

    /// The best answer.
    public var text: String { candidates.first?.text ?? "" }
    public var probability: Float { candidates.first?.probability ?? 0 }

    init(_ best: [SpanSearch.Candidate], in passage: String) {
        let text = ScalarText(passage)
        let highest = best.map(\.score).max() ?? 0
        let weights = best.map { exp($0.score - highest) }
        let total = weights.reduce(0, +)
        candidates = zip(best, weights).map { candidate, weight in
            let isEmpty = candidate.range.isEmpty
            return Candidate(
                text: text.piece(candidate.range), start: isEmpty ? nil : candidate.range.lowerBound,
                end: isEmpty ? nil : candidate.range.upperBound, probability: weight / total)
        }
    }

    public var summary: String { text }
    public var confidence: Double? { Double(probability) }
    public var columns: [String] {
        candidates.flatMap { [$0.text.inOneColumn, "\($0.probability)"] }
    }

    public var fields: JSONObject {
        func record(_ candidate: Candidate) -> JSONObject {
            JSONObject([
                "answer": .string(candidate.text), "start": candidate.start.map { .integer($0) },
                "end": candidate.end.map { .integer($0) }, "probability": .float(candidate.probability),
            ])
        }
        var fields = candidates.first.map(record) ?? JSONObject(["answer": .string("")])
        fields["candidates"] = .array(candidates.map { .object(record($0)) })
        return fields
    }
}
