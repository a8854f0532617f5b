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
                DataForm("TSV, pairs", "花呗怎么还款\t如何还花呗\t1"),
                DataForm("JSONL, pairs", #"{"sentence1": "花呗怎么还款", "sentence2": "如何还花呗", "label": "1"}"#),
            ]
        case .tagging:
            [
                DataForm("CoNLL", "王\tB-PER\n莉\tI-PER\n在\tO\n杭\tB-LOC\n州\tI-LOC"),
                DataForm(
                    "JSONL",
                    #"{"text": "王莉在杭州", "entities": [{"start": 0, "end": 2, "type": "PER", "text": "王莉"}]}"#),
                DataForm("JSONL (CLUENER)", #"{"text": "王莉在杭州", "label": {"name": {"王莉": [[0, 1]]}}}"#),
            ]
        case .extraction:
            [
                DataForm(
                    "SQuAD (CMRC 2018, DRCD)",
                    """
                    {"data": [{"paragraphs": [{"context": "船三月从厦门开出。", "qas": [{"id": "1", \
                    "question": "何时开出？", "answers": [{"text": "三月", "answer_start": 1}]}]}]}]}
                    """),
                DataForm(
                    "JSONL",
                    #"{"context": "船三月从厦门开出。", "question": "何时开出？", "answers": ["三月"]}"#),
            ]
        case .retrieval:
            [
                DataForm("TSV (NLPCC-DBQA)", "何时开出？\t船三月开出。\t1\n何时开出？\t船在厦门。\t0"),
                DataForm(
                    "JSONL",
                    #"{"question": "何时开出？", "candidates": [{"text": "船三月开出。", "label": 1}]}"#),
            ]
        case .multiLabel:
            [
                DataForm("JSONL", #"{"text": "房间干净，就是有点吵", "labels": ["卫生", "噪音"]}"#),
                DataForm("TSV", "房间干净，就是有点吵\t卫生,噪音"),
            ]
        case .choice:
            [
                DataForm(
                    "C3",
                    #"[[["男：几点了?", "女：八点。"], [{"question": "几点了?", "choice": ["七点", "八点"], "answer": "八点"}], "1"]]"#),
                DataForm(
                    "ChID", #"{"content": "他#idiom#地走了。", "candidates": ["依依不舍", "画蛇添足"], "answer": 0}"#),
                DataForm(
                    "JSONL",
                    #"{"context": "店八点开门。", "question": "几点开门？", "choices": ["七点", "八点"], "answer": 1}"#),
            ]
        case .relation:
            [
                DataForm(
                    "JSONL",
                    #"{"text": "厦门在福建", "head": {"start": 0, "end": 2}, "tail": {"start": 3, "end": 5}, "label": "位于"}"#
                ),
                DataForm("JSONL, marks", #"{"text": "<e1>厦门</e1>在<e2>福建</e2>", "label": "位于"}"#),
            ]
        case .typing:
            [
                DataForm("JSONL", #"{"text": "他去厦门", "start": 2, "end": 4, "labels": ["地点", "城市"]}"#),
                DataForm("JSONL, marks", #"{"text": "他去<e>厦门</e>", "labels": ["地点", "城市"]}"#),
            ]
        }
    }

    /// What is measured.
    public var measures: String {
        switch self {
        case .classification: "accuracy; precision, recall, F1 by class, macro and weighted"
        case .tagging: "precision, recall, F1 of whole spans, micro, macro and by type; token accuracy"
        case .extraction: "F1 and exact match as the official script of CMRC 2018, their average"
        case .retrieval: "MRR, MAP, F1 of the relevant ones, hits among the first 1, 3 and 10"
        case .multiLabel: "micro F1; macro and weighted F1, subset accuracy, precision, recall, F1 by label"
        case .choice: "accuracy"
        case .relation: "micro F1 without the label of no relation; accuracy, macro and weighted F1, by relation"
        case .typing: "micro F1; macro and weighted F1, subset accuracy, precision, recall, F1 by type"
        }
    }
}
