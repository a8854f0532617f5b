import Foundation
import InkSupport

/// The answers of an evaluation, example by example: one JSON object a line, in the order of the data.
///
/// `line` is that of the example in its file, `question` its texts, `gold` and `answer` the right answer and the model's
/// in words, `correct` whether they agree; then what `predict` says. What an example lacks is left out.
enum PredictionFile {
    /// - Parameters:
    ///   - file: the name of the data.
    ///   - url: the file to write; it appears when it is whole.
    /// - Throws: `InputError` (`.run`) when it cannot be written.
    static func write<Kind: TaskKind>(
        _ kind: Kind, _ examples: [Kind.Example], _ answers: [Kind.Answer], of file: String, to url: URL
    ) throws {
        let writer = try AtomicFileWriter(url)
        for (example, answer) in zip(examples, answers) {
            var record = JSONObject([
                "file": .string(file), "line": kind.line(of: example).map { .integer($0) },
                "question": .strings(kind.texts(of: example)), "gold": .string(kind.gold(of: example)),
                "answer": .string(answer.summary), "probability": answer.confidence.map { .float($0) },
                "correct": kind.isRight(answer, to: example).map { .bool($0) },
            ])
            let fields = answer.fields
            for name in fields.names where record[name] == nil { record[name] = fields[name] }
            try writer.append(Array((JSONValue.object(record).serialized(indented: false) + "\n").utf8))
        }
        try writer.commit()
    }
}
