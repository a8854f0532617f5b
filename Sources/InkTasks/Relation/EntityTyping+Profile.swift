extension EntityTyping {
    public static let profile = TaskProfile(
        summary: "Gives a marked span of a Chinese text its types, any number of several.",
        dataForms: [
            TaskProfile.DataForm("JSONL", #"{"text": "他去厦门", "start": 2, "end": 4, "labels": ["地点", "城市"]}"#),
            TaskProfile.DataForm("JSONL, marks", #"{"text": "他去<e>厦门</e>", "labels": ["地点", "城市"]}"#),
        ],
        measures: "micro F1; macro and weighted F1, subset accuracy, precision, recall, F1 by type",
        limit: "Finds no spans itself: one must be marked.",
        itemName: "texts", pipelineTag: "text-classification",
        sampleQuestion: #"'{"text": "他去<e>厦门</e>"}'"#,
        sampleExtension: ".jsonl")
}
