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
    case similarity

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
        case .similarity: TextSimilarity.self
        }
    }

    /// What is said about it.
    public var profile: TaskProfile { kind.profile }
}
