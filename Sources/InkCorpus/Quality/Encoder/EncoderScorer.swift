import Foundation
import InkSupport
import InkTasks

/// A fine-tuned encoder as a quality model.
public struct EncoderScorer: DocumentScorer {
    private let classifier: TextClassifier

    /// - Parameter folder: a run folder of a text classifier, or a Hugging Face folder of one.
    /// - Throws: `InputError` when a file is missing or damaged.
    public init(contentsOf folder: URL) throws { classifier = try TextClassifier(contentsOf: folder) }

    public var labels: [String] { classifier.labels }

    public func makeSession() -> any ScoringSession { Session(classifier) }

    private final class Session: ScoringSession {
        private let classifier: TextClassifier

        init(_ classifier: TextClassifier) { self.classifier = classifier }

        func probabilities(of texts: [[UInt8]]) throws -> [[Float]] {
            let labels = classifier.labels
            let answers = try classifier.classify(
                texts.map { String(decoding: $0, as: UTF8.self) }, topK: labels.count)
            return answers.map { answer in
                var byName: [String: Float] = [:]
                for candidate in answer.candidates { byName[candidate.label] = candidate.probability }
                return labels.map { byName[$0] ?? 0 }
            }
        }
    }
}
