import Foundation
import InkSupport

/// A tokenizer on a SentencePiece `.model` file, Unigram or BPE: the same pieces as `sentencepiece` 0.2 for any text.
///
/// Around that, ids, special tokens and their search in the text are those of transformers for the class that the folder
/// names. Where its fast tokenizers and `sentencepiece` cut differently (white space at the ends and in runs, grapheme
/// clusters under the replacement rules, byte fallback) this follows `sentencepiece`.
///
/// A value is immutable and may be used from many tasks at once; copies share their tables.
public struct SentencePieceTokenizer: Tokenizer {
    public typealias Scratch = SentencePieceScratch

    /// What the folder says about the tokenizer.
    public let config: TokenizerConfig
    public let classificationID: Int32
    public let separatorID: Int32
    public let paddingID: Int32
    public let unknownID: Int32
    public let maskID: Int32?
    public let specialIDs: Set<Int32>
    public let template: SpecialTokenTemplate

    private let vocabulary: PieceVocabulary
    private let encoder: PieceEncoder
    public private(set) var specialTokensInText = SpecialTokensInText.keep
    private var matcher: AddedTokenMatcher
    /// The table with the added tokens.
    private let added: AddedVocabulary<PieceVocabulary>
    private let sources: [TokenizerFile]

    /// Opens the tokenizer of a checkpoint folder.
    /// - Throws: `InputError` when the model is damaged, a special token is missing, or the files contradict each other.
    public init(contentsOf folder: URL, style: SentencePieceStyle) throws {
        let config = try TokenizerConfig(contentsOf: folder, defaults: style.defaults, classes: style.classes)
        let names = SentencePieceStyle.fileNames.filter { folder.appending(path: $0).exists }
        let file = folder.appending(path: names.first ?? style.fileName)
        try self.init(
            SentencePieceModel(contentsOf: file), style: style, config: config,
            sources: TokenizerFile.read(names.prefix(1) + TokenizerFile.settingsNames, in: folder))
    }

    private init(
        _ model: SentencePieceModel, style: SentencePieceStyle, config: TokenizerConfig, sources: [TokenizerFile]
    ) throws {
        self.config = config
        self.sources = sources
        vocabulary = try PieceVocabulary(model, style.layout)
        encoder = try PieceEncoder(model, vocabulary)
        let added = try AddedVocabulary(vocabulary: vocabulary, config: config)
        unknownID = vocabulary.unknownID
        paddingID = try added.requiredID(of: config.padding, "pad_token")
        separatorID = try added.requiredID(of: config.separator, "sep_token")
        classificationID = try added.requiredID(of: config.classification, "cls_token")
        maskID = config.mask.flatMap { added.id(of: $0.content) }
        specialIDs = added.specialIDs
        self.added = added
        template = style.template(classificationID: classificationID, separatorID: separatorID)
        matcher = added.matcher(.keep)
    }

    public func reading(_ specialTokens: SpecialTokensInText) -> SentencePieceTokenizer {
        var copy = self
        copy.specialTokensInText = specialTokens
        copy.matcher = added.matcher(specialTokens)
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
        var analysis = TextAnalysis()
        var scratch = Scratch()
        scratch.text.append(contentsOf: text.utf8)
        var scalarsBefore = 0
        for piece in matcher.split(scratch.text, 0..<scratch.text.count) {
            let count = scratch.text[piece.range].count { $0 & 0xC0 != 0x80 }
            if let id = piece.id {
                analysis.append(id, scalarsBefore..<scalarsBefore + count)
            } else {
                encoder.append(piece.range, firstSource: scalarsBefore, to: &analysis, &scratch)
            }
            scalarsBefore += count
        }
        return analysis
    }

    public func appendTextIDs(of text: String, limit: Int, to ids: inout [Int32], _ scratch: inout Scratch) {
        scratch.text.removeAll(keepingCapacity: true)
        scratch.text.append(contentsOf: text.utf8)
        guard scratch.text.contains(where: matcher.mayBegin) else {
            encoder.appendIDs(0..<scratch.text.count, limit: limit, to: &ids, &scratch)
            return
        }
        let first = ids.count
        for piece in matcher.split(scratch.text, 0..<scratch.text.count) where ids.count - first < limit {
            if let id = piece.id {
                ids.append(id)
            } else {
                encoder.appendIDs(piece.range, limit: limit - (ids.count - first), to: &ids, &scratch)
            }
        }
    }

    /// As the fast tokenizers of transformers: the mark for a space becomes a space, except before the first token.
    public func decode(_ ids: [Int32], skipSpecialTokens: Bool) -> String {
        let shown = ids.filter { !(skipSpecialTokens && specialIDs.contains($0)) }
        return PieceDecoder(byteIDs: vocabulary.byteIDs).decode(shown) { token(of: $0) }
    }
}
