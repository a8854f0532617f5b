import InkSupport

/// A line of `predict`'s input as one text or two.
struct TextQuestion {
    let text: String
    let pair: String?

    /// A JSON object with the field names of the data; `text<TAB>text` for a task on pairs; any other line is a text.
    /// - Parameter input: what the task reads; nil for either.
    /// - Throws: `InputError` when the line is not of that form.
    init(_ line: String, at location: String, _ input: TextInput?) throws {
        if let record = try Self.record(line, at: location) {
            (text, pair) = (record.text, record.pair)
        } else if input == .pair {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 2 else {
                throw Self.mismatch(location, expected: "text<TAB>text", found: "\(fields.count) fields")
            }
            (text, pair) = (fields[0], fields[1])
        } else {
            (text, pair) = (line, nil)
        }
        if let input, (pair != nil) != (input == .pair) {
            throw Self.mismatch(
                location, expected: input == .pair ? "two texts" : "one text",
                found: pair == nil ? "one text" : "two texts")
        }
    }

    private static func mismatch(_ location: String, expected: String, found: String) -> InputError {
        InputError(
            at: location, "the question is not of the form of the training data", expected: expected, found: found)
    }

    /// The texts of a JSON object; nil for a line that is none, or has none of the names: titles may begin with braces.
    private static func record(_ line: String, at location: String) throws -> TextRecord? {
        guard line.first(where: { !$0.isWhitespace }) == "{",
            let records = try? LocatedJSON.records(in: Array(line.utf8), file: location, firstLine: 1),
            records.count == 1, records[0].isObject,
            TextColumns.standard.textIndices(in: records[0].names) != nil
        else { return nil }
        var counter = OddityCounter()
        return try TextRecord(records[0], .standard, &counter)
    }
}
