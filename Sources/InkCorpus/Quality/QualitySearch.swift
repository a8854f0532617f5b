import InkSupport

/// Finds the documents that join a training set in a round of `QualityTraining`.
struct QualitySearch {
    /// A document that the model is sure of.
    struct Find: Sendable {
        let utf8: [UInt8]
        let id: String
        let hash: UInt64
        let label: Int
        let probability: Float
    }

    /// Whether a class is that of good documents.
    let isGood: [Bool]
    /// Documents of each class to find at most.
    let limits: [Int]
    /// The least probability.
    let confidence: Float

    /// Of each bad class the documents that the model is surest of; of each good one any it is sure of, drawn by their
    /// hash: the surest would all be of one kind.
    /// - Parameters:
    ///   - known: hashes of documents to pass over.
    ///   - warns: whether people are told what of the input cannot be read.
    func run(
        _ model: any DocumentScorer, _ input: DocumentInput, _ known: Set<UInt64>, _ context: StageContext, warns: Bool
    ) throws -> [Find] {
        let search = self
        var best = [[Find]](repeating: [], count: limits.count)
        let problems = try input.forEachBatch(
            "quality", context, makeWorker: { model.makeSession() },
            transform: { batch, session in
                let scores = try session.probabilities(of: batch.documents.map(\.utf8))
                var found = [[Find]](repeating: [], count: search.limits.count)
                for (document, row) in zip(batch.documents, scores) {
                    let label = row.mostProbable
                    guard row[label] >= search.confidence else { continue }
                    let hash = Hash64.of(document.utf8)
                    if known.contains(hash) { continue }
                    found[label].append(
                        Find(
                            utf8: document.utf8, id: document.id, hash: hash, label: label, probability: row[label]))
                }
                return found.indices.map { search.best(found[$0], $0) }
            },
            consume: { found in
                for label in best.indices { best[label] = search.best(best[label] + found[label], label) }
            })
        if warns { problems.warnings.forEach(context.warn) }
        return best.flatMap(\.self)
    }

    /// The first of a class, each text once.
    private func best(_ found: [Find], _ label: Int) -> [Find] {
        let sorted =
            isGood[label]
            ? found.sorted { ($0.hash, $1.probability) < ($1.hash, $0.probability) }
            : found.sorted { ($1.probability, $0.hash) < ($0.probability, $1.hash) }
        var best: [Find] = []
        // Equal texts have equal probabilities and stand together.
        for document in sorted where best.last?.hash != document.hash {
            if best.count == limits[label] { break }
            best.append(document)
        }
        return best
    }
}
