import Foundation
import InkSupport

/// Reads questions with choices: C3 (passages or dialogues with questions), ChID (idioms for gaps, in the forms of CLUE,
/// FewCLUE and the original) and objects such as
/// `{"context": "…", "question": "…", "choices": ["…", "…"], "answer": 1}`, the answer as index, letter or text.
public struct ChoiceReader: Sendable {
    /// Whether questions without an answer are read too, for prediction.
    public var allowsUnlabelled: Bool

    public init(allowsUnlabelled: Bool = false) { self.allowsUnlabelled = allowsUnlabelled }

    /// Reads a whole file. `answers` is the file that goes with CLUE's form of ChID: one object from gap
    /// (`#idiom000378#`) to index; nil: `dev_answer.json` beside `dev.json`, where there is one. Throws `InputError`
    /// naming file, line and field.
    public func read(contentsOf url: URL, answers: URL? = nil) throws -> ChoiceData {
        var builder = ChoiceBuilder(allowsUnlabelled: allowsUnlabelled)
        let beside = url.deletingPathExtension().path + "_answer.json"
        if let answers = answers ?? (FileManager.default.fileExists(atPath: beside) ? URL(filePath: beside) : nil) {
            try LocatedJSON.forEachRecord(of: answers) { record in
                for (gap, index) in try record.members() { builder.answersByGap[gap] = try index.integer() }
            }
        }
        try LocatedJSON.forEachRecord(of: url) { try builder.append($0) }
        guard !builder.examples.isEmpty else {
            throw builder.counter.oddities.nothingLeft("the file has no question")
                ?? InputError(
                    at: url.path, "the file has no question",
                    expected: #"{"context": …, "question": …, "choices": […], "answer": …}, ChID or C3"#)
        }
        return ChoiceData(examples: builder.examples, oddities: builder.counter.oddities)
    }

    /// Reads one record; `location` names it in errors. Throws `InputError` naming the field.
    func read(_ record: String, at location: String) throws -> [ChoiceExample] {
        var builder = ChoiceBuilder(allowsUnlabelled: allowsUnlabelled)
        for record in try LocatedJSON.records(in: Array(record.utf8), file: location, firstLine: 1) {
            try builder.append(record)
        }
        return builder.examples
    }
}

/// Collects questions of all forms.
private struct ChoiceBuilder {
    let allowsUnlabelled: Bool
    var answersByGap: [String: Int] = [:]
    var examples: [ChoiceExample] = []
    var counter = OddityCounter()

    /// The place of a right answer.
    private enum Answer {
        case index(Int)
        case unknown
        case unusable
    }

    mutating func append(_ record: LocatedJSON) throws {
        if record.isArray { return try readC3(record) }
        if record["candidates"] != nil, record["content"] != nil { return try readChID(record) }
        try readQuestion(record)
    }

    // MARK: C3

    /// `[[line, …], [{"question", "choice", "answer"}, …], id]`.
    private mutating func readC3(_ record: LocatedJSON) throws {
        let parts = try record.elements()
        guard parts.count >= 2 else { throw record.mismatch("[[texts], [questions], id]") }
        let context = try parts[0].elements().map { try $0.string() }.joined(separator: "\n")
        let id = parts.count > 2 ? try parts[2].spelling() : String(examples.count)
        for (number, question) in try parts[1].elements().enumerated() {
            try add(question, context: context, id: "\(id)-\(number)")
        }
    }

    private mutating func readQuestion(_ record: LocatedJSON) throws {
        let context = try record.required("context", "passage", "article", "text")
        let id = try record.first(["id", "qid"])?.spelling() ?? String(examples.count)
        if let questions = record["questions"] {
            for (number, question) in try questions.elements().enumerated() {
                try add(question, context: try Self.text(context), id: "\(id)-\(number)")
            }
        } else {
            try add(record, context: try Self.text(context), id: id)
        }
    }

    private static func text(_ field: LocatedJSON) throws -> String {
        field.isArray ? try field.elements().map { try $0.string() }.joined(separator: "\n") : try field.string()
    }

    private mutating func add(_ record: LocatedJSON, context: String, id: String) throws {
        let question = try record.required("question", "query").string()
        guard let field = record.first(["choices", "choice", "options", "candidates"]) else {
            throw InputError(
                at: record.location, "there is nothing to choose from", expected: "choices or options",
                found: "fields " + record.names.joined(separator: ", "),
                remedy: TaskHint.remedy(record, unless: "choice"))
        }
        let choices = try self.choices(field)
        switch try answer(record, choices) {
        case .unusable: return
        case .unknown: append(id, context, question, choices, nil, record)
        case .index(let index): append(id, context, question, choices, index, record)
        }
    }

    /// A list, or an object from letters to answers.
    private func choices(_ field: LocatedJSON) throws -> [String] {
        let elements = field.isObject ? try field.members().map(\.value) : try field.elements()
        let choices = try elements.map { try $0.spelling() }
        guard choices.count >= 2 else {
            throw InputError(
                at: field.location, "too few answers to choose from", expected: "at least two",
                found: "\(choices.count)")
        }
        return choices
    }

    private mutating func answer(_ record: LocatedJSON, _ choices: [String]) throws -> Answer {
        guard let field = record.first(["answer", "label"]), let text = try? field.spelling(), !text.isEmpty else {
            if allowsUnlabelled { return .unknown }
            _ = try record.required("answer").spelling()
            throw InputError(at: record.location, "the answer is empty", expected: "an index, a letter or a choice")
        }
        if field.kind == "an integer" {
            let index = try field.integer()
            guard choices.indices.contains(index) else {
                throw InputError(
                    at: field.location, "the answer is not the index of a choice", expected: "0…\(choices.count - 1)",
                    found: text)
            }
            return .index(index)
        }
        if let index = choices.firstIndex(of: text) {
            if choices[(index + 1)...].contains(text) {
                counter.note(
                    "answers that stand twice among the choices", "the first is taken", at: field.location,
                    example: Excerpt.of(text))
            }
            return .index(index)
        }
        let letter = text.unicodeScalars.first?.value ?? 0
        let index = Int(letter) - 0x41
        if text.unicodeScalars.count == 1, choices.indices.contains(index) { return .index(index) }
        counter.note(
            "questions whose answer is not among the choices", "left out", at: field.location,
            example: "\(Excerpt.of(text)) in \(choices.joined(separator: " / "))")
        return .unusable
    }

    private mutating func append(
        _ id: String, _ context: String, _ question: String, _ choices: [String], _ answer: Int?, _ record: LocatedJSON
    ) {
        examples.append(
            ChoiceExample(
                id: id, context: context, question: question, choices: choices, answer: answer, line: record.line))
    }

    // MARK: ChID

    /// What other gaps of a text become, so that only one is asked for.
    private static let otherBlank = "____"

    private mutating func readChID(_ record: LocatedJSON) throws {
        let candidates = try record.required("candidates")
        let content = try record.required("content")
        let lists = try candidates.elements()
        let isPerGap = lists.first?.isArray == true
        let shared = isPerGap ? [] : try choices(candidates)
        let truth = try record["groundTruth"]?.elements()
        let id = try record["id"]?.spelling() ?? String(examples.count)
        var number = 0
        for text in content.isArray ? try content.elements() : [content] {
            let string = try text.string()
            let gaps = string.matches(of: #/#idiom[0-9]*#/#).map { $0.range }
            if gaps.isEmpty {
                throw InputError(
                    at: text.location, "the text has no gap", expected: "\(ChoiceExample.blank) in the text",
                    found: Excerpt.of(string))
            }
            // One answer for a text: gaps of the same name ask for one idiom.
            let asksOnce = truth == nil && gaps.allSatisfy { string[$0] == ChoiceExample.blank }
            for (place, gap) in gaps.enumerated() where !asksOnce || place == 0 {
                let context = Self.keeping(gap, of: gaps, in: string, all: asksOnce)
                guard !isPerGap || number < lists.count else {
                    throw InputError(
                        at: candidates.location, "there are fewer candidates than gaps", found: "\(lists.count) lists")
                }
                let choices = isPerGap ? try self.choices(lists[number]) : shared
                let name = String(string[gap])
                let answer: Answer
                if let truth {
                    answer = try named(truth, number, choices, record)
                } else if let index = answersByGap[name] {
                    guard choices.indices.contains(index) else {
                        throw InputError(
                            at: text.location, "the answer to \(name) is not the index of a candidate",
                            expected: "0…\(choices.count - 1)", found: String(index))
                    }
                    answer = .index(index)
                } else {
                    answer = name == ChoiceExample.blank ? try self.answer(record, choices) : try missing(name, text)
                }
                let question = asksOnce ? id : name == ChoiceExample.blank ? "\(id)-\(number)" : name
                number += 1
                switch answer {
                case .unusable: continue
                case .unknown: append(question, context, "", choices, nil, record)
                case .index(let index): append(question, context, "", choices, index, record)
                }
            }
        }
    }

    private func missing(_ gap: String, _ text: LocatedJSON) throws -> Answer {
        if allowsUnlabelled { return .unknown }
        throw InputError(
            at: text.location, "no answer to \(gap) is known",
            remedy: "name the file of answers that goes with the texts")
    }

    private mutating func named(
        _ truth: [LocatedJSON], _ number: Int, _ choices: [String], _ record: LocatedJSON
    ) throws -> Answer {
        guard number < truth.count else {
            throw InputError(
                at: record.location, "there are fewer answers than gaps", found: "groundTruth has \(truth.count)")
        }
        let text = try truth[number].string()
        if let index = choices.firstIndex(of: text) { return .index(index) }
        counter.note(
            "questions whose answer is not among the choices", "left out", at: truth[number].location,
            example: "\(Excerpt.of(text)) in \(choices.joined(separator: " / "))")
        return .unusable
    }

    /// The text with the gap asked for as `ChoiceExample.blank` and the other ones neutral.
    private static func keeping(
        _ gap: Range<String.Index>, of gaps: [Range<String.Index>], in text: String, all: Bool
    ) -> String {
        var result = ""
        var end = text.startIndex
        for other in gaps {
            result += text[end..<other.lowerBound]
            result += all || other == gap ? ChoiceExample.blank : otherBlank
            end = other.upperBound
        }
        return result + text[end...]
    }
}
