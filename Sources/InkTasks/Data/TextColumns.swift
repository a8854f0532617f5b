/// Which columns or keys hold the texts and the label. Names are compared without regard to case.
public struct TextColumns: Equatable, Sendable {
    /// The columns of a pair of texts.
    public struct Pair: Equatable, Sendable {
        /// The column of the first text.
        public var first: String
        /// The column of the second text.
        public var second: String

        public init(_ first: String, _ second: String) {
            self.first = first
            self.second = second
        }
    }

    /// Accepted names of a single text, the first that is present wins.
    public var text: [String]
    /// Accepted names of the label, all that are present are tried in this order: descriptions before codes, since
    /// TNEWS-like files give both `label` (a code) and `label_desc` (a name).
    public var label: [String]
    /// Accepted names of pairs; the first of which both are present wins, before any single text.
    public var pairs: [Pair]

    /// The names that public Chinese sets use, and the usual Chinese ones: those of CLUE, LCQMC, BQ, XNLI, OCNLI, QBQTC, ChnSentiCorp and others.
    public static let standard = TextColumns(
        text: ["text", "sentence", "title", "text_a", "content", "review"] + ["文本", "句子", "标题", "内容", "正文", "评论"],
        label: ["label_desc", "label_des", "label", "gold_label"] + ["标签", "类别", "分类"],
        pairs: [
            Pair("sentence1", "sentence2"), Pair("premise", "hypothesis"), Pair("premise", "hypo"),
            Pair("question1", "question2"), Pair("query1", "query2"), Pair("query", "title"), Pair("text_a", "text_b"),
            Pair("text1", "text2"), Pair("sent1", "sent2"), Pair("keyword", "abst"),
        ])

    /// Single texts, unless `pairs` are given.
    public init(text: [String], label: [String], pairs: [Pair] = []) {
        self.text = text
        self.label = label
        self.pairs = pairs
    }

    /// A pair of texts in the columns `first` and `second`.
    public init(first: String, second: String, label: [String]) {
        self.init(text: [], label: label, pairs: [Pair(first, second)])
    }

    /// What messages say is expected.
    var expected: String {
        (text + pairs.prefix(2).map { "\($0.first) and \($0.second)" }).joined(separator: " or ")
    }

    /// The places of the text, or of the two texts, among `names`.
    func textIndices(in names: [String]) -> (first: Int, second: Int?)? {
        let names = names.map { $0.lowercased() }
        func index(_ name: String) -> Int? { names.firstIndex(of: name.lowercased()) }
        for pair in pairs {
            if let first = index(pair.first), let second = index(pair.second) { return (first, second) }
        }
        return text.lazy.compactMap(index).first.map { ($0, nil) }
    }

    func labelIndices(in header: [String]) -> [Int] {
        let names = header.map { $0.lowercased() }
        return label.compactMap { names.firstIndex(of: $0.lowercased()) }
    }
}
