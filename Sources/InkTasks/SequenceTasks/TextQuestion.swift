import InkSupport

/// What a tab in a line of questions means, where the model's folder does not say it.
public enum TabMeaning: String, Sendable {
    /// It separates the two texts of a pair.
    case pair
    /// It is white space of a single text.
    case space
}

/// A line of `predict`'s input as one text or two.
struct TextQuestion {
    let text: String
    let pair: String?

    /// A JSON object with the field names of the data; `text<TAB>text` for a task on pairs; any other line is a text.
    ///
    /// A tab in a single text, or a label behind the texts, is never read with them: a labelled file would get other
    /// answers than its texts.
    /// - Parameters:
    ///   - input: what the task reads; nil for either, which then only JSON can say.
    ///   - tabIsSpace: whether a tab in a single text is white space.
    ///   - labels: names that give a labelled file away.
    /// - Throws: `InputError` when the line is not of that form.
    init(
        _ line: String, at location: String, _ input: TextInput?, tabIsSpace: Bool = false, labels: [String] = []
    ) throws {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        if let record = try Self.record(line, at: location) {
            (text, pair) = (record.text, record.pair)
        } else {
            try Self.refuseHeader(line, fields, at: location)
            if input == .pair {
                guard fields.count == 2 else {
                    throw Self.mismatch(
                        location, expected: "text<TAB>text", found: "\(fields.count) fields",
                        remedy: fields.count > 2 ? Self.labelledRemedy(fields, labels, columns: "1,2") : nil)
                }
                (text, pair) = (fields[0], fields[1])
            } else if fields.count > 1, !tabIsSpace {
                throw Self.tab(line, fields, at: location, input, labels)
            } else {
                (text, pair) = (line, nil)
            }
        }
        if let input, (pair != nil) != (input == .pair) {
            throw Self.mismatch(
                location, expected: input == .pair ? "two texts" : "one text",
                found: pair == nil ? "one text" : "two texts")
        }
    }

    private static func mismatch(
        _ location: String, expected: String, found: String, remedy: String? = nil
    ) -> InputError {
        InputError(
            at: location, "the question is not of the form of the training data", expected: expected, found: found,
            remedy: remedy)
    }

    private static func labelledRemedy(_ fields: [String], _ labels: [String], columns: String) -> String {
        let label = fields.last?.trimmed ?? ""
        let isLabel = labels.contains(label)
        return (isLabel ? "\"\(label)\" is a class of the model: " : "is it a labelled file? ")
            + "measure it with evaluate, or give the texts alone: cut -f\(columns)"
    }

    private static func tab(
        _ line: String, _ fields: [String], at location: String, _ input: TextInput?, _ labels: [String]
    ) -> InputError {
        guard input == nil else {
            return InputError(
                at: location, "the line has a tab: two texts, or a labelled file?", expected: "one text",
                found: Excerpt.of(line),
                remedy: labelledRemedy(fields, labels, columns: "1") + "; --tab space reads it as white space")
        }
        return InputError(
            at: location, "the line has a tab, and the folder does not say whether the model is about pairs",
            expected: "one text, or a JSON object with two", found: Excerpt.of(line),
            remedy: labels.contains(fields.last?.trimmed ?? "")
                ? labelledRemedy(fields, labels, columns: "1")
                : "--tab pair reads two texts, --tab space reads it as white space of one")
    }

    /// The header line of a CSV or TSV file is no question.
    private static func refuseHeader(_ line: String, _ fields: [String], at location: String) throws {
        let cells = fields.count > 1 ? fields : line.split(separator: ",").map(String.init)
        let names = cells.map { $0.trimmed.lowercased() }
        let columns = TextColumns.standard
        guard cells.count > 1, let texts = columns.textIndices(in: names) else { return }
        let used = [texts.first, texts.second].compactMap { $0 } + columns.labelIndices(in: names)
        guard used.count == cells.count else { return }
        throw InputError(
            at: location, "the line is the header of a table, not a question", expected: "one question a line",
            found: Excerpt.of(line), remedy: "measure a labelled file with evaluate, or give its texts alone")
    }

    /// The texts of a JSON object; nil for a line that is none: titles may begin with braces.
    /// - Throws: `InputError` for an object without a text.
    private static func record(_ line: String, at location: String) throws -> TextRecord? {
        let bare = line.drop(while: \.isWhitespace)
        guard bare.first == "{" else { return nil }
        let records: [LocatedJSON]
        do {
            records = try LocatedJSON.records(in: Array(line.utf8), file: location, firstLine: 1)
        } catch var error as InputError {
            // A text may begin with a brace; with a brace and a quotation mark begins an object that is broken.
            guard bare.dropFirst().first(where: { !$0.isWhitespace }) == "\"" else { return nil }
            error.location = location
            throw error
        }
        guard records.count == 1, records[0].isObject else { return nil }
        do {
            var counter = OddityCounter()
            return try TextRecord(records[0], .standard, &counter)
        } catch var error as InputError {
            error.location = location
            throw error
        }
    }
}
