extension RelationClassification {
    public static let profile = TaskProfile(
        summary: "Says in which relation two marked spans of a Chinese text stand.",
        dataForms: [
            TaskProfile.DataForm(
                "JSONL",
                #"{"text": "厦门在福建", "head": {"start": 0, "end": 2}, "tail": {"start": 3, "end": 5}, "label": "位于"}"#
            ),
            TaskProfile.DataForm("JSONL, marks", #"{"text": "<e1>厦门</e1>在<e2>福建</e2>", "label": "位于"}"#),
        ],
        measures: "micro F1 without the label of no relation; accuracy, macro and weighted F1, by relation",
        limit: "Finds no spans itself: both must be marked.",
        itemName: "texts", pipelineTag: "text-classification",
        sampleQuestion: #"'{"text": "<e1>厦门</e1>在<e2>福建</e2>"}'"#,
        sampleExtension: ".jsonl")
}
