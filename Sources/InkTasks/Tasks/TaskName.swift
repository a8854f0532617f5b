/// The understanding tasks, by the name that `--task` takes.
public enum TaskName: String, CaseIterable, Codable, Sendable {
    case classification
    case tagging

    /// What implements it.
    var kind: any TaskKind.Type {
        switch self {
        case .classification: TextClassification.self
        case .tagging: SequenceTagging.self
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
        }
    }

    /// The noun of the training speed.
    public var itemName: String {
        switch self {
        case .classification: "texts"
        case .tagging: "texts"
        }
    }

    /// The task's name on Hugging Face.
    var pipelineTag: String {
        switch self {
        case .classification: "text-classification"
        case .tagging: "token-classification"
        }
    }

    /// What a user must not expect, after a first sentence on the data; may be empty.
    var limit: String {
        switch self {
        case .classification: " Every text gets one of the classes, also one that fits none."
        case .tagging: " Spans that lie in one another are not found, only types of the training data are."
        }
    }

    /// Arguments of `predict` in an example.
    var sampleQuestion: String {
        switch self {
        case .classification: "\"国足再次冲出亚洲\""
        case .tagging: "\"王莉在杭州的学校教书\""
        }
    }

    /// Extension of a data file.
    var sampleExtension: String {
        switch self {
        case .classification: ".txt"
        case .tagging: ".conll"
        }
    }
}
