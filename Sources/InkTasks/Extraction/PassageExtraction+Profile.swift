extension PassageExtraction {
    public static let profile = TaskProfile(
        summary: "Answers questions on Chinese passages with a piece of the passage.",
        dataForms: [
            TaskProfile.DataForm(
                "SQuAD (CMRC 2018, DRCD)",
                """
                {"data": [{"paragraphs": [{"context": "船三月从厦门开出。", "qas": [{"id": "1", \
                "question": "何时开出？", "answers": [{"text": "三月", "answer_start": 1}]}]}]}]}
                """),
            TaskProfile.DataForm(
                "JSONL",
                #"{"context": "船三月从厦门开出。", "question": "何时开出？", "answers": ["三月"]}"#),
        ],
        measures: "F1 and exact match as the official script of CMRC 2018, their average",
        limit: "The answer is always words of the passage, right or not.",
        itemName: "windows", pipelineTag: "question-answering",
        sampleQuestion: #"'{"context": "船三月从厦门开出。", "question": "何时开出？"}'"#,
        sampleExtension: ".json")
}
