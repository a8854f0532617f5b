/// A question with answers to choose from.
public struct ChoiceExample: Equatable, Codable, Sendable {
    /// What stands for the gap of a cloze in `context`, as in ChID.
    public static let blank = "#idiom#"

    /// The id of the question.
    public var id: String
    /// The passage; the lines of a dialogue are separated by line ends.
    public var context: String
    /// The question; empty for a cloze, whose context has one `blank`.
    public var question: String
    /// The answers to choose from, at least two.
    public var choices: [String]
    /// The index of the right one; nil where the file does not say.
    public var answer: Int?
    /// The 1-based line of the question's record.
    public var line: Int

    public init(id: String, context: String, question: String, choices: [String], answer: Int?, line: Int) {
        self.id = id
        self.context = context
        self.question = question
        self.choices = choices
        self.answer = answer
        self.line = line
    }

    /// Whether the answer fills a gap of the context.
    public var isCloze: Bool { question.isEmpty && context.contains(Self.blank) }

    /// The context with a choice in place of the blank. Nil for an index that is not a choice's.
    public func filled(with choice: Int) -> String? {
        choices.indices.contains(choice) ? context.replacing(Self.blank, with: choices[choice]) : nil
    }
}

/// What a file of questions with choices holds.
public struct ChoiceData: Equatable, Codable, Sendable {
    /// The questions in the order of the file.
    public var examples: [ChoiceExample]
    /// What was odd, and what was made of it.
    public var oddities: [DataOddity]
}
