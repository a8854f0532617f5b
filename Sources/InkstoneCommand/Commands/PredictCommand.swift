import ArgumentParser
import InkCheckpoint
import InkSupport
import InkTasks

/// `inkstone predict`: a fine-tuned model's answers.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Answer with a fine-tuned model.",
        discussion: """
            One line per question, in order: the question, then the answer in columns separated by tabs (for classes \
            label and probability of the best ones); or with --json one object. Blank lines stay blank. The question \
            is a text; two texts with a tab between them where the task is about pairs; or a JSON object as in the \
            data. See inkstone tasks. A line of a labelled file is refused: evaluate measures those.

            Example:
              inkstone predict --model runs/ernie 国足再次冲出亚洲 --top-k 3
              inkstone predict --model runs/ernie --json < titles.txt
              inkstone predict --model runs/ernie --input titles.txt --output answers.tsv
            """)

    /// The older spelling of `--json`.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case tsv, jsonl
    }

    @OptionGroup var model: ModelFolderOption
    @OptionGroup var input: TextArguments

    @Option(
        name: [.long, .short],
        help: ArgumentHelp("Write the answers to this file (default: standard output).", valueName: "file"))
    var output: String?

    @Flag(name: .long, help: "Replace an existing file of --output.")
    var force = false

    @Option(name: .long, help: ArgumentHelp("Classes to show for each text.", valueName: "k"))
    var topK = 1

    @Flag(name: .long, help: "One JSON object per question.")
    var json = false

    @Option(name: .long, help: .hidden)
    var format: Format?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A tab in a question, where the model's folder does not say it: pair, between two texts; space, in one.",
            valueName: "pair|space"))
    var tab: TabMeaning?

    @OptionGroup var answering: AnsweringOptions

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        guard topK >= 1 else {
            throw InputError(.usage, at: "--top-k", "out of range", expected: "at least 1", found: "\(topK)")
        }
        let target = try output.map { try NewFile.at($0, force: force, reading: input.input, model: self.model.url) }
        let model = try FolderTask.name(of: self.model.url).answerer(
            self.model.url, maxLength: answering.maxLength, threshold: answering.threshold, tab: tab)
        let source = input.source()
        let results = try target.map { try ResultWriter(file: $0) } ?? ResultWriter()
        var notes = model.inputNotes
        while let texts = try source.nextBatch(limit: 512) {
            // A blank line keeps its place, so that answers stay beside their questions.
            let questions = texts.indices.filter { !Self.isBlank(texts[$0]) }.map {
                QuestionLine(texts[$0], at: source.place(of: $0))
            }
            var answers = try model.answers(to: questions, noting: &notes).makeIterator()
            for text in texts {
                try results.line(self.line(text, Self.isBlank(text) ? nil : answers.next()?.top(topK)))
            }
            try results.flush()
        }
        try results.finish()
        model.lines(of: notes).forEach { Note.warning($0) }
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    private func line(_ text: String, _ answer: (any TaskAnswer)?) -> String {
        guard json || format == .jsonl else {
            guard let answer else { return "" }
            // A tab in the text would shift the columns.
            return ([text.replacing("\t", with: " ")] + answer.columns).joined(separator: "\t")
        }
        var object = JSONObject(["text": .string(text)])
        guard let answer else { return JSON.object(object).line }
        let fields = answer.fields
        for name in fields.names { object[name] = fields[name] }
        return JSON.object(object).line
    }
}

extension TabMeaning: ExpressibleByArgument {}
