import Foundation

/// What a model says of judged documents.
public struct QualityPredictions: Hashable, Sendable {
    /// Names of the classes.
    public let labels: [String]
    /// The judge's class of each document.
    public let gold: [Int]
    /// The model's most probable class of each.
    public let predicted: [Int]
    /// Mean −log probability of the judge's class.
    public let loss: Double

    /// The share of documents whose class is right; nil when there are none.
    public var accuracy: Double? {
        gold.isEmpty ? nil : Double(zip(gold, predicted).filter { $0 == $1 }.count) / Double(gold.count)
    }

    /// Asks the model.
    public init(_ scorer: any DocumentScorer, _ sample: DocumentSample, threads: Int) throws {
        let probabilities = try scorer.probabilities(of: sample, threads: threads)
        labels = scorer.labels
        gold = sample.labels
        predicted = probabilities.map(\.mostProbable)
        let sum = zip(gold, probabilities).reduce(0.0) { $0 - log(max(Double($1.1[$1.0]), 1e-30)) }
        loss = gold.isEmpty ? 0 : sum / Double(gold.count)
    }
}
