import Foundation
import InkSupport

/// Reads questions on passages in the form of SQuAD (CMRC 2018, DRCD), in the older form of CMRC 2018
/// (`context_text`, `query_text`, answers as strings), and one question a record with `context` and `question`.
///
/// An answer that does not stand at its `answer_start` is moved where the passage has it once; otherwise it stays for
/// the metric without a place. Both are counted.
public struct ExtractionReader: Sendable {
    /// Whether questions without the field `answers` are read too, for prediction.
    public var allowsUnlabelled: Bool

    public init(allowsUnlabelled: Bool = false) { self.allowsUnlabelled = allowsUnlabelled }

    /// Reads a whole file. Throws `InputError` naming file, line and field.
    public func read(contentsOf url: URL) throws -> ExtractionData {
        var state = State(allowsUnlabelled: allowsUnlabelled)
        try LocatedJSON.forEachRecord(of: url) { record in
            guard let articles = record["data"] else { return try state.readArticle(record) }
            for article in try articles.elements() { try state.readArticle(article) }
        }
        guard !state.examples.isEmpty else {
            throw InputError(
                at: url.path, "the file has no question",
                expected: #"{"data": [{"paragraphs": [{"context": …, "qas": […]}]}]} or one object a question"#)
        }
        return ExtractionData(examples: state.examples, oddities: state.counter.oddities)
    }

    private struct State {
        let allowsUnlabelled: Bool
        var examples: [ExtractionExample] = []
        var counter = OddityCounter()
        var linesByID: [String: Int] = [:]

        mutating func readArticle(_ article: LocatedJSON) throws {
            guard let paragraphs = article["paragraphs"] else { return try readParagraph(article) }
            for paragraph in try paragraphs.elements() { try readParagraph(paragraph) }
        }

        mutating func readParagraph(_ paragraph: LocatedJSON) throws {
            guard let field = paragraph.first(["context", "context_text", "passage"]) else {
                throw InputError(
                    at: paragraph.location, "a passage is missing", expected: "context or context_text",
                    found: paragraph.isObject ? "fields " + paragraph.names.joined(separator: ", ") : paragraph.kind,
                    remedy: TaskHint.remedy(paragraph, unless: "extraction"))
            }
            let context = try field.string()
            guard !context.allSatisfy(\.isWhitespace) else {
                throw InputError(at: field.location, "the passage is empty", remedy: "remove it, or give it a text")
            }
            let scalars = ScalarText(context)
            guard let questions = paragraph["qas"] else { return try readQuestion(paragraph, context, scalars) }
            for question in try questions.elements() { try readQuestion(question, context, scalars) }
        }

        mutating func readQuestion(_ record: LocatedJSON, _ context: String, _ scalars: ScalarText) throws {
            let question = try record.required("question", "query_text").string()
            let id = try record.first(["id", "query_id", "qid"])?.spelling() ?? String(examples.count)
            if let first = linesByID.updateValue(record.line, forKey: id) {
                throw InputError(
                    at: record.location, "the id \"\(id)\" is used twice", found: "first on line \(first)",
                    remedy: "give every question its own id")
            }
            var answers: [ExtractionExample.Answer] = []
            if let field = record["answers"] {
                for answer in try field.elements() {
                    if let read = try readAnswer(answer, scalars) { answers.append(read) }
                }
                if answers.isEmpty {
                    counter.note(
                        "questions without an answer", "kept; the right prediction is an empty one",
                        at: record.location, example: Excerpt.of(question))
                }
            } else if !allowsUnlabelled {
                _ = try record.required("answers")
            }
            examples.append(
                ExtractionExample(id: id, context: context, question: question, answers: answers, line: record.line))
        }

        private mutating func readAnswer(
            _ answer: LocatedJSON, _ context: ScalarText
        ) throws -> ExtractionExample.Answer? {
            let text = try (answer.isObject ? answer.required("text") : answer).string()
            let wanted = ScalarText(text)
            guard wanted.count > 0 else {
                counter.note("answers without text", "left out", at: answer.location, example: "\"\"")
                return nil
            }
            let start = try answer["answer_start"]?.integer()
            if let start, context.has(wanted, at: start) { return .init(text: text, start: start) }
            // -1 says that the place is not known. Answers of one word that judge ("NO") may stand there by chance.
            let isUnknown = start == -1
            let judges = isUnknown && ["yes", "no", "是", "否"].contains(text.lowercased())
            let places = judges ? [] : context.places(of: wanted)
            let example = Excerpt.of(text) + (start.map { ", answer_start \($0)" } ?? "")
            switch (places.count, start) {
            case (0, _):
                counter.note(
                    "answers that are not in the passage", "kept for the metric, not for training",
                    at: answer.location, example: example)
                return .init(text: text, start: nil)
            case (1, nil): break
            case (_, -1):
                counter.note(
                    "answers whose answer_start is -1 (not known)",
                    places.count == 1 ? "found in the passage" : "found in several places, the first is taken",
                    at: answer.location, example: example)
            case (1, _):
                counter.note(
                    "answers that do not stand at their answer_start", "moved to the only place that has them",
                    at: answer.location, example: example)
            case (_, nil):
                counter.note(
                    "answers without answer_start that stand in several places", "the first place is taken",
                    at: answer.location, example: example)
            default:
                counter.note(
                    "answers that do not stand at their answer_start but in several places",
                    "kept for the metric, not for training", at: answer.location, example: example)
                return .init(text: text, start: nil)
            }
            return .init(text: text, start: places[0])
        }
    }
}
