/// The special tokens around one text and around a pair, with the token types of all parts.
///
/// The same as `TemplateProcessing` of Hugging Face: BERT has `[CLS] A [SEP] B [SEP]` with types 0 and 1, RoBERTa
/// `<s> A </s></s> B </s>` with type 0 throughout.
public struct SpecialTokenTemplate: Hashable, Sendable {
    /// One part of an input.
    public enum Part: Hashable, Sendable {
        /// An added special token.
        case token(id: Int32, typeID: Int32)
        /// The text (0) or its pair (1).
        case text(index: Int, typeID: Int32)

        /// The token type of the part.
        public var typeID: Int32 {
            switch self {
            case .token(_, let typeID), .text(_, let typeID): typeID
            }
        }
    }

    /// Around one text.
    public let single: [Part]
    /// Around a text and its pair.
    public let pair: [Part]

    /// `single` must hold text 0 once, `pair` texts 0 and 1 once each.
    public init(single: [Part], pair: [Part]) {
        precondition(Self.texts(single) == [0] && Self.texts(pair).sorted() == [0, 1])
        self.single = single
        self.pair = pair
    }

    /// The numbers of the texts among `parts`, in order.
    static func texts(_ parts: [Part]) -> [Int] {
        parts.compactMap { if case .text(let index, _) = $0 { index } else { nil } }
    }

    /// `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`, the second text and its separator of type 1.
    public static func bert(classificationID: Int32, separatorID: Int32) -> SpecialTokenTemplate {
        let single: [Part] = [
            .token(id: classificationID, typeID: 0), .text(index: 0, typeID: 0), .token(id: separatorID, typeID: 0),
        ]
        return SpecialTokenTemplate(
            single: single, pair: single + [.text(index: 1, typeID: 1), .token(id: separatorID, typeID: 1)])
    }

    /// `<s> A </s>` and `<s> A </s></s> B </s>`, all of type 0: RoBERTa and XLM-R.
    public static func roberta(classificationID: Int32, separatorID: Int32) -> SpecialTokenTemplate {
        let separator = Part.token(id: separatorID, typeID: 0)
        let single = [.token(id: classificationID, typeID: 0), .text(index: 0, typeID: 0), separator]
        return SpecialTokenTemplate(single: single, pair: single + [separator, .text(index: 1, typeID: 0), separator])
    }

    /// Nothing around the texts.
    public static let none = SpecialTokenTemplate(
        single: [.text(index: 0, typeID: 0)], pair: [.text(index: 0, typeID: 0), .text(index: 1, typeID: 0)])

    /// The parts for one text or a pair, with or without the special tokens.
    func parts(isPair: Bool, addSpecialTokens: Bool) -> [Part] {
        let parts = isPair ? pair : single
        guard !addSpecialTokens else { return parts }
        return parts.filter { if case .text = $0 { true } else { false } }
    }

    /// Special tokens among `parts`.
    static func addedCount(_ parts: [Part]) -> Int {
        parts.count { if case .token = $0 { true } else { false } }
    }
}
