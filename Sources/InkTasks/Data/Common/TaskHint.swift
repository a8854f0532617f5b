import InkSupport

/// Says which task a record looks made for, so that a wrong task for the data is named in the error.
enum TaskHint {
    /// The fields by which the records of each task are known.
    private static let marks: [(task: String, fields: Set<String>)] = [
        ("extraction", ["paragraphs"]), ("extraction", ["qas"]), ("extraction", ["context", "question", "answers"]),
        ("extraction", ["data", "version"]), ("tagging", ["entities"]), ("choice", ["choices"]), ("choice", ["choice"]),
        ("choice", ["content", "candidates"]), ("choice", ["context", "question", "options"]),
        ("retrieval", ["question", "candidates"]), ("relation", ["head", "tail"]), ("relation", ["h", "t"]),
        ("relation", ["ann"]), ("typing", ["text", "start", "end", "labels"]),
        ("classification of pairs", ["sentence1", "sentence2"]), ("classification", ["sentence", "label"]),
        ("classification", ["text", "label"]),
    ]

    /// A remedy for a record that another task would understand; nil when it looks like none.
    static func remedy(_ record: LocatedJSON, unless task: String) -> String? {
        var likely = record.isArray ? "choice" : nil
        if record["label"]?.isObject == true { likely = "tagging" }
        let names = Set(record.names)
        likely = likely ?? marks.first { $0.fields.isSubset(of: names) }?.task
        return likely.flatMap { $0.hasPrefix(task) ? nil : "this looks like data for \($0): choose that task" }
    }
}
