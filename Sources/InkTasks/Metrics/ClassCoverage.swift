/// Tells which classes averages count that the data or the answers do not have.
enum ClassCoverage {
    /// - Parameters:
    ///   - gold: how often each class is right.
    ///   - predicted: how often it was given.
    static func notes(_ names: [String], gold: [Int], predicted: [Int]) -> [String] {
        func text(_ ids: [Int], _ one: String, _ several: String) -> [String] {
            guard !ids.isEmpty else { return [] }
            return [
                (ids.count == 1 ? "1 class \(one)" : "\(ids.count) classes \(several)")
                    + ": \(LabelSet.excerpt(ids.map { names[$0] }))"
            ]
        }
        let ids = names.indices.filter { gold[$0] == 0 }
        return text(
            ids.filter { predicted[$0] == 0 },
            "stands neither in the gold labels nor in the answers and counts as 0 in macro averages",
            "stand neither in the gold labels nor in the answers and count as 0 in macro averages")
            + text(
                ids.filter { predicted[$0] > 0 },
                "was given as an answer but stands nowhere in the gold labels: its scores are 0",
                "were given as answers but stand nowhere in the gold labels: their scores are 0")
    }
}
