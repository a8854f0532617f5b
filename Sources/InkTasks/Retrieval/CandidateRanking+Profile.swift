extension CandidateRanking {
    public static let profile = TaskProfile(
        summary: "Ranks texts by how well they answer a Chinese question.",
        dataForms: [
            TaskProfile.DataForm("TSV (NLPCC-DBQA)", "何时开出？\t船三月开出。\t1\n何时开出？\t船在厦门。\t0"),
            TaskProfile.DataForm(
                "JSONL",
                #"{"question": "何时开出？", "candidates": [{"text": "船三月开出。", "label": 1}]}"#),
        ],
        measures: "MRR, MAP, F1 of the relevant ones, hits among the first 1, 3 and 10",
        limit: "It orders the candidates given and searches no collection.",
        itemName: "pairs", pipelineTag: "text-ranking",
        sampleQuestion: #"'{"question": "何时开出？", "candidates": ["船在厦门。", "船三月开出。"]}'"#,
        sampleExtension: ".tsv", parts: ["question", "candidate"])
}
