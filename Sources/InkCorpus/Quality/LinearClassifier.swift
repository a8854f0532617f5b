import Foundation
import InkSupport

/// Multinomial logistic regression over hashed n-grams.
///
/// A text with n features has the score bias + Σ weights / √n for each class, so that short and long texts have
/// features of about the same length. Two classes share one column of weights: the second class's score less the
/// first's, which is the same model with half the memory.
public struct LinearClassifier: Sendable {
    /// Names of the classes.
    public let labels: [String]
    public let features: FeatureHashing
    /// Columns of weights: one for two classes, otherwise one a class.
    package let columns: Int
    /// A row of columns for each bucket.
    package var weights: [Float]
    package var bias: [Float]

    /// A model that knows nothing.
    /// - Throws: `InputError` (`.usage`) for fewer than two classes, two of one name, or weights beyond 2 GiB.
    public init(labels: [String], features: FeatureHashing) throws {
        guard labels.count >= 2, labels.count <= 256, Set(labels).count == labels.count else {
            throw InputError(
                .usage, at: "classes", "the classes cannot be used", expected: "2 to 256 classes of different names",
                found: labels.joined(separator: ", "))
        }
        self.labels = labels
        self.features = features
        columns = labels.count == 2 ? 1 : labels.count
        guard features.bucketCount * columns <= 1 << 29 else {
            throw InputError(
                .usage, at: "bits", "the model is too large", expected: "2^bits × classes ≤ 2^29",
                found: "2^\(features.bits) × \(columns)")
        }
        // Once as numbers and once as the bytes of the file that they are read from or written to.
        try MemoryRoom.require(
            8 * features.bucketCount * columns, for: "the model's weights", remedy: "give fewer --bits")
        weights = [Float](repeating: 0, count: features.bucketCount * columns)
        bias = [Float](repeating: 0, count: columns)
    }

    /// The probabilities of the classes, in the order of the labels.
    /// - Parameter utf8: valid UTF-8.
    public func probabilities(of utf8: [UInt8]) -> [Float] {
        var buckets: [UInt32] = []
        features.append(utf8, to: &buckets)
        return probabilities(of: buckets[...])
    }

    /// The probabilities of a text with these features.
    package func probabilities(of buckets: ArraySlice<UInt32>) -> [Float] {
        let scale = Self.scale(buckets.count)
        if columns == 1 {
            var sum: Float = 0
            for bucket in buckets { sum += weights[Int(bucket)] }
            let second = 1 / (1 + exp(-(sum * scale + bias[0])))
            return [1 - second, second]
        }
        var scores = [Float](repeating: 0, count: columns)
        for bucket in buckets {
            let row = Int(bucket) * columns
            for column in 0..<columns { scores[column] += weights[row + column] }
        }
        for column in 0..<columns { scores[column] = scores[column] * scale + bias[column] }
        let highest = scores.max() ?? 0
        var sum: Float = 0
        for column in 0..<columns {
            scores[column] = exp(scores[column] - highest)
            sum += scores[column]
        }
        return scores.map { $0 / sum }
    }

    /// The value of a feature of a text that has `count`.
    package static func scale(_ count: Int) -> Float { count == 0 ? 0 : 1 / Float(count).squareRoot() }
}

extension LinearClassifier: DocumentScorer {
    public func makeSession() -> any ScoringSession { Session(self) }

    private final class Session: ScoringSession {
        private let classifier: LinearClassifier
        private var buckets: [UInt32] = []

        init(_ classifier: LinearClassifier) { self.classifier = classifier }

        func probabilities(of texts: [[UInt8]]) -> [[Float]] {
            texts.map { text in
                buckets.removeAll(keepingCapacity: true)
                classifier.features.append(text, to: &buckets)
                return classifier.probabilities(of: buckets[...])
            }
        }
    }
}
