import Foundation
import InkSupport

/// A Unigram model of a `tokenizer.json`: the same ids as Hugging Face `tokenizers`, whose normalisers and pre-tokenizers
/// are not quite SentencePiece's.
///
/// Offsets are as for `SentencePieceTokenizer`. A value is immutable and may be used from many tasks at once; copies
/// share their tables.
public struct UnigramTokenizer: Tokenizer {
    /// Buffers of one thread.
    public struct Scratch: TokenizerScratch, Sendable {
        var symbols: [NormalizedPieces.Symbol] = []
        var path: [UnigramModel<Double>.PathNode] = []
        var probes: [UInt64] = []
        var segments = PieceSegments()

        public init() {}
    }

    /// What the folder says about the tokenizer.
    public let config: TokenizerConfig
    public let classificationID: Int32
    public let separatorID: Int32
    public let paddingID: Int32
    public let unknownID: Int32
    public let maskID: Int32?
    public let specialIDs: Set<Int32>
    public let template: SpecialTokenTemplate

    private let vocabulary: TokenMap
    private var model: UnigramModel<Double>
    /// What the model was made of.
    private let pieces: [UnigramModel<Double>.Piece]
    private let lowest: Double
    /// Ids of the 256 bytes; empty without byte fallback.
    private let byteIDs: [Int32]
    private let normalization: [NormalizationStep]
    private let splitting: [SplittingStep]
    public private(set) var specialTokensInText = SpecialTokensInText.keep
    private var rawMatcher: AddedTokenMatcher
    private var normalizedMatcher: AddedTokenMatcher
    /// The table with the added tokens.
    private let added: AddedVocabulary<TokenMap>
    private let sources: [TokenizerFile]

    init(
        _ pieces: [(text: String, score: Double)], unknown: Int, hasByteFallback: Bool,
        normalization: [NormalizationStep], splitting: [SplittingStep], location: String, config: TokenizerConfig,
        template makeTemplate: (_ classificationID: Int32, _ separatorID: Int32) throws -> SpecialTokenTemplate,
        sources: [TokenizerFile]
    ) throws {
        let vocabulary = try TokenMap(pieces.map(\.text), location: location)
        self.vocabulary = vocabulary
        self.config = config
        self.sources = sources
        self.normalization = normalization
        self.splitting = splitting
        let unknownID = Int32(unknown)
        self.unknownID = unknownID
        let texts = zip(pieces, Int32(0)...).filter { !$0.0.text.isEmpty }
            .map { UnigramModel.Piece(text: $0.0.text, id: $0.1, score: $0.0.score) }
        lowest = pieces.lazy.map(\.score).min() ?? 0
        self.pieces = texts
        model = try UnigramModel(texts, lowest: lowest, unknownID: unknownID, location: location)
        let bytes = (0..<256).compactMap { vocabulary.id(of: "<0x" + (String(format: "%02X", $0)) + ">") }
        byteIDs = hasByteFallback && bytes.count == 256 ? bytes : []
        let added = try AddedVocabulary(vocabulary: vocabulary, config: config)
        paddingID = try added.requiredID(of: config.padding, "pad_token")
        separatorID = try added.requiredID(of: config.separator, "sep_token")
        classificationID = try added.requiredID(of: config.classification, "cls_token")
        maskID = config.mask.flatMap { added.id(of: $0.content) }
        specialIDs = added.specialIDs
        self.added = added
        template = try makeTemplate(classificationID, separatorID)
        (rawMatcher, normalizedMatcher) = Self.matchers(added, .keep, normalization)
    }

    private static func matchers(
        _ added: AddedVocabulary<TokenMap>, _ reading: SpecialTokensInText, _ normalization: [NormalizationStep]
    ) -> (raw: AddedTokenMatcher, normalized: AddedTokenMatcher) {
        added.matchers(reading) { content in
            let bytes = Array(content.utf8)
            var text = MappedText(bytes, 0..<bytes.count, firstSource: 0)
            for step in normalization { step.apply(to: &text) }
            return String(decoding: text.bytes, as: UTF8.self)
        }
    }

    public func reading(_ specialTokens: SpecialTokensInText) -> UnigramTokenizer {
        // The model of a large table takes its time.
        if specialTokens == specialTokensInText { return self }
        var copy = self
        copy.specialTokensInText = specialTokens
        (copy.rawMatcher, copy.normalizedMatcher) = Self.matchers(added, specialTokens, normalization)
        // The table has the special tokens too, as pieces like any other.
        let readable = pieces.filter { specialTokens == .keep || !specialIDs.contains($0.id) }
        copy.model =
            (try? UnigramModel(readable, lowest: lowest, unknownID: unknownID, location: vocabulary.location)) ?? model
        return copy
    }

    public func specialTokens(in text: String) -> [String] { added.specialMatcher.tokens(in: text) }

    public var idCount: Int { added.idCount }
    public var modelMaxLength: Int? { config.modelMaxLength }
    public var truncatesLeft: Bool { config.truncatesLeft }

    public func id(of token: String) -> Int32? { added.anyID(of: token) }

    public func token(of id: Int32) -> String? { added.token(of: id) }

    public func files() throws -> [TokenizerFile] { sources }

    public func analyze(_ text: String) -> TextAnalysis {
        var scratch = Scratch()
        return analyze(text, &scratch)
    }

    public func appendTextIDs(of text: String, limit: Int, to ids: inout [Int32], _ scratch: inout Scratch) {
        ids.append(contentsOf: analyze(text, &scratch).ids)
    }

    private func analyze(_ text: String, _ scratch: inout Scratch) -> TextAnalysis {
        var analysis = TextAnalysis()
        let bytes = Array(text.utf8)
        var scalarsBefore = 0
        for piece in rawMatcher.split(bytes, 0..<bytes.count) {
            let count = bytes[piece.range].count { $0 & 0xC0 != 0x80 }
            if let id = piece.id {
                analysis.append(id, scalarsBefore..<scalarsBefore + count)
            } else {
                var mapped = MappedText(bytes, piece.range, firstSource: scalarsBefore)
                for step in normalization { step.apply(to: &mapped) }
                append(mapped, to: &analysis, &scratch)
            }
            scalarsBefore += count
        }
        return analysis
    }

    /// Appends the tokens of a normalised stretch.
    private func append(_ text: MappedText, to analysis: inout TextAnalysis, _ scratch: inout Scratch) {
        guard !normalizedMatcher.isEmpty else { return appendWords(text, to: &analysis, &scratch) }
        let bytes = text.bytes
        var start = 0
        for piece in normalizedMatcher.split(bytes, 0..<bytes.count) {
            let end = start + bytes[piece.range].count { $0 & 0xC0 != 0x80 }
            var part = MappedText()
            part.symbols = Array(text.symbols[start..<end])
            start = end
            guard let id = piece.id, let first = part.symbols.first, let last = part.symbols.last else {
                appendWords(part, to: &analysis, &scratch)
                continue
            }
            analysis.append(id, Int(first.start)..<Int(last.end))
        }
    }

    private func appendWords(_ text: MappedText, to analysis: inout TextAnalysis, _ scratch: inout Scratch) {
        for word in splitting.reduce([text], { $1.apply(to: $0) }) where !word.symbols.isEmpty {
            let codes = model.trie.codes
            scratch.symbols.removeAll(keepingCapacity: true)
            for symbol in word.symbols {
                scratch.symbols.append(.init(code: codes[symbol.scalar], scalar: symbol.scalar, source: symbol.start))
            }
            scratch.segments.removeAll()
            model.segment(
                scratch.symbols, limit: .max, path: &scratch.path, probes: &scratch.probes, to: &scratch.segments)
            var start = 0
            var isAfterUnknown = false
            for (id, end) in zip(scratch.segments.ids, scratch.segments.ends) {
                append(id, word.symbols[start..<end], isAfterUnknown: isAfterUnknown, to: &analysis)
                isAfterUnknown = id == unknownID
                start = end
            }
        }
    }

    private func append(
        _ id: Int32, _ symbols: ArraySlice<MappedText.Symbol>, isAfterUnknown: Bool, to analysis: inout TextAnalysis
    ) {
        let isShown = { (symbol: MappedText.Symbol) in symbol.scalar != SentencePieceNormalizer.spaceMark }
        let first = symbols.first(where: isShown) ?? symbols[symbols.startIndex]
        let last = symbols.last(where: isShown) ?? symbols[symbols.endIndex - 1]
        let offset = Int(first.start)..<Int(max(first.start, last.end))
        if id == unknownID, !byteIDs.isEmpty {
            for symbol in symbols {
                for byte in UTF8.encode(symbol.scalar) ?? UTF8.encodedReplacementCharacter {
                    analysis.append(byteIDs[Int(byte)], offset)
                }
            }
        } else if id == unknownID, isAfterUnknown {
            analysis.extendLast(to: offset.upperBound)
        } else {
            analysis.append(id, offset)
        }
    }

    /// As the reference: the mark for a space becomes a space, except before the first token.
    public func decode(_ ids: [Int32], skipSpecialTokens: Bool) -> String {
        let shown = ids.filter { !(skipSpecialTokens && specialIDs.contains($0)) }
        return PieceDecoder(byteIDs: byteIDs).decode(shown) { token(of: $0) }
    }
}
