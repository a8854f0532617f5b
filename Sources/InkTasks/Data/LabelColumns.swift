import InkSupport

/// Labels that have a column or key each, with 1 in it where a text has the label and 0 where not.
struct LabelColumns {
    /// The names of the labels of each record.
    let lists: [[String]]
    /// The labels given, or the columns of 0 and 1 in their order.
    let labels: LabelSet

    /// Nil where the records have a label of the usual form, or no column of 0 and 1.
    /// - Throws: `InputError` naming file and line when a column of the labels is missing or holds something else.
    init?(_ records: [TextRecord], labels: LabelSet?, file: String) throws {
        guard let first = records.first, records.allSatisfy(\.labels.isEmpty) else { return nil }
        let values = records.map { record in
            Dictionary(record.others.map { ($0.column, $0.value.trimmed) }) { first, _ in first }
        }
        let columns = first.others.map(\.column).filter { !["id", "idx", "index"].contains($0.lowercased()) }
        let flags = columns.filter { column in
            values.allSatisfy { $0[column].map { IndicatorVectors.bit($0) != nil } ?? false }
        }
        guard !flags.isEmpty else { return nil }
        if labels == nil {
            // A column with a slip in it must not vanish with its label.
            for column in columns where !flags.contains(column) {
                let bits = values.count { $0[column].map { IndicatorVectors.bit($0) != nil } ?? false }
                guard bits * 2 > values.count,
                    let odd = values.firstIndex(where: { $0[column].map { IndicatorVectors.bit($0) == nil } ?? true })
                else { continue }
                throw Self.odd(records[odd], values[odd][column], column, file)
            }
        }
        let named = try labels ?? LabelSet(names: flags, location: file)
        lists = try zip(records, values).map { record, values in
            try named.names.filter { name in
                guard let bit = values[name].flatMap(IndicatorVectors.bit) else {
                    throw Self.odd(record, values[name], name, file)
                }
                return bit
            }
        }
        self.labels = named
    }

    private static func odd(_ record: TextRecord, _ value: String?, _ name: String, _ file: String) -> InputError {
        InputError(
            at: "\(file):\(record.line)", "the column of a label is missing or holds something else",
            expected: "0 or 1 in \(Excerpt.of(name))",
            found: value.map { $0.isEmpty ? "nothing" : Excerpt.of($0) } ?? "no such column",
            remedy: "give each label a column of 0 and 1, or the names in one column labels")
    }
}
