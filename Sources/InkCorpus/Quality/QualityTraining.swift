import Foundation
import InkSupport

/// Trains a quality model on judged documents, and in rounds on what it finds itself.
///
/// A round is Yuan 1.0's: the model scores documents that nobody judged, those that it is surest are bad or advertising
/// join the training set under that class, and the model is trained anew. So that the model does not come to expect ever
/// more bad documents, good ones that it is sure of join too, as many as keep their share in what was judged.
public struct QualityTraining<Trainer: QualityTrainer> {
    public var labels: [String]
    public var trainer: Trainer
    /// Share of the judged documents that measure the model and do not train it.
    public var heldShare = 0.1
    /// Trainings after the first.
    public var rounds = 0
    /// Documents of each bad class that join in a round at most.
    public var addedPerRound = 500
    /// More would not fit into memory.
    public static var mostAdded: Int { 1_000_000 }
    /// The least probability of a document that joins.
    public var confidence: Float = 0.9

    public init(_ trainer: Trainer, labels: [String] = QualityClass.labels) {
        self.trainer = trainer
        self.labels = labels
    }

    /// The model, what each round did, and the documents that joined.
    /// - Parameters:
    ///   - judged: labels are places in `labels`.
    ///   - unjudged: where rounds look; needed for them.
    /// - Throws: `InputError` (`.usage`) for options out of range or rounds without documents to look at; what reading
    ///   throws.
    public func train(
        _ judged: DocumentSample, unjudged: DocumentInput? = nil, _ context: StageContext
    ) throws -> (model: Trainer.Model, rounds: [QualityRound], joined: [QualityAddition]) {
        guard (0..<1).contains(heldShare), (0...100).contains(rounds), (1...Self.mostAdded).contains(addedPerRound),
            (0...1).contains(confidence)
        else {
            throw InputError(
                .usage, at: "quality train", "an option is out of range",
                expected: "a held share from 0 to below 1, 0 to 100 rounds, 1 to \(Self.mostAdded) documents a round, "
                    + "a confidence of 0 to 1",
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
        let search = QualitySearch(isGood: isGood, limits: limits(rest), confidence: confidence)
        var joined: [QualityAddition] = []
        for number in 0..<rounds {
            guard let unjudged else { break }
            let found = balanced(try search.run(model, unjudged, known, context, warns: number == 0), rest)
            var added = [Int](repeating: 0, count: labels.count)
            for document in found {
                known.insert(document.hash)
                training.add(document.utf8, label: document.label, id: document.id)
                added[document.label] += 1
                joined.append(
                    QualityAddition(
                        round: number + 1, id: document.id, utf8: document.utf8, label: labels[document.label],
                        probability: document.probability))
            }
            if !found.isEmpty {
                model = try trainer.train(training, labels: labels, context)
            }
            table.append(try round(model, training, added, held, context))
            if found.isEmpty { break }
        }
        return (model, table, joined)
    }

    private func round(
        _ model: Trainer.Model, _ training: DocumentSample, _ added: [Int], _ held: DocumentSample,
        _ context: StageContext
    ) throws -> QualityRound {
        let predictions = try QualityPredictions(model, held, threads: context.threads)
        let documents = labels.indices.map { label in training.labels.filter { $0 == label }.count }
        return QualityRound(documents: documents, added: added, accuracy: predictions.accuracy, loss: predictions.loss)
    }

    private var isGood: [Bool] { labels.map { ["high", "positive"].contains($0) } }

    /// How many good documents belong to a bad one, by what was judged.
    private func goodForBad(_ judged: DocumentSample) -> Double {
        let good = judged.labels.filter { isGood[$0] }.count
        return Double(good) / Double(max(judged.count - good, 1))
    }

    private func limits(_ judged: DocumentSample) -> [Int] {
        let bad = isGood.filter { !$0 }.count
        let good = min(Double(bad * addedPerRound) * goodForBad(judged), Double(Self.mostAdded))
        return isGood.map { $0 ? Int(good.rounded(.up)) : addedPerRound }
    }

    /// What was found, with no more good documents than belong to the bad ones.
    private func balanced(_ found: [QualitySearch.Find], _ judged: DocumentSample) -> [QualitySearch.Find] {
        let bad = found.filter { !isGood[$0.label] }
        let good = found.filter { isGood[$0.label] }
        return bad + good.prefix(Int((Double(bad.count) * goodForBad(judged)).rounded()))
    }
}
