extension MultiLabelClassification {
    public static let profile = TaskProfile(
        summary: "Gives Chinese texts, or pairs of texts, any number of several labels.",
        dataForms: [
            TaskProfile.DataForm("JSONL", #"{"text": "房间干净，就是有点吵", "labels": ["卫生", "噪音"]}"#),
            TaskProfile.DataForm(
                "JSONL, a 0 or 1 for each name of --labels", #"{"text": "房间干净，就是有点吵", "labels": [1, 1, 0]}"#),
            TaskProfile.DataForm("CSV, a column for each label", "text,卫生,噪音,位置\n房间干净，就是有点吵,1,1,0"),
            TaskProfile.DataForm("TSV", "房间干净，就是有点吵\t卫生,噪音"),
        ],
        measures: "micro F1; macro and weighted F1, subset accuracy, precision, recall, F1 by label",
        limit: "A text may get no label at all; see the threshold in inkstone.json.",
        itemName: "texts", pipelineTag: "text-classification",
        sampleQuestion: "\"房间干净，就是有点吵\"",
        sampleExtension: ".jsonl")
}
