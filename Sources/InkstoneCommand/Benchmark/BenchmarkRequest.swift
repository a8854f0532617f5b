import InkSupport
import InkTasks

/// What to time. As JSON it is a request of the protocol in Benchmarks/peers/peer.py.
struct BenchmarkRequest: Codable, Hashable, Sendable {
    enum Measure: String, Codable, CaseIterable, Sendable {
        /// Forward, backward, clipping to a global norm of 1, AdamW, on titles tokenized beforehand.
        case finetune
        /// One title, from its text to the probabilities.
        case latency
        /// 64 titles, from texts to probabilities.
        case throughput
        /// Ids of a list of titles, as training takes them.
        case tokenize
        /// Ids with token types, special-token mask and offsets.
        case tokenizeOffsets = "tokenize-offsets"
        /// The words of a list of titles, by a dictionary.
        case segment
    }

    var measure: Measure
    /// Not needed to tokenize.
    var shape: ModelShape?
    /// Path of a titles file.
    var titles: String
    /// Path of vocab.txt; its number of lines is the vocabulary size.
    var vocab: String
    /// Path of a model folder whose tokenizer is timed, whatever its kind; nil for BERT's with `vocab`.
    var tokenizer: String?
    /// Timed steps.
    var steps: Int?
    var threads: Int?
    /// Untimed steps before the first timed one of a kind.
    var warmup: Int?
    /// Path of a dictionary in jieba's format, to segment by.
    var dictionary: String?
    /// Titles in one call, for the tokenizer and the segmenter.
    var batch: Int?

    static let maxLength = 32
    static let titlesAtOnce = 64

    /// What decides which step is run: requests that differ in the rest share one.
    var kind: BenchmarkRequest {
        var kind = self
        (kind.steps, kind.warmup) = (nil, nil)
        return kind
    }

    /// Titles of one training step.
    static func trainingBatch(_ shape: ModelShape) -> Int { shape.size.hidden < 768 ? 128 : 32 }

    /// - Throws: `InputError` when the measure needs a shape and there is none.
    func requiredShape() throws -> ModelShape {
        guard let shape else {
            throw InputError(
                .usage, at: "shape", "is missing", expected: ModelShape.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        return shape
    }
}
