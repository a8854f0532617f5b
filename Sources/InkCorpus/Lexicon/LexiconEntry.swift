import Foundation
import InkSupport
import InkText

/// A word or phrase of a lexicon, and why it is one.
public struct LexiconEntry: Hashable, Sendable {
    public var text: String
    public var frequency: Int
    /// `l` for a phrase and `x` for a word, as jieba names set phrases and words of unknown kind; a user's own.
    public var tag: String?
    /// Least logarithm, over all cuts, of how much more often it stands there than its parts would by chance; nats.
    /// Nil where nobody measured it: single letters, a user's words.
    public var cohesion: Double?
    /// Entropy of what stands before it and behind it, in nats.
    public var leftEntropy: Double?
    public var rightEntropy: Double?

    public init(
        _ text: String, frequency: Int, tag: String? = nil, cohesion: Double? = nil, leftEntropy: Double? = nil,
        rightEntropy: Double? = nil
    ) {
        self.text = text
        self.frequency = frequency
        self.tag = tag
        self.cohesion = cohesion
        self.leftEntropy = leftEntropy
        self.rightEntropy = rightEntropy
    }
}

/// What a table of a lexicon is sorted by, highest first.
public enum LexiconOrder: String, Sendable, CaseIterable {
    case frequency
    case cohesion
    case leftEntropy = "left-entropy"
    case rightEntropy = "right-entropy"

    private func value(_ entry: LexiconEntry) -> Double {
        switch self {
        case .frequency: Double(entry.frequency)
        case .cohesion: entry.cohesion ?? -.infinity
        case .leftEntropy: entry.leftEntropy ?? -.infinity
        case .rightEntropy: entry.rightEntropy ?? -.infinity
        }
    }

    /// The entries in this order; equal ones by frequency, then by code points.
    public func sorted(_ entries: [LexiconEntry]) -> [LexiconEntry] {
        entries.sorted { left, right in
            let (first, second) = (value(left), value(right))
            if first != second { return first > second }
            if left.frequency != right.frequency { return left.frequency > right.frequency }
            return left.text.unicodeScalars.lexicographicallyPrecedes(right.text.unicodeScalars)
        }
    }
}
