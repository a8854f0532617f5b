extension SequenceTagging {
    public static let profile = TaskProfile(
        summary: "Marks the names and other spans of Chinese texts, each with its type.",
        dataForms: [
            TaskProfile.DataForm("CoNLL", "王\tB-PER\n莉\tI-PER\n在\tO\n杭\tB-LOC\n州\tI-LOC"),
            TaskProfile.DataForm(
                "JSONL",
                #"{"text": "王莉在杭州", "entities": [{"start": 0, "end": 2, "type": "PER", "text": "王莉"}]}"#),
            TaskProfile.DataForm(
                "JSONL, tokens and tags", #"{"tokens": ["王", "莉", "在"], "ner_tags": ["B-PER", "I-PER", "O"]}"#),
            TaskProfile.DataForm("JSONL (CLUENER)", #"{"text": "王莉在杭州", "label": {"name": {"王莉": [[0, 1]]}}}"#),
        ],
        measures: "precision, recall, F1 of whole spans, micro, macro and by type; token accuracy",
        limit: "Spans that lie in one another are not found, only types of the training data are.",
        itemName: "texts", pipelineTag: "token-classification",
        sampleQuestion: "\"王莉在杭州的学校教书\"",
        sampleExtension: ".conll")
}
