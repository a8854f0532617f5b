/// A question about a passage, answered by a piece of it.
public struct ExtractionExample: Equatable, Codable, Sendable {
    /// An answer and its place.
    public struct Answer: Hashable, Codable, Sendable {
        /// The answer as it stands in the file.
        public var text: String
        /// Unicode scalars of the passage before it; nil where the passage does not have it.
        public var start: Int?

        public init(text: String, start: Int?) {
            self.text = text
            self.start = start
        }

        /// The scalars of the passage that it takes, nil where the passage does not have it.
        public var range: Range<Int>? { start.map { $0..<($0 + text.unicodeScalars.count) } }
    }

    /// The id of the question, unique in a file.
    public var id: String
    /// The passage as it stands in the file.
    public var context: String
    /// The question.
    public var question: String
    /// The answers, all equally good; empty for a question without one.
    public var answers: [Answer]
    /// The 1-based line of the question's record.
    public var line: Int

    public init(id: String, context: String, question: String, answers: [Answer], line: Int) {
        self.id = id
        self.context = context
        self.question = question
        self.answers = answers
        self.line = line
    }
}

/// What a file of questions holds.
public struct ExtractionData: Equatable, Codable, Sendable {
    /// The questions in the order of the file.
    public var examples: [ExtractionExample]
    /// What was odd, and what was made of it.
    public var oddities: [DataOddity]
}
