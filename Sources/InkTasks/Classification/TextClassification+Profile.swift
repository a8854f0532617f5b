extension TextClassification {
    public static let profile = TaskProfile(
        summary: "Sorts Chinese texts, or pairs of texts, into one of several classes.",
        dataForms: [
            TaskProfile.DataForm("TSV", "国足再次冲出亚洲\t体育"),
            TaskProfile.DataForm("CSV", "label,review\n1,房间干净，位置方便"),
            TaskProfile.DataForm("JSONL", #"{"sentence": "国足再次冲出亚洲", "label_desc": "news_sports"}"#),
            TaskProfile.DataForm("TSV, pairs", "花呗怎么还款\t如何还花呗\t1"),
            TaskProfile.DataForm("JSONL, pairs", #"{"sentence1": "花呗怎么还款", "sentence2": "如何还花呗", "label": "1"}"#),
        ],
        measures: "accuracy; precision, recall, F1 by class, macro and weighted",
        limit: "Every text gets one of the classes, also one that fits none.",
        itemName: "texts", pipelineTag: "text-classification",
        sampleQuestion: "\"国足再次冲出亚洲\"",
        sampleExtension: ".txt")
}
