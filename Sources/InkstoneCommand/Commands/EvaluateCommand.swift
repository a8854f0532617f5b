import ArgumentParser
import Foundation
import InkCheckpoint
import InkTasks

/// `inkstone evaluate`: a fine-tuned model on data with right answers.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a fine-tuned model on data with right answers.",
        discussion: """
            The measures of the task the folder was trained for; for classes precision, recall and F1 as scikit-learn \
            counts them and the confusion matrix; the loss and the time. --predictions also writes one JSON object for \
            each example, in the order of the data: file, line, question, gold, answer, probability, correct, and what \
            predict says of it.

            Example:
              inkstone evaluate --model runs/ernie --data test.txt
              inkstone evaluate --model runs/ernie --data test.txt --predictions answers.jsonl
            """)

    @OptionGroup var model: ModelFolderOption

    @Option(
        name: [.long, .short], help: ArgumentHelp("Data in a form of the task.", valueName: "file"))
    var data: String

    @Option(
        name: .long, help: ArgumentHelp("Also write the answer to each example to this file.", valueName: "file"))
    var predictions: String?

    @Flag(name: .long, help: "Replace an existing file of --predictions.")
    var force = false

    @OptionGroup var answering: AnsweringOptions

    @Flag(name: .long, help: "One JSON object.")
    var json = false

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        let predictions = try predictions.map { try NewFile.at($0, force: force, reading: data, model: model.url) }
        let (metrics, seconds) = try FolderTask.name(of: model.url).evaluate(
            model.url, data: URL(filePath: data), maxLength: answering.maxLength, threshold: answering.threshold,
            predictions: predictions)
        let results = ResultWriter()
        if json {
            try results.line(
                JSON.record(["seconds": .float(seconds), "metrics": EvaluationText.json(metrics)]).serialized())
        } else {
            try results.write(EvaluationText.text(metrics))
            let speed = Double(metrics.count) / max(seconds, 1e-9)
            try results.line(String(format: "\n%.1f s, %.0f examples/s", seconds, speed))
        }
        try results.flush()
    }
}
