extension MultipleChoice {
    public static let profile = TaskProfile(
        summary: "Chooses the answer to a question on a Chinese text, or the idiom for a gap, among several.",
        dataForms: [
            TaskProfile.DataForm(
                "C3",
                #"[[["男：几点了?", "女：八点。"], [{"question": "几点了?", "choice": ["七点", "八点"], "answer": "八点"}], "1"]]"#),
            TaskProfile.DataForm(
                "ChID", #"{"content": "他#idiom#地走了。", "candidates": ["依依不舍", "画蛇添足"], "answer": 0}"#),
            TaskProfile.DataForm(
                "JSONL",
                #"{"context": "店八点开门。", "question": "几点开门？", "choices": ["七点", "八点"], "answer": 1}"#),
        ],
        measures: "accuracy",
        limit: "One of the answers is always chosen, also where none is right.",
        itemName: "questions", pipelineTag: "multiple-choice",
        sampleQuestion: #"'{"context": "…", "question": "…", "choices": ["…", "…"]}'"#,
        sampleExtension: ".json", parts: ["passage", "answer"])
}
