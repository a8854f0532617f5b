import InkSupport
import InkTensor

/// For each first text of a pair that belongs together, the search for its partner among all second texts.
struct PartnerSearch {
    private let queries: [[Float]]
    private let corpus: [[Float]]
    private let relevant: [Set<Int>]
    /// Results that are looked at.
    private static let depth = 10
    /// Queries compared with the corpus at once.
    private static let queriesAtOnce = 512

    /// Nil when no pair belongs together: grades of more than two values say how alike texts are, not that they match.
    init?(_ examples: [SimilarityExample], _ answers: [TextSimilarityAnswer]) {
        let grades = Set(examples.map(\.score))
        guard grades.count <= 2, let top = grades.max(), top > 0 else { return nil }
        var places: [String: Int] = [:]
        var corpus: [[Float]] = []
        for (example, answer) in zip(examples, answers) where places[example.second] == nil {
            places[example.second] = corpus.count
            corpus.append(answer.second)
        }
        var partners: [String: Int] = [:]
        var queries: [[Float]] = []
        var relevant: [Set<Int>] = []
        for (example, answer) in zip(examples, answers) where example.score == top {
            guard let place = places[example.second] else { continue }
            if let query = partners[example.first] {
                relevant[query].insert(place)
            } else {
                partners[example.first] = queries.count
                queries.append(answer.first)
                relevant.append([place])
            }
        }
        guard !queries.isEmpty else { return nil }
        self.queries = queries
        self.corpus = corpus
        self.relevant = relevant
    }

    /// - Throws: `InputError` when a cosine is not a number.
    func recall() throws -> CorpusRecall {
        let width = corpus[0].count
        let matrix = Tensor(corpus.flatMap { $0 }, shape: [corpus.count, width])
        var places: [[TieGroup]] = []
        for start in stride(from: 0, to: queries.count, by: Self.queriesAtOnce) {
            let part = start..<min(start + Self.queriesAtOnce, queries.count)
            let cosines = Pass.inference().matmul(
                Tensor(queries[part].flatMap { $0 }, shape: [part.count, width]), matrix, transposeB: true)
            for (row, query) in part.enumerated() {
                let scores = cosines.row(row)
                guard scores.allSatisfy({ !$0.isNaN }) else {
                    throw InputError(.run, at: "evaluation: question \(query)", "a score is not a number")
                }
                places.append(TieGroup.groups(scores, isRelevant: relevant[query].contains))
            }
        }
        return try CorpusRecall(places, relevant: relevant.map(\.count), depth: Self.depth)
    }
}
