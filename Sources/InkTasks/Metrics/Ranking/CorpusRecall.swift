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
    /// Queries whose relevant text has the score of another one that is not.
    public let tied: Int

    /// `results` are the texts found for each query, the best first, and `relevant` the texts that answer it, both as
    /// indices of the corpus. Throws `InputError` when the lists differ in length or are empty, or a query has no
    /// relevant text.
    public init(results: [[Int]], relevant: [Set<Int>], cutoffs: [Int] = [1, 5, 10]) throws {
        let queries = zip(results, relevant).map { results, relevant in
            results.indices.filter { relevant.contains(results[$0]) }.map {
                TieGroup(before: $0, count: 1, relevant: 1)
            }
        }
        guard results.count == relevant.count else {
            throw InputError(
                .run, at: "evaluation", "every query needs results",
                found: "\(results.count) lists of results, \(relevant.count) queries")
        }
        try self.init(queries, relevant: relevant.map(\.count), cutoffs: cutoffs)
    }

    /// The same from the places of the relevant texts of each query among the scores of the corpus, the mean over all
    /// orders of equal scores. `relevant` are the numbers of texts that answer each query; results after `depth` do not
    /// count.
    init(_ queries: [[TieGroup]], relevant: [Int], cutoffs: [Int] = [1, 5, 10], depth: Int = .max) throws {
        guard !queries.isEmpty, relevant.allSatisfy({ $0 > 0 }) else {
            throw InputError(
                .run, at: "evaluation", "every query needs at least one relevant text, and there must be a query",
                found: "\(queries.count) queries")
        }
        let total = Double(queries.count)
        recalls = cutoffs.sorted().map { cutoff in
            let sum = zip(queries, relevant).reduce(0.0) { sum, query in
                sum + query.0.reduce(0) { $0 + $1.expectedRelevant(within: cutoff) } / Double(query.1)
            }
            return Recall(cutoff: cutoff, recall: sum / total)
        }
        meanReciprocalRank =
            queries.reduce(0.0) { $0 + ($1.first?.reciprocalRank(within: depth) ?? 0) } / total
        count = queries.count
        tied = queries.count { $0.contains { $0.isMixed && $0.before < depth } }
    }
}
