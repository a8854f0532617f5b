import ArgumentParser
import Foundation
import InkSupport
import InkTasks
import InkText

/// `inkstone encode`: hidden states, pooled vectors or logits of texts, to a file.
struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Write hidden states, pooled vectors or logits of texts to a file.",
        discussion: """
            The form of the output follows its name. With the pooling cls, mean or pooler .safetensors holds one matrix \
            [lines, hidden] called vectors; otherwise line i of the input, counted from 0, gives a tensor hidden.<i> \
            [tokens, hidden] or logits.<i> [classes]. .npy holds the matrix for NumPy, .jsonl one object a line. A blank \
            line keeps its place: a row of NaN, null, or no tensor of its number. Memory does not grow with the input.

            Example:
              inkstone encode --model models/ernie-3.0-base-zh --input titles.txt --pooling mean \
            --output vectors.npy
            """)

    enum InputFormat: String, CaseIterable, ExpressibleByArgument {
        case text, ids
    }

    @OptionGroup var model: ModelFolderOption

    @Option(name: [.long, .short], help: ArgumentHelp("Texts, one a line; - for standard input.", valueName: "file"))
    var input: String

    @Option(name: .long, help: "text, or ids: one JSON array of token ids a line, used exactly as given.")
    var inputFormat = InputFormat.text

    @Option(name: .long, help: "none, cls, mean, pooler, or logits.")
    var pooling = TextEncoder.Pooling.none

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Text put before every text, such as \"query: \" for E5 models (default: as a similarity run was trained).",
            valueName: "text"))
    var prefix: String?

    @Option(
        name: [.long, .short], help: ArgumentHelp("The file to write: .safetensors, .npy or .jsonl.", valueName: "file")
    )
    var output: String

    @Option(
        name: .long,
        help: ArgumentHelp("Cut texts after this many tokens (default: as long as the model takes).", valueName: "n"))
    var maxLength: Int?

    @OptionGroup var specialTokens: SpecialTokensOption

    @Flag(name: .long, help: "Replace an existing output file.")
    var force = false

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        let target = try VectorFile.Target(
            output, pooling: pooling, replacing: force, reading: input, model: model.url)
        if inputFormat == .ids, maxLength != nil {
            throw InputError(
                .usage, at: "--max-length", "does not go with --input-format ids", remedy: "ids are used as given")
        }
        let encoder = try TextEncoder(
            contentsOf: model.url, pooling: pooling, prefix: prefix, specialTokensInText: specialTokens.reading,
            readsText: inputFormat == .text)
        encoder.tokenizer?.warnings.forEach { Note.warning($0) }
        let lines = try input == "-" ? LineReader() : LineReader(contentsOf: URL(filePath: input))
        let start = Date()
        let interrupt = InterruptSignal()
        // Where the next line is waited for, a signal ends the process as it always does.
        if input != "-" { interrupt.listen() }
        let texts = EncodeSource(lines, encoder, maxLength: maxLength)
        let ids = TokenIDReader(
            lines, vocabularySize: encoder.config.vocabularySize, longest: encoder.config.maxPositions)
        let count = try VectorFile.write(
            { try inputFormat == .ids ? ids.nextBatch(limit: 1024) : texts.nextBatch(limit: 1024) }, of: encoder,
            to: target, isInterrupted: interrupt.question)
        let seconds = Date().timeIntervalSince(start)
        texts.notes(missing: target.missing(pooling)).forEach { Note.warning($0) }
        Note.write(
            String(
                format: "%d %@ in %.2f s, written to %@", count, count == 1 ? "text" : "texts", seconds, output))
    }
}

extension TextEncoder.Pooling: ExpressibleByArgument {}
