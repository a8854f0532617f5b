import Foundation
import InkCheckpoint
import InkModels
import InkSupport

/// What becomes of the head of a folder that was fine-tuned before: it goes on where its classes are those of the new
/// run, by name. Classes in another order, or some of them only, keep their rows; a row is a class's part of the output
/// layer.
struct SecondStageHead {
    private enum Use: Equatable {
        /// The folder has no such head.
        case absent
        /// The very classes, or a head without classes.
        case kept
        /// Of each class of the run its row in the folder's head; nil for a class that it does not know.
        case rows([Int?], dropped: [String])
        /// No class is known.
        case renewed
    }

    private let head: TaskHead
    private let folder: ModelFolder?
    private let labels: [String]
    private let use: Use

    /// - Throws: `InputError` when the folder's names of classes cannot be used.
    init(_ head: TaskHead, of folder: ModelFolder?, for labels: [String]) throws {
        self.head = head
        self.folder = folder
        self.labels = labels
        guard let folder, head.isPresent(in: folder.checkpoint) else {
            use = .absent
            return
        }
        if head.kind == .multipleChoice {
            // The head of a choice has one score.
            use = folder.outputCount(head.kind) == 1 ? .kept : .renewed
            return
        }
        let known = labels.isEmpty ? [] : try head.labels(folder)
        if known == labels {
            use = .kept
            return
        }
        let rows = labels.map { known.firstIndex(of: $0) }
        let dropped = known.filter { !labels.contains($0) }
        use = rows.contains { $0 != nil } ? .rows(rows, dropped: dropped) : .renewed
    }

    /// Whether all layers of the head start at random.
    var startsAnew: Bool { use == .absent || use == .renewed }

    /// For the tensors of the output layer, of each class its row in the folder.
    var rows: [String: [Int?]] {
        guard case .rows(let rows, _) = use, let weight = head.outputKey else { return [:] }
        return [weight: rows, weight.replacing(/\.weight$/, with: ".bias"): rows]
    }

    /// Mixed into the seed of what starts at random, from the weights of the head that goes. With the seed of the first
    /// run alone the new head would be what that run began with, and the encoder, trained to answer it, would know the
    /// classes by their places.
    func salt() throws -> UInt64 {
        guard use != .absent, use != .kept, let folder, let key = head.outputKey else { return 0 }
        let values = try folder.checkpoint.tensor(key).values
        let bytes = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
        let digest = SHA256.hexDigest(of: Data(bytes))
        return UInt64(digest.prefix(16), radix: 16) ?? 0
    }

    /// What to tell of it; nil where there is nothing to tell.
    func message(_ name: String) -> String? {
        switch use {
        case .absent, .kept: return nil
        case .renewed: return "the classification head in \(name) is for other classes; a new one starts at random"
        case .rows(let rows, let dropped):
            let new = zip(labels, rows).filter { $1 == nil }.map(\.0)
            if new.isEmpty, dropped.isEmpty {
                return
                    "the classification head in \(name) has the same classes in another order; it is kept, its rows put "
                    + "in the new order"
            }
            var text =
                "the classification head in \(name) knows \(labels.count - new.count) of the \(labels.count) classes; "
                + "their rows are kept"
            if !new.isEmpty { text += ", new ones start at random: \(LabelSet.excerpt(new))" }
            if !dropped.isEmpty { text += ", left out: \(LabelSet.excerpt(dropped))" }
            return text
        }
    }
}
