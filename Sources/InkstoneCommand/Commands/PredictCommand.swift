import ArgumentParser
import InkCheckpoint
import InkSupport
import InkTasks

/// `inkstone predict`: the classes of texts.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Classify texts.",
        discussion: """
            One line per text, in order: the text, then label and probability of the best classes, separated by tabs; \
            or one JSON object. Blank lines stay blank.

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

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        guard topK >= 1 else {
            throw InputError(.usage, at: "--top-k", "out of range", expected: "at least 1", found: "\(topK)")
        }
        let classifier = try TextClassifier(contentsOf: model.url, maxLength: maxLength)
        let source = input.source()
        let results = ResultWriter()
        while let texts = try source.nextBatch(limit: 512) {
            // A blank line keeps its place, so that answers stay beside their questions.
            let asked = texts.filter { !Self.isBlank($0) }
            var answers = try classifier.classify(asked, topK: topK).makeIterator()
            for text in texts {
                try results.line(line(text, Self.isBlank(text) ? nil : answers.next()))
            }
            try results.flush()
        }
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    private func line(_ text: String, _ answer: Classification?) -> String {
        switch format {
        case .tsv:
            guard let answer else { return "" }
            // A tab in the text would shift the columns.
            let columns = answer.candidates.flatMap { [$0.label, "\($0.probability)"] }
            return ([text.replacing("\t", with: " ")] + columns).joined(separator: "\t")
        case .jsonl:
            return JSON.record([
                "text": .string(text),
                "label": answer.map { .string($0.label) } ?? .null,
                "probability": answer.map { .float($0.probability) },
                "candidates": answer.map { answer in
                    .array(
                        answer.candidates.map {
                            .record(["label": .string($0.label), "probability": .float($0.probability)])
                        })
                },
            ]).line
        }
    }
}
