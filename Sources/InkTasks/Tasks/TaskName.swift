/// The understanding tasks, by the name that `--task` takes.
public enum TaskName: String, CaseIterable, Codable, Sendable {
    case classification
    case tagging
    case extraction
    case retrieval
    case multiLabel = "multi-label"
    case choice
    case relation
    case typing

    /// What implements it.
    var kind: any TaskKind.Type {
        switch self {
        case .classification: TextClassification.self
        case .tagging: SequenceTagging.self
        case .extraction: PassageExtraction.self
        case .retrieval: CandidateRanking.self
        case .multiLabel: MultiLabelClassification.self
        case .choice: MultipleChoice.self
        case .relation: RelationClassification.self
        case .typing: EntityTyping.self
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
        case .multiLabel: "Gives Chinese texts, or pairs of texts, any number of several labels."
        case .choice: "Chooses the answer to a question on a Chinese text, or the idiom for a gap, among several."
        case .relation: "Says in which relation two marked spans of a Chinese text stand."
        case .typing: "Gives a marked span of a Chinese text its types, any number of several."
        }
    }

    /// The noun of the training speed.
    public var itemName: String {
        switch self {
        case .classification: "texts"
        case .tagging: "texts"
        case .extraction: "windows"
        case .retrieval: "pairs"
        case .multiLabel: "texts"
        case .choice: "questions"
        case .relation: "texts"
        case .typing: "texts"
        }
    }

    /// The task's name on Hugging Face.
    var pipelineTag: String {
        switch self {
        case .classification: "text-classification"
        case .tagging: "token-classification"
        case .extraction: "question-answering"
        case .retrieval: "text-ranking"
        case .multiLabel: "text-classification"
        case .choice: "multiple-choice"
        case .relation: "text-classification"
        case .typing: "text-classification"
        }
    }

    /// What a user must not expect, after a first sentence on the data; may be empty.
    var limit: String {
        switch self {
        case .classification: " Every text gets one of the classes, also one that fits none."
        case .tagging: " Spans that lie in one another are not found, only types of the training data are."
        case .extraction: " The answer is always words of the passage, right or not."
        case .retrieval: " It orders the candidates given and searches no collection."
        case .multiLabel: " A text may get no label at all; see the threshold in inkstone.json."
        case .choice: " One of the answers is always chosen, also where none is right."
        case .relation: " Finds no spans itself: both must be marked."
        case .typing: " Finds no spans itself: one must be marked."
        }
    }

    /// Arguments of `predict` in an example.
    var sampleQuestion: String {
        switch self {
        case .classification: "\"国足再次冲出亚洲\""
        case .tagging: "\"王莉在杭州的学校教书\""
        case .extraction: #"'{"context": "船三月从厦门开出。", "question": "何时开出？"}'"#
        case .retrieval: #"'{"question": "何时开出？", "candidates": ["船在厦门。", "船三月开出。"]}'"#
        case .multiLabel: "\"房间干净，就是有点吵\""
        case .choice: #"'{"context": "…", "question": "…", "choices": ["…", "…"]}'"#
        case .relation: #"'{"text": "<e1>厦门</e1>在<e2>福建</e2>"}'"#
        case .typing: #"'{"text": "他去<e>厦门</e>"}'"#
        }
    }

    /// Extension of a data file.
    var sampleExtension: String {
        switch self {
        case .classification: ".txt"
        case .tagging: ".conll"
        case .extraction: ".json"
        case .retrieval: ".tsv"
        case .multiLabel: ".jsonl"
        case .choice: ".json"
        case .relation: ".jsonl"
        case .typing: ".jsonl"
        }
    }
}
