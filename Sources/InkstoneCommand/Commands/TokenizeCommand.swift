import ArgumentParser
import InkTasks
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

    @OptionGroup var specialTokens: SpecialTokensOption

    @Flag(name: .long, help: "One JSON object a line.")
    var json = false

    func run() throws {
        // As the run was trained, where the folder is a run's.
        let trained = try RunDescription.read(from: model.url)?.inputForm.specialTokensInText
        let reading = specialTokens.reading ?? trained ?? .keep
        let tokenizer = try Tokenizers.open(model.url).reading(reading)
        var found = SpecialTokensFound()
        tokenizer.warnings.forEach { Note.warning($0) }
        let source = input.source()
        let results = ResultWriter()
        while let texts = try source.nextBatch(limit: 4096) {
            for (index, text) in texts.enumerated() { found.look(at: text, tokenizer, place: source.place(of: index)) }
            for encoding in try tokenizer.encodeBatch(texts, maxLength: maxLength) {
                try write(encoding, tokenizer, to: results)
            }
            try results.flush()
        }
        Note.warning(source.tabbed.note)
        Note.warning(found.note(reading))
    }

    /// Token by token: a line of millions of them is not held as text too.
    private func write(_ encoding: Encoding, _ tokenizer: any Tokenizer, to results: ResultWriter) throws {
        let unknown = tokenizer.token(of: tokenizer.unknownID) ?? ""
        func token(_ id: Int32) -> String { tokenizer.token(of: id) ?? unknown }
        if json {
            try results.write("{\"ids\":")
            try results.array(encoding.ids) { .integer($0) }
            try results.write(",\"tokens\":")
            try results.array(encoding.ids) { .string(token($0)) }
            try results.write(",\"offsets\":")
            try results.array(encoding.offsets)
            try results.line("}")
        } else {
            try results.list(encoding.ids, separator: " ", text: token)
            try results.line()
        }
    }
}
