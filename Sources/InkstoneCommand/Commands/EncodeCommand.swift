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
            Line i of the input, counted from 0, gives the tensor hidden.<i> [tokens, hidden], or with a pooling \
            cls.<i>, mean.<i>, pooler.<i> [hidden], or logits.<i> [classes]. The form of the output follows its name: \
            .safetensors, or .jsonl with one object a line.

            Example:
              inkstone encode --model models/ernie-3.0-base-zh --input titles.txt --pooling mean \
            --output vectors.safetensors
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
        name: [.long, .short], help: ArgumentHelp("The file to write: .safetensors or .jsonl.", valueName: "file"))
    var output: String

    @Option(
        name: .long,
        help: ArgumentHelp("Cut texts after this many tokens (default: as long as the model takes).", valueName: "n"))
    var maxLength: Int?

    @Flag(name: .long, help: "Replace an existing output file.")
    var force = false

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        let target = try VectorFile.Target(output, replacing: force)
        if inputFormat == .ids, maxLength != nil {
            throw InputError(
                .usage, at: "--max-length", "does not go with --input-format ids", remedy: "ids are used as given")
        }
        let encoder = try TextEncoder(
            contentsOf: model.url, pooling: pooling, prefix: prefix, readsText: inputFormat == .text)
        let lines = try input == "-" ? LineReader() : LineReader(contentsOf: URL(filePath: input))
        let start = Date()
        let count = try VectorFile.write(try batches(lines, encoder), of: encoder, to: target)
        let seconds = Date().timeIntervalSince(start)
        Note.write(
            String(
                format: "%d %@ in %.2f s, written to %@", count, count == 1 ? "text" : "texts", seconds, output))
    }

    /// Encoded texts in the order of the lines, some at a time.
    private func batches(_ lines: LineReader, _ encoder: TextEncoder) throws -> () throws -> PackedEncodings? {
        let reader = TokenIDReader(
            lines, vocabularySize: encoder.config.vocabularySize, longest: encoder.config.maxPositions)
        return {
            switch inputFormat {
            case .ids: try reader.nextBatch(limit: 1024)
            case .text:
                try lines.texts(limit: 1024).map { try encoder.tokenize($0, maxLength: maxLength) }
            }
        }
    }
}

extension TextEncoder.Pooling: ExpressibleByArgument {}

extension LineReader {
    /// The next lines, at most `limit`; nil at the end.
    fileprivate func texts(limit: Int) throws -> [String]? {
        var texts: [String] = []
        while texts.count < limit, let line = try next() { texts.append(line.text) }
        return texts.isEmpty ? nil : texts
    }
}
