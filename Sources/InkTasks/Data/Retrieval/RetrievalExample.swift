/// A question with texts to rank.
public struct RetrievalExample: Equatable, Codable, Sendable {
    /// A text and how relevant it is.
    public struct Candidate: Equatable, Codable, Sendable {
        /// The text.
        public var text: String
        /// 0: not relevant; graded sets have 2 and more for the best.
        public var relevance: Int
        /// The 1-based line it came from.
        public var line: Int

        /// Whether it answers the question.
        public var isRelevant: Bool { relevance > 0 }

        public init(text: String, relevance: Int, line: Int) {
            self.text = text
            self.relevance = relevance
            self.line = line
        }
    }

    /// The question.
    public var question: String
    /// The texts, in the order of the file.
    public var candidates: [Candidate]
    /// The 1-based line of its first candidate.
    public var line: Int

    public init(question: String, candidates: [Candidate], line: Int) {
        self.question = question
        self.candidates = candidates
        self.line = line
    }
}

/// What a file of questions and candidates holds.
public struct RetrievalData: Equatable, Codable, Sendable {
    /// The questions in the order of their first candidates.
    public var examples: [RetrievalExample]
    /// What was odd, and what was made of it.
    public var oddities: [DataOddity]
}
