/// The understanding tasks, by the name that `--task` takes.
public enum TaskName: String, CaseIterable, Codable, Sendable {
    case classification
    case tagging
    case extraction
    case retrieval

    /// What implements it.
    var kind: any TaskKind.Type {
        switch self {
        case .classification: TextClassification.self
        case .tagging: SequenceTagging.self
        case .extraction: PassageExtraction.self
        case .retrieval: CandidateRanking.self
        }
    }
}

/// What is said about a task to people: in `inkstone tasks`, model cards and reports.
extension TaskName {
    /// What a model of the task does, a sentence.
    public var summary: String {
        switch self {
        case .classification: "Sorts Chinese texts, or pairs of texts, into one of several classes."
        case .tagging: "Marks the names and other spans of Chinese texts, each with its type."
        case .extraction: "Answers questions on Chinese passages with a piece of the passage."
        case .retrieval: "Ranks texts by how well they answer a Chinese question."
        }
    }

    /// The noun of the training speed.
    public var itemName: String {
        switch self {
        case .classification: "texts"
        case .tagging: "texts"
        case .extraction: "windows"
        case .retrieval: "pairs"
        }
    }

    /// The task's name on Hugging Face.
    var pipelineTag: String {
        switch self {
        case .classification: "text-classification"
        case .tagging: "token-classification"
        case .extraction: "question-answering"
        case .retrieval: "text-ranking"
        }
    }

    /// What a user must not expect, after a first sentence on the data; may be empty.
    var limit: String {
        switch self {
        case .classification: " Every text gets one of the classes, also one that fits none."
        case .tagging: " Spans that lie in one another are not found, only types of the training data are."
        case .extraction: " The answer is always words of the passage, right or not."
        case .retrieval: " It orders the candidates given and searches no collection."
        }
    }

    /// Arguments of `predict` in an example.
    var sampleQuestion: String {
        switch self {
        case .classification: "\"国足再次冲出亚洲\""
        case .tagging: "\"王莉在杭州的学校教书\""
        case .extraction: #"'{"context": "船三月从厦门开出。", "question": "何时开出？"}'"#
        case .retrieval: #"'{"question": "何时开出？", "candidates": ["船在厦门。", "船三月开出。"]}'"#
        }
    }

    /// Extension of a data file.
    var sampleExtension: String {
        switch self {
        case .classification: ".txt"
        case .tagging: ".conll"
        case .extraction: ".json"
        case .retrieval: ".tsv"
        }
    }
}
