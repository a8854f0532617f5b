/// Candidates of a question with one and the same score, some of them relevant. Their order is chance, so what depends
/// on it is taken as its mean over all their orders, each as likely; a model that gives everything one score then gets
/// what guessing gets, whatever the order of the data.
struct TieGroup: Equatable {
    /// Candidates with a higher score.
    let before: Int
    /// Candidates with this score.
    let count: Int
    /// How many of these are relevant; at least one.
    let relevant: Int

    /// Whether the order matters.
    var isMixed: Bool { relevant < count }

    /// The groups of a question that have relevant candidates, by score, the highest first. No score may be NaN.
    static func groups<Score: BinaryFloatingPoint>(_ scores: [Score], isRelevant: (Int) -> Bool) -> [TieGroup] {
        let wanted = Set(scores.indices.lazy.filter(isRelevant).map { scores[$0] })
        return wanted.sorted(by: >).map { score in
            var (before, count, relevant) = (0, 0, 0)
            for index in scores.indices where scores[index] >= score {
                if scores[index] > score {
                    before += 1
                } else {
                    count += 1
                    if isRelevant(index) { relevant += 1 }
                }
            }
            return TieGroup(before: before, count: count, relevant: relevant)
        }
    }

    /// The chance that none of the group's relevant ones is among the first `cutoff` candidates.
    func chanceOfNone(within cutoff: Int) -> Double {
        var chance = 1.0
        for drawn in 0..<max(0, min(cutoff - before, count)) {
            chance *= Double(max(0, count - relevant - drawn)) / Double(count - drawn)
        }
        return chance
    }

    /// The mean of 1 / the rank of the first relevant one; ranks after `limit` count as 0.
    func reciprocalRank(within limit: Int = .max) -> Double {
        var sum = 0.0
        var noneYet = 1.0
        for place in 0..<count - relevant + 1 where before + place < limit {
            let left = Double(count - place)
            sum += noneYet * Double(relevant) / left / Double(before + place + 1)
            noneYet *= (left - Double(relevant)) / left
        }
        return sum
    }

    /// The mean number of relevant ones among the first `cutoff` candidates.
    func expectedRelevant(within cutoff: Int) -> Double {
        Double(relevant) * Double(max(0, min(cutoff - before, count))) / Double(count)
    }

    /// The mean over the relevant candidates of all groups of their share among the candidates down to each.
    static func averagePrecision(_ groups: [TieGroup]) -> Double {
        var sum = 0.0
        var relevantBefore = 0
        for group in groups {
            let share = Double(group.relevant) / Double(group.count)
            // Given a relevant one at a place, as many of those before it in the group are relevant on average.
            let density = group.count > 1 ? Double(group.relevant - 1) / Double(group.count - 1) : 0
            for place in 0..<group.count {
                sum += share * (Double(relevantBefore + 1) + Double(place) * density) / Double(group.before + place + 1)
            }
            relevantBefore += group.relevant
        }
        return relevantBefore == 0 ? 0 : sum / Double(relevantBefore)
    }

    /// What is said of ties.
    static func note(_ tied: Int, of count: Int, _ items: String) -> String {
        "right and wrong candidates of equal score: \(tied) of \(count) \(items), measured as the mean over all orders"
    }
}
