import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkText

/// A model with its masked-language head: what stands in a gap, and how likely a text is.
///
/// ```swift
/// let model = try MaskedText(contentsOf: folder)
/// let gaps = try model.fill("今天[MASK]气真好", topK: 3)
/// let score = try model.score("今天天气真好")
/// ```
///
/// Safe to call from many tasks at once.
public final class MaskedText: Sendable {
    /// What was loaded and what was ignored.
    public let account: LoadAccount
    /// Most tokens of a text, special ones included.
    public let maxLength: Int
    /// What a user should hear of the folder.
    public let warnings: [String]
    private let model: MaskedLanguageModel
    private let tokenizer: any Tokenizer
    private let maskID: Int32
    /// Tokens that go through the model at once.
    private let tokensPerPass = 4096
    /// How a gap may be written whatever the tokenizer calls it.
    private static let gap = "[MASK]"

    /// Opens a folder with a masked-language head, as the published pre-trained models have.
    /// - Throws: `InputError` when a file is missing or damaged, or the head or the mask token is not there.
    public init(contentsOf folder: URL) throws {
        let files = try ModelFolder(contentsOf: folder)
        tokenizer = try Tokenizers.open(folder)
        guard let maskID = tokenizer.maskID else {
            throw InputError(
                at: folder.path, "the tokenizer has no mask token", expected: Self.gap,
                remedy: "use a model that was pre-trained with masks")
        }
        self.maskID = maskID
        let style = files.config.maskedLanguageStyle
        let key = "\(style.scope).\(style.dense).weight"
        guard files.checkpoint.contains(key) else {
            throw InputError(
                at: folder.path, "has no masked-language head", expected: "\(key) among its tensors",
                remedy: "use the pre-trained folder, not one that was fine-tuned or stripped of its head")
        }
        let source = files.parameterSource(use: .inference)
        model = try MaskedLanguageModel(files.config, ParameterScope(source))
        account = source.account()
        warnings = try tokenizer.warnings + (files.unusedOutputMatrix().map { [$0] } ?? [])
        maxLength = min(files.config.maxPositions, tokenizer.modelMaxLength ?? .max)
    }

    /// A token that may stand in a gap.
    public struct Candidate: Sendable, Equatable {
        /// The token as the vocabulary has it.
        public let token: String
        /// 0 to 1 over the whole vocabulary.
        public let probability: Float
    }

    /// The candidates of every `[MASK]` in the text, in its order; each gap is filled on its own.
    /// - Throws: `InputError` when the text has no gap, or is longer than the longest input.
    public func fill(_ text: String, topK: Int = 5) throws -> [[Candidate]] {
        let mask = tokenizer.token(of: maskID) ?? Self.gap
        let encoding = try tokenizer.encode(text.replacing(Self.gap, with: mask))
        let gaps = encoding.ids.indices.filter { encoding.ids[$0] == maskID }
        guard !gaps.isEmpty else {
            throw InputError(
                at: "text", "has no gap", expected: "\(Self.gap) in it", found: Excerpt.of(text),
                remedy: "write \(Self.gap) where a token is to be found")
        }
        guard encoding.count <= maxLength else {
            throw InputError(
                at: "text", "longer than the model takes", expected: "at most \(maxLength) tokens",
                found: "\(encoding.count): \(Excerpt.of(text))", remedy: "shorten the text around its gaps")
        }
        let pass = Pass.inference()
        let input = EncoderInput([TokenSequence(encoding)])
        let probabilities = pass.softmax(try model(input, rows: gaps.map { Int32($0) }, pass))
        return gaps.indices.map { gap in
            let row = probabilities.row(gap)
            return row.indicesOfLargest(max(topK, 1)).map {
                Candidate(token: tokenizer.token(of: Int32($0)) ?? "", probability: row[$0])
            }
        }
    }

    /// How likely a text is: each token is masked in turn and predicted from all others (Salazar et al. 2020).
    public struct Score: Sendable, Equatable {
        /// The tokens and ln p of each, given the others.
        public let tokens: [(token: String, logProbability: Float)]
        /// The text was longer than the model takes, and only its beginning was scored.
        public let isTruncated: Bool
        /// How many of the tokens stand for something that the vocabulary lacks. Their probability says how likely
        /// an unknown token is there, not what stands in the text.
        public let unknownCount: Int
        /// How many of the tokens are special ones that are written in the text.
        public let specialCount: Int

        /// Pseudo-log-likelihood: the sum over the tokens; nil where `perplexity` is.
        public var logLikelihood: Double? {
            unknownCount + specialCount < tokens.count ? tokens.reduce(0) { $0 + Double($1.logProbability) } : nil
        }
        /// exp of the mean negative log-probability; nil for a text of which the model sees nothing: it is empty, or all
        /// its tokens are unknown or special ones.
        public var perplexity: Double? { logLikelihood.map { exp(-$0 / Double(tokens.count)) } }

        public static func == (a: Score, b: Score) -> Bool {
            a.isTruncated == b.isTruncated && a.unknownCount == b.unknownCount && a.specialCount == b.specialCount
                && a.tokens.elementsEqual(b.tokens) { $0 == $1 }
        }
    }

    /// Scores a text. Its cost goes with the square of its length.
    /// - Throws: `InputError` when the model has no room for text.
    public func score(_ text: String) throws -> Score {
        let whole = try tokenizer.encode(text).count
        let encoding = try tokenizer.encode(text, maxLength: maxLength)
        let isAdded = encoding.specialTokensMask
        let places = encoding.ids.indices.filter { !isAdded[$0] }
        let sequence = TokenSequence(encoding)
        var logProbabilities: [Float] = []
        let perPass = max(1, tokensPerPass / max(1, encoding.count))
        for start in stride(from: 0, to: places.count, by: perPass) {
            let chosen = places[start..<min(start + perPass, places.count)]
            let masked = chosen.map { place in
                var copy = sequence
                copy.ids[place] = maskID
                return copy
            }
            let rows = chosen.enumerated().map { Int32($0.offset * encoding.count + $0.element) }
            let pass = Pass.inference()
            let logits = try model(EncoderInput(masked), rows: rows, pass)
            let losses = pass.crossEntropy(logits, labels: chosen.map { encoding.ids[$0] }).rowLosses
            logProbabilities += losses.map { -$0 }
        }
        let tokens = zip(places, logProbabilities).map { place, logProbability in
            (token: tokenizer.token(of: encoding.ids[place]) ?? "", logProbability: logProbability)
        }
        let ids = places.map { encoding.ids[$0] }
        return Score(
            tokens: tokens, isTruncated: whole > encoding.count,
            unknownCount: ids.count { $0 == tokenizer.unknownID },
            specialCount: ids.count { $0 != tokenizer.unknownID && tokenizer.specialIDs.contains($0) })
    }
}
