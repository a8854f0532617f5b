import Foundation
import InkSupport

/// The tokenizer of RoFormer: Chinese words that the vocabulary holds, otherwise characters and word pieces.
///
/// Ids and offsets are those of `RoFormerTokenizerFast` of transformers 4.57.1 when `segmenter` has the dictionary that
/// the reference cuts by (that of its package rjieba, which is jieba's dict.txt). Text is normalised as for BERT, then
/// cut into words; a word of the vocabulary is one token, any other is split at its ideographs and goes through
/// WordPiece. Punctuation is not split off otherwise: the segmenter has done so.
public struct RoFormerTokenizer: Tokenizer {
    /// Vocabulary, special and added tokens, normalisation.
    private(set) var base: BertTokenizer
    /// Cuts normalised text.
    public let segmenter: WordSegmenter
    /// The dictionary file as it will stand in a run folder; nil for words made from the vocabulary.
    private let dictionaryFile: TokenizerFile?
    private let ownWarnings: [String]

    /// Names that a model folder may give the dictionary.
    package static let dictionaryNames = ["jieba_dict.txt", "dict.txt"]
    /// Names of Hugging Face for this tokenizer.
    static let classes: Set<String> = ["RoFormerTokenizer", "RoFormerTokenizerFast"]

    /// Opens the tokenizer of a model folder: the files that `BertTokenizer` reads, and the dictionary.
    ///
    /// - Parameter dictionary: a dictionary in jieba's format. Without it `jieba_dict.txt` or `dict.txt` of the folder
    ///   is used. A published model folder holds neither: then the words come from the vocabulary
    ///   (`vocabularyDictionary(_:)`), and a warning says so.
    /// - Throws: `InputError` as `BertTokenizer.init(contentsOf:)` and `WordDictionary.init(contentsOf:)`.
    public init(contentsOf folder: URL, dictionary: URL? = nil) throws {
        var config = try TokenizerConfig(
            contentsOf: folder, classes: Self.classes.union(TokenizerConfig.bertClasses))
        config.separatesIdeographs = false
        let base = try BertTokenizer(contentsOf: folder, config: config)
        let inFolder = Self.dictionaryNames.map { folder.appending(path: $0) }.first(where: \.exists)
        guard let file = dictionary ?? inFolder else {
            let warning =
                "\(folder.path): no jieba_dict.txt; words are cut by the vocabulary alone, so that some texts get "
                + "other tokens than in training; put jieba's dict.txt into the folder as jieba_dict.txt, or name it "
                + "with --dictionary"
            try self.init(base, Self.vocabularyDictionary(base.vocabulary), nil, [warning])
            return
        }
        let contents = TokenizerFile(
            name: Self.dictionaryNames[0], contents: Data(try WholeFile.read(file, limit: WholeFile.tableLimit)))
        let words = try WordDictionary(
            contentsOf: file,
            unreachable: UnreachableWords(.all) { word in
                NormalizedText(word.unicodeScalars, base.config.normalization).scalars
            })
        try self.init(base, words, contents, words.warnings)
    }

    /// - Parameter dictionary: the words that text is cut by.
    /// - Throws: `InputError` as `BertTokenizer.init(vocabulary:config:)`, or when a word of the dictionary cannot be
    ///   written to a file.
    public init(
        vocabulary: Vocabulary, dictionary: WordDictionary, config: TokenizerConfig = TokenizerConfig()
    ) throws {
        var config = config
        config.separatesIdeographs = false
        let file = TokenizerFile(name: Self.dictionaryNames[0], contents: Data(try dictionary.text().utf8))
        try self.init(
            BertTokenizer(vocabulary: vocabulary, config: config, className: "RoFormerTokenizer"), dictionary, file,
            dictionary.warnings)
    }

    private init(
        _ base: BertTokenizer, _ dictionary: WordDictionary, _ file: TokenizerFile?, _ warnings: [String]
    ) throws {
        self.base = base
        segmenter = WordSegmenter(dictionary: dictionary, ideographs: .all)
        dictionaryFile = file
        ownWarnings = warnings
    }

    /// A dictionary of the vocabulary's words of one or more ideographs.
    ///
    /// Frequencies fall with the place in the vocabulary, as 10⁹ divided by it: vocabularies are sorted by frequency,
    /// and by Zipf's law that is how frequencies fall.
    /// - Throws: `InputError` when the vocabulary has no such word.
    public static func vocabularyDictionary(_ vocabulary: Vocabulary) throws -> WordDictionary {
        let entries = vocabulary.tokens.enumerated().compactMap { place, token in
            isWord(token) ? WordDictionary.Entry(token, frequency: 1_000_000_000 / (place + 1)) : nil
        }
        return try WordDictionary(entries, location: vocabulary.location)
    }

    /// Whether the vocabulary holds words of several ideographs, as RoFormer's does and BERT's does not.
    static func holdsWords(_ vocabulary: Vocabulary) -> Bool {
        vocabulary.tokens.contains { $0.unicodeScalars.count > 1 && isWord($0) }
    }

    private static func isWord(_ token: String) -> Bool {
        let letters = token.unicodeScalars
        return (1...WordDictionary.longestWord).contains(letters.count)
            && letters.allSatisfy { SegmentLetter.kind(of: $0, .all) == .ideograph }
    }

    public var classificationID: Int32 { base.classificationID }
    public var separatorID: Int32 { base.separatorID }
    public var paddingID: Int32 { base.paddingID }
    public var unknownID: Int32 { base.unknownID }
    public var maskID: Int32? { base.maskID }
    public var specialIDs: Set<Int32> { base.specialIDs }
    public var idCount: Int { base.idCount }
    public var warnings: [String] { base.warnings + ownWarnings }
    public var modelMaxLength: Int? { base.modelMaxLength }
    public var truncatesLeft: Bool { base.truncatesLeft }
    public var template: SpecialTokenTemplate { base.template }

    public var specialTokensInText: SpecialTokensInText { base.specialTokensInText }

    public func reading(_ specialTokens: SpecialTokensInText) -> RoFormerTokenizer {
        var copy = self
        copy.base = base.reading(specialTokens)
        return copy
    }

    public func specialTokens(in text: String) -> [String] { base.specialTokens(in: text) }

    public func id(of token: String) -> Int32? { base.id(of: token) }
    public func token(of id: Int32) -> String? { base.token(of: id) }

    public func decode(_ ids: [Int32], skipSpecialTokens: Bool) -> String {
        base.decode(ids, skipSpecialTokens: skipSpecialTokens)
    }

    public func files() throws -> [TokenizerFile] { try base.files() + (dictionaryFile.map { [$0] } ?? []) }

    public func analyze(_ text: String) -> TextAnalysis {
        var scratch = WordSegmenter.Scratch()
        return base.analyze(Array(text.utf8)) { words(of: $0, $1, &scratch) }
    }

    /// The words of a stretch of normalised text that go through WordPiece, each as a range of its scalars.
    private func words(
        of text: NormalizedText, _ range: Range<Int>, _ scratch: inout WordSegmenter.Scratch
    ) -> [Range<Int>] {
        var words: [Range<Int>] = []
        for word in segmenter.ranges(of: text.scalars[range], &scratch) {
            let word = word.lowerBound + range.lowerBound..<word.upperBound + range.lowerBound
            if isToken(text.scalars[word]) {
                words.append(word)
            } else {
                appendParts(of: text, word, to: &words)
            }
        }
        return words
    }

    /// Splits a word at white space, and each ideograph off.
    private func appendParts(of text: NormalizedText, _ word: Range<Int>, to words: inout [Range<Int>]) {
        var start = word.lowerBound
        for place in word {
            let flags = ScalarFacts.shared[text.scalars[place]]
            guard !flags.isDisjoint(with: [.ideograph, .whitespace]) else { continue }
            if start < place { words.append(start..<place) }
            if flags.contains(.ideograph) { words.append(place..<place + 1) }
            start = place + 1
        }
        if start < word.upperBound { words.append(start..<word.upperBound) }
    }

    private func isToken(_ letters: ArraySlice<Unicode.Scalar>) -> Bool {
        var bytes: [UInt8] = []
        for letter in letters { UTF8Text.append(letter, to: &bytes) }
        return base.vocabulary.trie.id(of: bytes) != nil
            || base.added.extraTokens.values.contains { $0.utf8.elementsEqual(bytes) }
    }
}
