import ArgumentParser

/// `--text-field`.
struct TextFieldOption: ParsableArguments {
    @Option(
        name: .customLong("text-field"),
        help: ArgumentHelp("The field of a JSONL record that holds the text.", valueName: "name"))
    var name = "text"
}
