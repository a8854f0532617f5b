import ArgumentParser

/// How a fine-tuned model answers: `--max-length`, `--threshold`.
struct AnsweringOptions: ParsableArguments {
    @Option(
        name: .long, help: ArgumentHelp("Longest input in tokens (default: as the model was trained).", valueName: "n"))
    var maxLength: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Probability from which on a label, or the positive class of two, is given (default: as the run says).",
            valueName: "x"))
    var threshold: Double?
}
