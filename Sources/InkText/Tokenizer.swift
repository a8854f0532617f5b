/// Text to ids and back, for one checkpoint.
///
/// A tokenizer only has to say how one text becomes tokens (`analyze(_:)`) and which special tokens stand around texts
/// (`template`); encoding of pairs, truncation, offsets, batches and packed rows are shared by all, in extensions.
/// Values are immutable and may be used from many tasks at once.
public protocol Tokenizer: Sendable {
    /// Buffers that a loop over many texts uses again and again, one for each thread.
    associatedtype Scratch: TokenizerScratch = NoScratch

    /// The id of the token that begins an input: `[CLS]`, `<s>`.
    var classificationID: Int32 { get }
    /// The id of the token that ends a text: `[SEP]`, `</s>`.
    var separatorID: Int32 { get }
    /// The id that fills up a batch: `[PAD]`.
    var paddingID: Int32 { get }
    /// The id of what the vocabulary lacks: `[UNK]`.
    var unknownID: Int32 { get }
    /// The id of `[MASK]`; nil when there is none.
    var maskID: Int32? { get }
    /// Ids that stand for special tokens: the named ones and the additional ones.
    var specialIDs: Set<Int32> { get }
    /// Ids run from 0 to below this.
    var idCount: Int { get }
    /// Things a user should hear of that do not stop the work.
    var warnings: [String] { get }
    /// Most tokens of an input as the folder says; nil where it sets no bound.
    var modelMaxLength: Int? { get }
    /// The end of a long text is kept, not its beginning.
    var truncatesLeft: Bool { get }
    /// The special tokens around one text and a pair.
    var template: SpecialTokenTemplate { get }

    /// How special tokens in a text are read: `keep` unless asked for otherwise.
    var specialTokensInText: SpecialTokensInText { get }
    /// The same tokenizer with another way to read special tokens in texts.
    func reading(_ specialTokens: SpecialTokensInText) -> Self
    /// The special tokens that the text itself holds, in their order, however they are read.
    func specialTokens(in text: String) -> [String]

    /// The id of a token, added ones included; nil when there is none.
    func id(of token: String) -> Int32?
    /// The token of an id; nil when there is none.
    func token(of id: Int32) -> String?

    /// The tokens of one text, without special tokens around it, with offsets in Unicode scalars of the text as given.
    func analyze(_ text: String) -> TextAnalysis

    /// Appends the ids that `analyze(_:)` gives: the fast way, without offsets.
    ///
    /// May stop once `limit` ids are there: at least the first `limit` of the text are appended, or all.
    func appendTextIDs(of text: String, limit: Int, to ids: inout [Int32], _ scratch: inout Scratch)

    /// Text from ids. An id that stands for nothing is left out.
    func decode(_ ids: [Int32], skipSpecialTokens: Bool) -> String

    /// The files that `Tokenizers.open(_:)` needs to open the same tokenizer again, with the names of Hugging Face.
    /// - Throws: `InputError` when a token cannot be written in that form.
    func files() throws -> [TokenizerFile]
}

/// Buffers of a tokenizer that are used from text to text.
public protocol TokenizerScratch {
    init()
}

/// For tokenizers that keep nothing from text to text.
public struct NoScratch: TokenizerScratch {
    public init() {}
}

extension Tokenizer {
    public var warnings: [String] { [] }

    public func appendTextIDs(of text: String, limit: Int, to ids: inout [Int32], _ scratch: inout Scratch) {
        ids.append(contentsOf: analyze(text).ids)
    }

    /// Text from ids, special tokens included.
    public func decode(_ ids: [Int32]) -> String { decode(ids, skipSpecialTokens: false) }

    /// The tokens of ids; an id that stands for nothing gives the unknown token.
    public func tokens(of ids: some Sequence<Int32>) -> [String] {
        let unknown = token(of: unknownID) ?? ""
        return ids.map { token(of: $0) ?? unknown }
    }
}
