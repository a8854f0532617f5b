import Foundation
import InkSupport

/// Byte-level BPE, as RoBERTa and GPT-2 use it: the same ids as the fast tokenizers of transformers.
///
/// Offsets are those of trimmed offsets there: a token has the whole of every character it has a byte of, less the spaces
/// around it.
///
/// A value is immutable and may be used from many tasks at once; copies share their tables.
public struct ByteLevelTokenizer: Tokenizer {
    /// Buffers of one thread.
    public struct Scratch: TokenizerScratch, Sendable {
        /// The UTF-8 of the text.
        var text: [UInt8] = []
        /// A stretch between added tokens, with the space that may have been put before it.
        var segment: [UInt8] = []
        var merging = PairMerging()

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
    private let merges: ByteMerges
    public private(set) var specialTokensInText = SpecialTokensInText.keep
    private var matcher: AddedTokenMatcher
    /// The table with the added tokens.
    private let added: AddedVocabulary<TokenMap>
    private let sources: [TokenizerFile]

    /// Opens the tokenizer of a checkpoint folder: `vocab.json`, `merges.txt` and the files of `TokenizerConfig`.
    /// - Throws: `InputError` when a file is damaged, a special token is missing, or the files contradict each other.
    public init(contentsOf folder: URL, style: ByteLevelStyle) throws {
        let config = try TokenizerConfig(contentsOf: folder, defaults: style.defaults, classes: style.classes)
        let file = folder.appending(path: "vocab.json")
        let path = file.path(percentEncoded: false)
        let content = try JSONValue(contentsOf: file, limit: WholeFile.tableLimit)
        guard case .object(let fields) = content else {
            throw InputError(at: path, "wrong content", expected: "a JSON object", found: content.kind)
        }
        let merges = try ByteMerges.merges(contentsOf: folder.appending(path: "merges.txt"))
        try self.init(
            TokenMap(fields, location: path), merges: merges, config: config, template: style.template,
            sources: TokenizerFile.read(["vocab.json", "merges.txt"] + TokenizerFile.settingsNames, in: folder))
    }

    init(
        _ vocabulary: TokenMap, merges: [(left: String, right: String, place: String)], config: TokenizerConfig,
        template makeTemplate: (_ classificationID: Int32, _ separatorID: Int32) throws -> SpecialTokenTemplate,
        sources: [TokenizerFile]
    ) throws {
        self.vocabulary = vocabulary
        self.merges = try ByteMerges(vocabulary, merges: merges)
        self.config = config
        self.sources = sources
        let added = try AddedVocabulary(vocabulary: vocabulary, config: config)
        unknownID = try added.requiredID(of: config.unknown, "unk_token")
        paddingID = try added.requiredID(of: config.padding, "pad_token")
        separatorID = try added.requiredID(of: config.separator, "sep_token")
        classificationID = try added.requiredID(of: config.classification, "cls_token")
        maskID = config.mask.flatMap { added.id(of: $0.content) }
        specialIDs = added.specialIDs
        self.added = added
        template = try makeTemplate(classificationID, separatorID)
        matcher = added.matcher(.keep)
    }

    public func reading(_ specialTokens: SpecialTokensInText) -> ByteLevelTokenizer {
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

    /// Puts a stretch of `scratch.text` into `scratch.segment`; true when a space was put before it.
    private func take(_ range: Range<Int>, _ scratch: inout Scratch) -> Bool {
        let isPrefixed = config.addsPrefixSpace && scratch.text[range.lowerBound] != UInt8(ascii: " ")
        scratch.segment.removeAll(keepingCapacity: true)
        if isPrefixed { scratch.segment.append(UInt8(ascii: " ")) }
        scratch.segment.append(contentsOf: scratch.text[range])
        return isPrefixed
    }

    public func appendTextIDs(of text: String, limit: Int, to ids: inout [Int32], _ scratch: inout Scratch) {
        scratch.text.removeAll(keepingCapacity: true)
        scratch.text.append(contentsOf: text.utf8)
        let first = ids.count
        for piece in matcher.split(scratch.text, 0..<scratch.text.count) where ids.count - first < limit {
            if let id = piece.id {
                ids.append(id)
            } else {
                _ = take(piece.range, &scratch)
                appendSegment(limit: limit - (ids.count - first), to: &ids, &scratch)
            }
        }
    }

    private func appendSegment(limit: Int, to ids: inout [Int32], _ scratch: inout Scratch) {
        let classes = WordClass.table
        let (blocks, values) = (classes.blocks.span, classes.values.span)
        let first = ids.count
        var start = 0
        while start < scratch.segment.count, ids.count - first < limit {
            let end = ByteLevelWords.end(
                scratch.segment, from: start, limit: scratch.segment.count, blocks, values)
            merges.forEachToken(scratch.segment, start..<end, &scratch.merging) { id, _ in ids.append(id) }
            start = end
        }
    }

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
                let isPrefixed = take(piece.range, &scratch)
                analyzeSegment(firstSource: scalarsBefore, isPrefixed: isPrefixed, to: &analysis, &scratch)
            }
            scalarsBefore += count
        }
        return analysis
    }

    private func analyzeSegment(
        firstSource: Int, isPrefixed: Bool, to analysis: inout TextAnalysis, _ scratch: inout Scratch
    ) {
        let segment = scratch.segment
        // The number of the scalar that each byte belongs to; the added space is before all.
        var sources: [Int] = []
        var source = isPrefixed ? firstSource - 2 : firstSource - 1
        for byte in segment {
            if byte & 0xC0 != 0x80 { source += 1 }
            sources.append(source)
        }
        let classes = WordClass.table
        let (blocks, values) = (classes.blocks.span, classes.values.span)
        var start = 0
        while start < segment.count {
            let end = ByteLevelWords.end(segment, from: start, limit: segment.count, blocks, values)
            var tokenStart = start
            merges.forEachToken(segment, start..<end, &scratch.merging) { id, tokenEnd in
                let bytes = tokenStart..<tokenEnd
                tokenStart = tokenEnd
                let isSpace = { (index: Int) in segment[index] == UInt8(ascii: " ") }
                let first = bytes.first { !isSpace($0) } ?? bytes.lowerBound
                let last = bytes.last { !isSpace($0) } ?? bytes.upperBound - 1
                analysis.append(id, max(sources[first], firstSource)..<max(sources[last] + 1, firstSource))
            }
            start = end
        }
    }

    /// As the reference: bytes that are no UTF-8 become U+FFFD.
    public func decode(_ ids: [Int32], skipSpecialTokens: Bool) -> String {
        var bytes: [UInt8] = []
        for id in ids where !(skipSpecialTokens && specialIDs.contains(id)) {
            if let token = token(of: id) { bytes += ByteAlphabet.bytes(of: token) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
