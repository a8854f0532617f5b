import Foundation
import InkTensor

/// The right tags of a window of a text.
public struct TagTarget: Sendable, Equatable {
    /// A label for each token of the input; −100 for special tokens and for tokens that another window owns.
    var labels: [Int32]
    /// The tokens that the window owns, by their place in the input.
    var owned: Range<Int>
    /// Where the owned tokens stand in the text, in Unicode scalars.
    var offsets: ArraySlice<Range<Int>>
    /// Spans of the whole text that do not fall on tokens; counted in its first window.
    var cutSpans: Int

    /// Number of tokens with a label.
    var known: Int { labels.count { $0 >= 0 } }
}

/// What a tagger computes for a window: log-probabilities of all labels for the tokens that it owns.
public struct TagScores: TaskOutput {
    /// One row of all labels for each owned token.
    let logProbabilities: [Float]
    /// The mean of −log p(right label) over the owned tokens; nil where no label is known.
    public let loss: Float?

    /// The parts of a batch's result.
    static func rows(_ result: CrossEntropy, _ targets: [TagTarget]) -> [TagScores] {
        let probabilities = result.probabilities.values
        let width = result.probabilities.columns
        var first = 0
        return targets.map { target in
            defer { first += target.labels.count }
            let owned = first + target.owned.lowerBound..<first + target.owned.upperBound
            let losses = zip(target.labels, result.rowLosses[first...]).filter { $0.0 >= 0 }.map(\.1)
            return TagScores(
                logProbabilities: probabilities[owned.lowerBound * width..<owned.upperBound * width].map {
                    // One that underflows must not make all sequences equally impossible.
                    log(max($0, .leastNormalMagnitude))
                },
                loss: losses.isEmpty ? nil : losses.reduce(0, +) / Float(losses.count))
        }
    }
}
