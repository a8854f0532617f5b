import Foundation
import InkSupport

/// A document that joined the training set in a round of `QualityTraining`.
public struct QualityAddition: Hashable, Sendable {
    /// The round, from 1.
    public let round: Int
    public let id: String
    public let utf8: [UInt8]
    /// The class that the model gave it.
    public let label: String
    public let probability: Float

    /// Writes documents, an object a line: with the label corrected where it is wrong, a file of judgements.
    /// - Throws: `InputError` (`.run`) when the file cannot be written.
    public static func write(_ additions: [QualityAddition], to url: URL) throws {
        let writer = try AtomicFileWriter(url)
        for addition in additions {
            let record = JSONValue.record([
                "id": .string(addition.id), "text": .string(String(decoding: addition.utf8, as: UTF8.self)),
                "round": .integer(addition.round),
                "probability": .number(String(format: "%.4f", addition.probability)),
                "label": .string(addition.label),
            ])
            try writer.append(Array((record.serialized(indented: false) + "\n").utf8))
        }
        try writer.commit()
    }
}
