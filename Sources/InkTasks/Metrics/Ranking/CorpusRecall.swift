import InkSupport

/// How much of what answers each query a search over a corpus brings among its first results.
public struct CorpusRecall: Codable, Equatable, Sendable {
    /// The recall at a cutoff.
    public struct Recall: Codable, Equatable, Sendable {
        /// How many results count.
        public let cutoff: Int
        /// The mean over the queries of the share of the relevant texts among them.
        public let recall: Double
    }

    /// Each cutoff, ascending.
    public let recalls: [Recall]
    /// The mean over the queries of 1 / the rank of the first relevant text, 0 where the results have none.
    public let meanReciprocalRank: Double
    /// The number of queries.
    public let count: Int

    /// `results` are the texts found for each query, the best first, and `relevant` the texts that answer it, both as
    /// indices of the corpus. Throws `InputError` when the lists differ in length or are empty, or a query has no
    /// relevant text.
    public init(results: [[Int]], relevant: [Set<Int>], cutoffs: [Int] = [1, 5, 10]) throws {
        guard results.count == relevant.count, !results.isEmpty, relevant.allSatisfy({ !$0.isEmpty }) else {
            throw InputError(
                .run, at: "evaluation", "every query needs results and at least one relevant text",
                found: "\(results.count) lists of results, \(relevant.count) queries")
        }
        let total = Double(results.count)
        recalls = cutoffs.sorted().map { cutoff in
            let sum = zip(results, relevant).reduce(0.0) { sum, query in
                let found = Set(query.0.prefix(max(cutoff, 0))).intersection(query.1).count
                return sum + Double(found) / Double(query.1.count)
            }
            return Recall(cutoff: cutoff, recall: sum / total)
        }
        let reciprocal = zip(results, relevant).reduce(0.0) { sum, query in
            sum + (query.0.firstIndex(where: query.1.contains).map { 1 / Double($0 + 1) } ?? 0)
        }
        meanReciprocalRank = reciprocal / total
        count = results.count
    }
}
