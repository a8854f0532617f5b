import Foundation

/// The rule of GPT-3 and GLaM by which a scored document stays: when a draw from the Pareto distribution is above
/// 1 − score. Good documents nearly always stay and a few poor ones do, so that the corpus keeps its breadth.
///
/// The distribution is NumPy's (Lomax): a document with score s stays with probability (2 − s)^−α.
public struct ParetoSelection: Hashable, Sendable {
    /// Shape of the distribution.
    public var alpha: Double
    public var seed: UInt64

    /// - Parameter alpha: above 0; 9 in GPT-3.
    public init(alpha: Double = 9, seed: UInt64 = 1) {
        self.alpha = alpha
        self.seed = seed
    }

    /// Whether a document stays: a function of its id, its score and the seed alone.
    /// - Parameter score: from 0 to 1.
    public func keeps(id: String, score: Double) -> Bool {
        let uniform = Hash64.unit(Hash64.of(Array(id.utf8), seed: Hash64.mix(seed)))
        let draw = pow(1 - uniform, -1 / alpha) - 1
        return draw > 1 - score
    }
}
