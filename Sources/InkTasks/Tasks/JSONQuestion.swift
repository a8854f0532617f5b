import InkSupport

/// A line of `predict`'s input for tasks whose question has several parts.
enum JSONQuestion {
    /// - Parameter form: what a question looks like.
    /// - Throws: `InputError` when the line is not one JSON object.
    static func record(_ line: String, at location: String, form: String) throws -> LocatedJSON {
        guard line.first(where: { !$0.isWhitespace }) == "{" else {
            throw InputError(
                at: location, "the question is not a JSON object", expected: form, found: Excerpt.of(line))
        }
        let records = try LocatedJSON.records(in: Array(line.utf8), file: location, firstLine: 1)
        guard records.count == 1 else {
            throw InputError(at: location, "more than one JSON value in the line", expected: form)
        }
        return records[0]
    }
}
