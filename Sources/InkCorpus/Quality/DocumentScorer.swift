/// A model that gives documents a probability for each of its classes.
public protocol DocumentScorer: Sendable {
    /// Names of the classes.
    var labels: [String] { get }
    /// What one thread scores with.
    func makeSession() -> any ScoringSession
}

/// One thread's part in a `DocumentScorer`, with the buffers that it uses again and again.
public protocol ScoringSession: AnyObject {
    /// The probabilities of the classes, in the order of the labels, for each text.
    /// - Parameter texts: valid UTF-8.
    func probabilities(of texts: [[UInt8]]) throws -> [[Float]]
}

extension [Float] {
    /// The place of the most probable class, the first of equal ones; 0 where there is none.
    var mostProbable: Int { indices.max { (self[$0], $1) < (self[$1], $0) } ?? 0 }
}

extension DocumentScorer {
    /// The probabilities of many texts, by several threads, in their order.
    public func probabilities(of sample: DocumentSample, threads: Int) throws -> [[Float]] {
        var results: [[Float]] = []
        results.reserveCapacity(sample.count)
        var start = 0
        try OrderedWork.run(
            threads: threads,
            next: {
                guard start < sample.count else { return nil as Range<Int>? }
                defer { start += min(256, sample.count - start) }
                return start..<min(start + 256, sample.count)
            },
            makeWorker: { makeSession() },
            work: { range, session in try session.probabilities(of: range.map { sample.utf8($0) }) },
            consume: { results += $0 })
        return results
    }
}
