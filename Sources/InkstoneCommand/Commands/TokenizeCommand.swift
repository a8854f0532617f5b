import ArgumentParser
import InkText

/// `inkstone tokenize`: what the model sees of a text.
struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize",
        abstract: "Show the tokens of texts, special ones included.",
        discussion: """
            One line per text: the tokens separated by spaces, or with --json an object with ids, tokens and offsets \
            (start and end in Unicode code points; 0, 0 for added special tokens).

            Example:
              inkstone tokenize --model models/bert-base-chinese 国足再次冲出亚洲
              inkstone tokenize --model models/bert-base-chinese --json < titles.txt
            """)

    @OptionGroup var model: ModelFolderOption
    @OptionGroup var input: TextArguments

    @Option(name: .long, help: ArgumentHelp("Cut after this many tokens (default: never).", valueName: "n"))
    var maxLength: Int?

    @Flag(name: .long, help: "One JSON object a line.")
    var json = false

    func run() throws {
        let tokenizer = try Tokenizers.open(model.url)
        tokenizer.warnings.forEach { Note.write("warning: \($0)") }
        let source = input.source()
        let results = ResultWriter()
        while let texts = try source.nextBatch(limit: 4096) {
            for encoding in try tokenizer.encodeBatch(texts, maxLength: maxLength) {
                try results.line(json ? Self.record(encoding, tokenizer).line : plain(encoding, tokenizer))
            }
            try results.flush()
        }
    }

    private func plain(_ encoding: Encoding, _ tokenizer: any Tokenizer) -> String {
        tokenizer.tokens(of: encoding.ids).joined(separator: " ")
    }

    private static func record(_ encoding: Encoding, _ tokenizer: any Tokenizer) -> JSON {
        .record([
            "ids": .integers(encoding.ids),
            "tokens": .strings(tokenizer.tokens(of: encoding.ids)),
            "offsets": .array(encoding.offsets.map { .integers([$0.lowerBound, $0.upperBound]) }),
        ])
    }
}
