import Foundation
import InkSupport

/// A document for a person to judge, and why it was chosen.
public struct QualityCandidate: Hashable, Sendable {
    public var id: String
    public var text: String
    /// What it looks like.
    public var candidate: QualityClass
    /// What says so: `keywords`, `cluster`, `order`, `perplexity`, or `typical`.
    public var reason: String
    /// Of characters, under the language model.
    public var perplexity: Double
    /// How much better its characters are foretold by those before them than by their frequency, in nats a character.
    public var order: Double
    /// Different signs of advertising for each 100 characters.
    public var density: Double
    /// Its group of like wording.
    public var cluster: Int

    public init(
        id: String, text: String, candidate: QualityClass, reason: String, perplexity: Double, order: Double,
        density: Double, cluster: Int
    ) {
        self.id = id
        self.text = text
        self.candidate = candidate
        self.reason = reason
        self.perplexity = perplexity
        self.order = order
        self.density = density
        self.cluster = cluster
    }

    /// The record for the judge, who puts a class in the place of `label`'s null.
    public var json: JSONValue {
        .record([
            "id": .string(id), "text": .string(text), "candidate": .string(candidate.rawValue),
            "reason": .string(reason), "perplexity": .number(String(format: "%.2f", perplexity)),
            "order": .number(String(format: "%.3f", order)), "density": .number(String(format: "%.3f", density)),
            "cluster": .integer(cluster), "label": .null,
        ])
    }

    /// Writes candidates, one a line.
    /// - Throws: `InputError` (`.run`) when the file cannot be written.
    public static func write(_ candidates: [QualityCandidate], to url: URL) throws {
        let writer = try AtomicFileWriter(url)
        for candidate in candidates {
            try writer.append(Array((candidate.json.serialized(indented: false) + "\n").utf8))
        }
        try writer.commit()
    }
}
