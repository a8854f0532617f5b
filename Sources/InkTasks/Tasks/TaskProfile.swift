/// What is said about a task to people: by `inkstone tasks`, in model cards and reports.
public struct TaskProfile: Sendable {
    /// A form of a data file with an example.
    public struct DataForm: Sendable {
        /// Such as `TSV` or `JSONL (CLUE)`.
        public let name: String
        /// One record or two.
        public let example: String

        public init(_ name: String, _ example: String) {
            self.name = name
            self.example = example
        }
    }

    /// What a model of the task does, a sentence.
    public let summary: String
    /// The forms of data files that the task reads.
    public let dataForms: [DataForm]
    /// What is measured.
    public let measures: String
    /// What a user must not expect, a sentence.
    public let limit: String
    /// The noun of the training speed.
    public let itemName: String
    /// The task's name on Hugging Face.
    public let pipelineTag: String
    /// Arguments of `predict` in an example.
    public let sampleQuestion: String
    /// Extension of a data file.
    public let sampleExtension: String

    /// What the two texts of an input are, where it has two.
    public let parts: [String]

    public init(
        summary: String, dataForms: [DataForm], measures: String, limit: String, itemName: String, pipelineTag: String,
        sampleQuestion: String, sampleExtension: String, parts: [String] = ["first text", "second text"]
    ) {
        self.summary = summary
        self.dataForms = dataForms
        self.measures = measures
        self.limit = limit
        self.itemName = itemName
        self.pipelineTag = pipelineTag
        self.sampleQuestion = sampleQuestion
        self.sampleExtension = sampleExtension
        self.parts = parts
    }
}
