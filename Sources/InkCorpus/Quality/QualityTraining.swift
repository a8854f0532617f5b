import Foundation
import InkSupport

/// Trains a quality model on judged documents, and in rounds on what it finds itself.
///
/// A round is Yuan 1.0's: the model scores documents that nobody judged, those that it is surest are bad or advertising
/// join the training set under that class, and the model is trained anew.
public struct QualityTraining<Trainer: QualityTrainer> {
    public var labels: [String]
    public var trainer: Trainer
    /// Share of the judged documents that measure the model and do not train it.
    public var heldShare = 0.1
    /// Trainings after the first.
    public var rounds = 0
    /// Documents of each class that join in a round at most.
    public var addedPerRound = 500
    /// The least probability of a document that joins.
    public var confidence: Float = 0.9

    public init(_ trainer: Trainer, labels: [String] = QualityClass.labels) {
        self.trainer = trainer
        self.labels = labels
    }

    /// The model, and what each round did.
    /// - Parameters:
    ///   - judged: labels are places in `labels`.
    ///   - unjudged: where rounds look; needed for them.
    /// - Throws: `InputError` (`.usage`) for options out of range or rounds without documents to look at; what reading
    ///   throws.
    public func train(
        _ judged: DocumentSample, unjudged: DocumentInput? = nil, _ context: StageContext
    ) throws -> (model: Trainer.Model, rounds: [QualityRound]) {
        guard (0..<1).contains(heldShare), (0...100).contains(rounds), addedPerRound >= 1, (0...1).contains(confidence)
        else {
            throw InputError(
                .usage, at: "quality train", "an option is out of range",
                expected:
                    "a held share from 0 to below 1, 0 to 100 rounds, 1 document a round or more, a confidence of 0 to 1",
                found: "\(heldShare), \(rounds), \(addedPerRound), \(confidence)")
        }
        guard rounds == 0 || unjudged != nil else {
            throw InputError(
                .usage, at: "rounds", "there are no documents to look at", expected: "documents that nobody judged",
                remedy: "give them with --unlabelled")
        }
        let (held, rest) = judged.split(share: heldShare)
        var training = rest
        var known = Set((0..<judged.count).map { Hash64.of(judged.utf8($0)) })
        var model = try trainer.train(training, labels: labels, context)
        var table = [try round(model, training, [Int](repeating: 0, count: labels.count), held, context)]
        for _ in 0..<rounds {
            guard let unjudged else { break }
            let found = try surest(model, unjudged, known, context)
            var added = [Int](repeating: 0, count: labels.count)
            for document in found {
                known.insert(document.hash)
                training.add(document.utf8, label: document.label, id: document.id)
                added[document.label] += 1
            }
            if !found.isEmpty {
                model = try trainer.train(training, labels: labels, context)
            }
            table.append(try round(model, training, added, held, context))
            if found.isEmpty { break }
        }
        return (model, table)
    }

    private func round(
        _ model: Trainer.Model, _ training: DocumentSample, _ added: [Int], _ held: DocumentSample,
        _ context: StageContext
    ) throws -> QualityRound {
        let predictions = try QualityPredictions(model, held, threads: context.threads)
        let documents = labels.indices.map { label in training.labels.filter { $0 == label }.count }
        return QualityRound(documents: documents, added: added, accuracy: predictions.accuracy, loss: predictions.loss)
    }

    /// A document that the model is sure of.
    private struct Found: Sendable {
        let utf8: [UInt8]
        let id: String
        let hash: UInt64
        let label: Int
        let probability: Float
    }

    /// The documents of the bad classes (all but `high` or `positive`) that the model is surest of.
    private func surest(
        _ model: Trainer.Model, _ input: DocumentInput, _ known: Set<UInt64>, _ context: StageContext
    ) throws -> [Found] {
        let (confidence, limit) = (confidence, addedPerRound)
        let bad = labels.indices.filter { !["high", "positive"].contains(labels[$0]) }
        var best = [[Found]](repeating: [], count: labels.count)
        try input.forEachBatch(
            "quality", context, makeWorker: { model.makeSession() },
            transform: { batch, session in
                let scores = try session.probabilities(of: batch.documents.map(\.utf8))
                var found = [[Found]](repeating: [], count: model.labels.count)
                for (document, row) in zip(batch.documents, scores) {
                    guard let label = bad.max(by: { row[$0] < row[$1] }), row[label] >= confidence else { continue }
                    let hash = Hash64.of(document.utf8)
                    if known.contains(hash) { continue }
                    found[label].append(
                        Found(
                            utf8: document.utf8, id: document.id, hash: hash, label: label, probability: row[label]))
                }
                return found.map { Self.best($0, limit) }
            },
            consume: { found in
                for label in best.indices { best[label] = Self.best(best[label] + found[label], limit) }
            })
        return best.flatMap(\.self)
    }

    /// The surest, each text once.
    private static func best(_ found: [Found], _ limit: Int) -> [Found] {
        var best: [Found] = []
        // Equal texts have equal probabilities and stand together.
        for document in found.sorted(by: { ($1.probability, $0.hash) < ($0.probability, $1.hash) })
        where best.last?.hash != document.hash {
            if best.count == limit { break }
            best.append(document)
        }
        return best
    }
}
