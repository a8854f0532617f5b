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
            label and probability of the best ones); or one JSON object. Blank lines stay blank. The question is a \
            text; two texts with a tab between them where the task is about pairs; or a JSON object as in the data. \
            See inkstone tasks.

            Example:
              inkstone predict --model runs/ernie 国足再次冲出亚洲 --top-k 3
              inkstone predict --model runs/ernie --format jsonl < titles.txt
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case tsv, jsonl
    }

    @OptionGroup var model: ModelFolderOption
    @OptionGroup var input: TextArguments

    @Option(name: .long, help: ArgumentHelp("Classes to show for each text.", valueName: "k"))
    var topK = 1

    @Option(name: .long, help: "tsv or jsonl.")
    var format = Format.tsv

    @Option(
        name: .long, help: ArgumentHelp("Longest input in tokens (default: as the model was trained).", valueName: "n"))
    var maxLength: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Probability from which on a label, or the positive class of two, is given (default: as the run says).",
            valueName: "x"))
    var threshold: Double?

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        guard topK >= 1 else {
            throw InputError(.usage, at: "--top-k", "out of range", expected: "at least 1", found: "\(topK)")
        }
        let model = try FolderTask.name(of: self.model.url).answerer(
            self.model.url, maxLength: maxLength, threshold: threshold)
        let source = input.source()
        let results = ResultWriter()
        var line = 1
        while let texts = try source.nextBatch(limit: 512) {
            // A blank line keeps its place, so that answers stay beside their questions.
            let numbered = texts.enumerated().filter { !Self.isBlank($0.element) }
            var answers = try model.answers(to: numbered.map { ($0.element, line + $0.offset) }).makeIterator()
            for text in texts {
                try results.line(self.line(text, Self.isBlank(text) ? nil : answers.next()?.top(topK)))
            }
            line += texts.count
            try results.flush()
        }
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    private func line(_ text: String, _ answer: (any TaskAnswer)?) -> String {
        switch format {
        case .tsv:
            guard let answer else { return "" }
            // A tab in the text would shift the columns.
            return ([text.replacing("\t", with: " ")] + answer.columns).joined(separator: "\t")
        case .jsonl:
            var object = JSONObject(["text": .string(text)])
            guard let answer else { return JSON.object(object).line }
            let fields = answer.fields
            for name in fields.names { object[name] = fields[name] }
            return JSON.object(object).line
        }
    }
}
