import Foundation
import InkSupport

/// Reads questions with candidates: `question<TAB>answer<TAB>label` as in NLPCC-DBQA, columns under a header, JSON
/// objects of a pair and a label, or `{"question": "…", "candidates": [{"text": "…", "label": 1}]}`.
///
/// Rows with the same question, or the same `qid` where there is one, belong together wherever they stand.
public struct RetrievalReader: Sendable {
    /// Names of the columns or keys of rows.
    public var columns: TextColumns

    /// The names that retrieval sets use.
    public static let standardColumns = TextColumns(
        text: [], label: ["label", "relevance", "score"],
        pairs: [
            .init("question", "answer"), .init("question", "candidate"), .init("query", "passage"),
            .init("query", "doc"),
        ]
            + TextColumns.standard.pairs)

    public init(columns: TextColumns = RetrievalReader.standardColumns) { self.columns = columns }

    /// Reads a whole file. Throws `InputError` naming file, line and field.
    public func read(contentsOf url: URL) throws -> RetrievalData {
        var groups = Groups()
        if try !readNested(url, &groups) { try readRows(url, &groups) }
        guard !groups.examples.isEmpty else {
            throw groups.counter.oddities.nothingLeft("the file has no question")
                ?? InputError(at: url.path, "the file has no question", expected: "question<TAB>answer<TAB>label")
        }
        for example in groups.examples where !example.candidates.contains(where: \.isRelevant) {
            groups.counter.note(
                "questions without a relevant candidate", "kept; they score 0", at: "\(url.path):\(example.line)",
                example: Excerpt.of(example.question))
        }
        return RetrievalData(examples: groups.examples, oddities: groups.counter.oddities)
    }

    private struct Groups {
        var examples: [RetrievalExample] = []
        var counter = OddityCounter()
        private var indices: [String: Int] = [:]

        mutating func add(_ question: String, key: String, _ candidate: RetrievalExample.Candidate) {
            if let index = indices[key] {
                examples[index].candidates.append(candidate)
            } else {
                indices[key] = examples.count
                examples.append(RetrievalExample(question: question, candidates: [candidate], line: candidate.line))
            }
        }
    }

    /// Reads objects with their candidates; false when the file holds rows.
    private func readNested(_ url: URL, _ groups: inout Groups) throws -> Bool {
        guard try TextFormat.detect(url) == .jsonl else { return false }
        var isNested = true
        try LocatedJSON.forEachRecord(of: url) { record in
            guard isNested, let candidates = record.first(["candidates", "answers", "passages"]) else {
                isNested = false
                return
            }
            let question = try record.required("question", "query").string()
            let key = try record["qid"]?.spelling() ?? question
            let elements = try candidates.elements()
            if elements.isEmpty {
                groups.counter.note(
                    "questions without a candidate", "left out", at: record.location, example: Excerpt.of(question))
            }
            for candidate in elements {
                let text = try candidate.required("text", "answer", "passage").string()
                let label = try candidate.required("label", "relevance")
                groups.add(
                    question, key: key,
                    .init(
                        text: text, relevance: try Self.relevance(label.spelling(), at: label.location),
                        line: candidate.line))
            }
        }
        if !isNested, !groups.examples.isEmpty || !groups.counter.oddities.isEmpty {
            throw InputError(
                at: url.path, "some objects have candidates and some have none",
                expected: #"{"question": …, "candidates": […]} everywhere, or one pair an object"#)
        }
        return isNested
    }

    private func readRows(_ url: URL, _ groups: inout Groups) throws {
        // A column `qid` is read beside the labels; it is no label of its own.
        let keyed = TextColumns(text: columns.text, label: columns.label + ["qid"], pairs: columns.pairs)
        var format = try TextFormat.detect(url)
        if format == .plain { format = .tsv }
        let records = TextRecords(try LineReader(contentsOf: url), format, keyed)
        while let record = try records.next() {
            let location = "\(records.name):\(record.line)"
            guard let text = record.pair, let label = record.labels.first(where: { $0.column.lowercased() != "qid" })
            else {
                throw InputError(
                    at: location, "the record is not a question with an answer and a label",
                    expected: "question<TAB>answer<TAB>label", found: Excerpt.of(record.text))
            }
            let key = record.labels.first { $0.column.lowercased() == "qid" }?.value ?? record.text
            let relevance = try Self.relevance(label.value.trimmed, at: location)
            groups.add(record.text, key: key, .init(text: text, relevance: relevance, line: record.line))
        }
    }

    private static func relevance(_ text: String, at location: String) throws -> Int {
        guard let value = Int(text), value >= 0 else {
            throw InputError(
                at: location, "the label is not a relevance", expected: "0, 1 or a higher grade",
                found: Excerpt.of(text))
        }
        return value
    }
}
