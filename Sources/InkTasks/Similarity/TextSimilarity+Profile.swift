extension TextSimilarity {
    public static let profile = TaskProfile(
        summary: "Says how alike two Chinese texts are, and gives texts vectors to search with.",
        dataForms: [
            TaskProfile.DataForm("TSV with scores or labels", "怎么还花呗\t花呗如何还款\t4.5"),
            TaskProfile.DataForm("JSONL", #"{"sentence1": "怎么还花呗", "sentence2": "花呗如何还款", "label": "1"}"#),
            TaskProfile.DataForm(
                "pairs that belong together, for search",
                #"{"sentence1": "怎么还花呗", "sentence2": "打开花呗首页，点击还款"}"#),
        ],
        measures: "Spearman and Pearson correlation; for pairs that belong together recall@1, 5, 10 and MRR",
        limit: "The cosine orders pairs; it is no probability.",
        itemName: "pairs", pipelineTag: "sentence-similarity",
        sampleQuestion: "$'怎么还花呗\\t花呗如何还款'",
        sampleExtension: ".tsv")
}
