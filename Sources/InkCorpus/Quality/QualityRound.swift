import Foundation
import InkSupport

/// What a round of `QualityTraining` did.
public struct QualityRound: Hashable, Sendable {
    /// Documents of each class that the model was trained on.
    public let documents: [Int]
    /// Documents of each class that joined before this training.
    public let added: [Int]
    /// On judged documents kept apart; nil when there are none.
    public let accuracy: Double?
    public let loss: Double

    /// The rounds for people: documents of each class with those that joined, and how good the model became.
    public static func table(_ rounds: [QualityRound], labels: [String]) -> String {
        var table = TextTable(
            header: ["round"] + labels + ["accuracy", "loss"],
            alignments: [.right] + labels.map { _ in .right } + [.right, .right])
        for (number, round) in rounds.enumerated() {
            let counts = zip(round.documents, round.added).map { $1 > 0 ? "\($0) (+\($1))" : "\($0)" }
            let accuracy = round.accuracy.map { String(format: "%.4f", $0) } ?? "-"
            table.append(
                ["\(number)"] + counts + [accuracy, round.accuracy == nil ? "-" : String(format: "%.4f", round.loss)])
        }
        return table.text
    }
}
