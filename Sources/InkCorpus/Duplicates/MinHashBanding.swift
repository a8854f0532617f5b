import Foundation

/// How the minima of a signature are cut into bands: two documents are candidates when a whole band agrees.
public struct MinHashBanding: Hashable, Sendable {
    public var bands: Int
    /// Minima in a band.
    public var rows: Int

    public init(bands: Int, rows: Int) {
        self.bands = bands
        self.rows = rows
    }

    /// The cut for which the areas of false positives below the threshold and of false negatives above it, in the curve
    /// of becoming a candidate over the Jaccard similarity (Leskovec et al., Mining of Massive Datasets, section 3.4),
    /// have the smallest weighted sum.
    /// - Parameters:
    ///   - threshold: from 0 to 1.
    ///   - missWeight: what a false negative counts; a false positive counts 1 less this.
    public init(threshold: Double, permutations: Int, missWeight: Double) {
        let steps = 1000
        let similarities = (0..<steps).map { (Double($0) + 0.5) / Double(steps) }
        let weights = similarities.map { $0 < threshold ? missWeight - 1 : missWeight }
        // Of a false positive the weight counts 1 − missed, of a false negative missed.
        let constant = weights.reduce(0) { $0 + max(0, -$1) }
        var best = (area: Double.infinity, bands: 1, rows: 1)
        for rows in 1...permutations {
            let different = similarities.map { 1 - pow($0, Double(rows)) }
            var missed = [Double](repeating: 1, count: steps)
            for bands in 1...(permutations / rows) {
                var area = constant
                for step in 0..<steps {
                    missed[step] *= different[step]
                    area += weights[step] * missed[step]
                }
                if area < best.area { best = (area, bands, rows) }
            }
        }
        (bands, rows) = (best.bands, best.rows)
    }

    /// The probability that two documents of this Jaccard similarity become candidates.
    public func candidateProbability(_ similarity: Double) -> Double {
        1 - pow(1 - pow(similarity, Double(rows)), Double(bands))
    }
}
