extension CleanStage {
    /// For people; `CleanSettings` reads them.
    static let settings: [StageSetting] =
        [
            StageSetting(
                "preset", CleanPreset.allCases.map(\.rawValue).joined(separator: "|"),
                "the rules to begin with; the settings below turn them on and off (usual: standard)"),
            StageSetting("traditional", "keep|simplify", "Traditional characters to Simplified ones, by libopencc"),
            StageSetting("min-sentence-words", "n", "drop sentences of fewer words; 0 for none (preset ernie3: 10)"),
            StageSetting("mark-run", "n", "characters that stay of a run of one mark or space (usual: 1)"),
            StageSetting("hanzi-run", "n", "characters that stay of a run of one letter (usual: 2)"),
            StageSetting(
                "repeat-sentences", "n", "sentences in the longest block that `repeats` collapses (usual: 99)"),
            StageSetting(
                "width-punctuation", "true|false", "whether `width` turns punctuation into ASCII too (usual: false)"),
        ] + rules.map { StageSetting($0, "true|false", $1) }

    private static let rules: KeyValuePairs = [
        "emoji": "take emoji away",
        "characters": "take control characters and broken Unicode away",
        "width": "full-width letters, digits and spaces to half-width",
        "html": "take tags, scripts and comments away, and read entities",
        "urls": "take addresses of pages away",
        "emails": "take e-mail addresses away",
        "lowercase": "upper case to lower case",
        "identity-card": "mask numbers of identity cards, by their check digit, with [ID]",
        "bank-card": "mask numbers of bank cards, by their check digit, with [CARD]",
        "phone": "mask numbers of mobile phones with [PHONE]",
        "boilerplate": "take lines away that say who edited, where to click, who holds the rights",
        "runs": "shorten runs of one character",
        "repeats": "collapse blocks of sentences that repeat each other",
        "space": "collapse spaces, and take them away at the ends of lines",
    ]
}
