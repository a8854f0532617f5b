import ArgumentParser
import InkText

/// `--special-tokens-in-text`.
struct SpecialTokensOption: ParsableArguments {
    @Option(
        name: .customLong("special-tokens-in-text"),
        help: ArgumentHelp(
            "How [SEP], <s> and the like in a text are read: keep (as the tokens) or split (as text).",
            valueName: "keep|split"))
    var reading: SpecialTokensInText?
}

extension SpecialTokensInText: ExpressibleByArgument {}
