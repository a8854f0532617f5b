/// How the data of the tasks look, for `inkstone tasks`.
extension TaskName {
    /// A form of a data file with an example.
    public struct DataForm: Sendable {
        /// Such as `TSV` or `JSONL (CLUE)`.
        public let name: String
        /// One record or two.
        public let example: String

        init(_ name: String, _ example: String) {
            self.name = name
            self.example = example
        }
    }

    /// The forms of data files that the task reads.
    public var dataForms: [DataForm] {
        switch self {
        case .classification:
            [
                DataForm("TSV", "国足再次冲出亚洲\t体育"),
                DataForm("CSV", "label,review\n1,房间干净，位置方便"),
                DataForm("JSONL", #"{"sentence": "国足再次冲出亚洲", "label_desc": "news_sports"}"#),
            ]
        case .tagging:
            [
                DataForm("CoNLL", "王\tB-PER\n莉\tI-PER\n在\tO\n杭\tB-LOC\n州\tI-LOC"),
                DataForm(
                    "JSONL",
                    #"{"text": "王莉在杭州", "entities": [{"start": 0, "end": 2, "type": "PER", "text": "王莉"}]}"#),
                DataForm("JSONL (CLUENER)", #"{"text": "王莉在杭州", "label": {"name": {"王莉": [[0, 1]]}}}"#),
            ]
        }
    }

    /// What is measured.
    public var measures: String {
        switch self {
        case .classification: "accuracy; precision, recall, F1 by class, macro and weighted"
        case .tagging: "precision, recall, F1 of whole spans, micro, macro and by type; token accuracy"
        }
    }
}
