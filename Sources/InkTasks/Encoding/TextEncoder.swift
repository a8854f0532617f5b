import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkText

/// Turns texts into vectors with a model folder: hidden states, pooled vectors or logits.
///
/// ```swift
/// let encoder = try TextEncoder(contentsOf: folder, pooling: .mean)
/// let vectors = try encoder.encode(["国足再次冲出亚洲", "央行下调存款准备金率"])
/// ```
///
/// Safe to call from many tasks at once: each call runs its own pass over shared, unchanging weights.
public final class TextEncoder: Sendable {
    /// What is computed for each text.
    public enum Pooling: String, CaseIterable, Codable, Sendable {
        /// The last hidden states of all tokens, [T, H].
        case none
        /// The last hidden state of the first token, `[CLS]`, [H].
        case cls
        /// The mean of the last hidden states of all tokens, special ones included, [H].
        case mean
        /// The pooler's output for the first token, [H].
        case pooler
        /// The classifier's logits, [classes].
        case logits
    }

    private enum Model: Sendable {
        case encoder(any EncoderBackbone)
        case classifier(SequenceClassifier)
    }

    /// How the tokens' states become one vector.
    public let pooling: Pooling
    /// The encoder's shape.
    public let config: any EncoderConfig
    /// What was loaded and what was ignored.
    public let account: LoadAccount
    /// Nil when the encoder was opened for token ids only.
    public let tokenizer: (any Tokenizer)?
    /// Text put before every text, as embedding models such as E5 want it.
    public let prefix: String
    /// How special tokens that a text holds are read.
    public let specialTokensInText: SpecialTokensInText
    /// Values of one output row: the hidden size, or the number of classes.
    public let outputSize: Int
    private let model: Model
    /// The pooler of a family that has it in its classification head.
    private let headPooler: Linear?

    /// Opens a model folder.
    /// - Parameters:
    ///   - pooling: what to compute; only the parts of the model that it needs are loaded.
    ///   - prefix: text put before every text; nil for what a similarity run was trained with, else none.
    ///   - specialTokensInText: how special tokens that a text holds are read; nil for as the run was trained, else as the
    ///     tokens they name.
    ///   - readsText: false where only token ids will be given; the vocabulary is then not needed.
    /// - Throws: `InputError` when a file is missing or damaged, or the folder lacks the pooler or the classifier asked
    ///   for.
    public init(
        contentsOf folder: URL, pooling: Pooling = .none, prefix: String? = nil,
        specialTokensInText: SpecialTokensInText? = nil, readsText: Bool = true
    ) throws {
        self.pooling = pooling
        let description = try RunDescription.read(from: folder)
        self.prefix = prefix ?? description?.parameters["prefix"] ?? ""
        let reading = specialTokensInText ?? description?.inputForm.specialTokensInText ?? .keep
        self.specialTokensInText = reading
        let files = try ModelFolder(contentsOf: folder)
        config = files.config
        tokenizer = readsText ? try Tokenizers.open(folder).reading(reading) : nil
        let source = files.parameterSource(use: .inference)
        let scope = ParameterScope(source)
        var headPooler: Linear?
        switch pooling {
        case .none, .cls, .mean:
            model = .encoder(try config.makeEncoder(scope, withPooler: false))
            outputSize = config.hiddenSize
        case .pooler:
            guard let style = config.poolerStyle else {
                throw InputError(
                    at: folder.path, "has no pooler: no \(config.family.name) model has one", remedy: Self.otherPooling)
            }
            guard scope.has("\(style.key).weight") else {
                throw Self.absent("pooler", "\(style.key).weight", folder)
            }
            if case .head(let key, let activation) = style {
                headPooler = try scope.linear(key, config.hiddenSize, config.hiddenSize, activation: activation)
            }
            model = .encoder(try config.makeEncoder(scope, withPooler: headPooler == nil))
            outputSize = config.hiddenSize
        case .logits:
            guard let classCount = files.outputCount(.sequenceClassification) else {
                throw Self.absent("classification head", "classifier.weight", folder)
            }
            model = .classifier(try SequenceClassifier(config, classCount: classCount, scope))
            outputSize = classCount
        }
        self.headPooler = headPooler
        account = source.account()
    }

    private static let otherPooling = "choose another pooling: none, cls and mean need the encoder only"

    private static func absent(_ part: String, _ key: String, _ folder: URL) -> InputError {
        InputError(
            at: folder.path, "has no \(part)", expected: "\(key) among its tensors", remedy: Self.otherPooling)
    }

    /// Most tokens of a text: the positions of the model, or fewer where the tokenizer's settings say so.
    public var longestInput: Int { min(config.maxPositions, tokenizer?.modelMaxLength ?? .max) }

    /// The token ids of texts, `[CLS] text [SEP]`, cut at `maxLength` tokens (by default `longestInput`).
    /// - Throws: `InputError` when the length is not possible, or the encoder was opened without a vocabulary.
    public func tokenize(_ texts: [String], maxLength: Int? = nil) throws -> PackedEncodings {
        guard let tokenizer else {
            throw InputError(.usage, at: "encode", "the encoder was opened for token ids, not for text")
        }
        let length = maxLength ?? longestInput
        guard length >= 2, length <= config.maxPositions else {
            throw InputError(
                .usage, at: "--max-length", "the model cannot use this length",
                expected: "2 to \(config.maxPositions)", found: "\(length)")
        }
        return try tokenizer.encodePacked(
            prefix.isEmpty ? texts : texts.map { prefix + $0 }, maxLength: length, threads: texts.count < 256 ? 1 : nil)
    }

    /// The output for each text, in order: [T, H] without pooling, else one row.
    /// - Throws: `InputError` when a text cannot be used.
    public func encode(_ texts: [String], maxLength: Int? = nil) throws -> [Tensor] {
        var outputs: [Tensor] = []
        outputs.reserveCapacity(texts.count)
        try encode(tokenize(texts, maxLength: maxLength)) { outputs.append($0) }
        return outputs
    }

    /// Computes the outputs of encoded texts in packed batches and hands them over one by one, in order.
    /// - Throws: `InputError` when a sequence does not fit the model, and what `body` throws.
    public func encode(
        _ encodings: PackedEncodings, tokensPerPass: Int = 2048, _ body: (Tensor) throws -> Void
    ) throws {
        for range in encodings.batches(tokens: tokensPerPass) {
            let input = EncoderInput(range.map { Array(encodings[$0]) })
            for output in try outputs(input) { try body(output) }
        }
    }

    private func outputs(_ input: EncoderInput) throws -> [Tensor] {
        let pass = Pass.inference()
        switch model {
        case .classifier(let classifier):
            return rows(try classifier(input, pass))
        case .encoder(let encoder):
            switch pooling {
            case .cls: return rows(try encoder.firstTokenStates(input, pass).checkedNumbers(pass))
            case .pooler:
                let first = try encoder.firstTokenStates(input, pass)
                let pooled = headPooler.map { $0(first, pass) } ?? encoder.pooled(first, pass)
                return rows(try pooled.checkedNumbers(pass))
            case .mean:
                return rows(try pass.sequenceMean(encoder(input, pass), input.layout).checkedNumbers(pass))
            case .none, .logits:
                let states = try encoder(input, pass).checkedNumbers(pass)
                return (0..<input.layout.count).map { sequence in
                    let tokens = input.layout.rows(of: sequence)
                    let elements = tokens.lowerBound * states.columns..<tokens.upperBound * states.columns
                    return states.elements(elements, shape: [tokens.count, states.columns])
                }
            }
        }
    }

    private func rows(_ matrix: Tensor) -> [Tensor] {
        (0..<matrix.rows).map { Tensor(matrix.row($0), shape: [matrix.columns]) }
    }
}
