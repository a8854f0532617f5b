import InkSupport

/// How well scores put the relevant candidates of each question first, and how well a threshold on them tells the
/// relevant ones.
public struct RankingMetrics: Codable, Equatable, Sendable {
    /// The share of questions with a relevant candidate among the first ones.
    public struct HitRate: Codable, Equatable, Sendable {
        /// How many candidates count.
        public let cutoff: Int
        /// The share of all questions.
        public let rate: Double
    }

    /// The mean over the questions of 1 / the rank of the first relevant candidate.
    public let meanReciprocalRank: Double
    /// The mean over the questions of the average precision: over the relevant candidates, the mean of their share
    /// among the candidates down to each.
    public let meanAveragePrecision: Double
    /// Hits at each cutoff, ascending.
    public let hits: [HitRate]
    /// Precision, recall and F1 of "relevant" over all candidates, where a score above the threshold says so.
    public let relevant: ClassificationMetrics.Scores
    /// The number of questions.
    public let count: Int
    /// Questions without a relevant candidate; they count as 0.
    public let withoutRelevant: Int
    /// The indices of questions in which a relevant candidate has the score of another one that is not.
    public let tied: [Int]

    /// Ranks the candidates of each question by score, the highest first. Candidates of one score have no order: what
    /// depends on it is the mean over all their orders, whatever their order in the data. Throws
    /// `InputError` when scores and candidates are not equally many, a score is not a number, or there is no question.
    public init(
        scores: [[Double]], relevant: [[Bool]], cutoffs: [Int] = [1, 3, 10], threshold: Double = 0.5
    ) throws {
        guard scores.count == relevant.count, !scores.isEmpty,
            zip(scores, relevant).allSatisfy({ $0.count == $1.count })
        else {
            throw InputError(
                .run, at: "evaluation", "every candidate of every question needs one score, at least one question",
                found: "\(scores.count) scored questions, \(relevant.count) questions")
        }
        var reciprocalRanks = 0.0
        var averagePrecisions = 0.0
        var hits = [Double](repeating: 0, count: cutoffs.count)
        var counts = AgreementCounts()
        var withoutRelevant = 0
        var tied: [Int] = []
        let cutoffs = cutoffs.sorted()
        for (index, (scores, relevant)) in zip(scores, relevant).enumerated() {
            guard scores.allSatisfy({ !$0.isNaN }) else {
                throw InputError(.run, at: "evaluation: question \(index)", "a score is not a number")
            }
            for (score, isRelevant) in zip(scores, relevant) {
                if isRelevant { counts.gold += 1 }
                if score > threshold { counts.predicted += 1 }
                if isRelevant, score > threshold { counts.right += 1 }
            }
            let groups = TieGroup.groups(scores, isRelevant: { relevant[$0] })
            guard let first = groups.first else {
                withoutRelevant += 1
                continue
            }
            if groups.contains(where: \.isMixed) { tied.append(index) }
            reciprocalRanks += first.reciprocalRank()
            averagePrecisions += TieGroup.averagePrecision(groups)
            for (slot, cutoff) in cutoffs.enumerated() {
                hits[slot] += 1 - first.chanceOfNone(within: cutoff)
            }
        }
        count = scores.count
        self.withoutRelevant = withoutRelevant
        self.tied = tied
        let total = Double(scores.count)
        meanReciprocalRank = reciprocalRanks / total
        meanAveragePrecision = averagePrecisions / total
        self.hits = zip(cutoffs, hits).map { HitRate(cutoff: $0, rate: $1 / total) }
        self.relevant = counts.scores
    }
}
