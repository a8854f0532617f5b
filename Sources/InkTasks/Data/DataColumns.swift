/// Names of columns or keys that a user gives, where a file does not call them as public sets do.
struct DataColumns: Sendable, Equatable {
    private let text: String
    private let pair: String
    private let label: String

    static let options = [
        TaskOption("text-column", default: "", "the column or key of the text, or of the first text of a pair"),
        TaskOption("pair-column", default: "", "the column or key of the second text of a pair"),
        TaskOption("label-column", default: "", "the column or key of the label or labels"),
    ]

    init(_ values: (String) -> String?) {
        text = values("text-column") ?? ""
        pair = values("pair-column") ?? ""
        label = values("label-column") ?? ""
    }

    /// What a run folder keeps, so that other files are read alike.
    var parameters: [String: String] {
        ["text-column": text, "pair-column": pair, "label-column": label].filter { !$0.value.isEmpty }
    }

    /// The names to look for: those given before the usual ones.
    var columns: TextColumns {
        var columns = TextColumns.standard
        if !text.isEmpty {
            columns.text.insert(text, at: 0)
            // A text that is named wins over a pair of the usual names.
            columns.pairs = pair.isEmpty ? [] : [.init(text, pair)]
        }
        if !label.isEmpty { columns.label = [label] }
        return columns
    }
}
