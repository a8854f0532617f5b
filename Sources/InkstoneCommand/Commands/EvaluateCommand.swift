import ArgumentParser
import Foundation
import InkCheckpoint
import InkTasks

/// `inkstone evaluate`: a classifier on labelled texts.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a classifier on labelled texts.",
        discussion: """
            Precision, recall and F1 of each class as scikit-learn counts them, the confusion matrix, the loss and the \
            time.

            Example:
              inkstone evaluate --model runs/ernie --data test.txt
            """)

    @OptionGroup var model: ModelFolderOption

    @Option(
        name: [.long, .short], help: ArgumentHelp("Labelled texts: text<TAB>label, CSV or JSONL.", valueName: "file"))
    var data: String

    @Option(
        name: .long, help: ArgumentHelp("Longest input in tokens (default: as the model was trained).", valueName: "n"))
    var maxLength: Int?

    @Flag(name: .long, help: "One JSON object.")
    var json = false

    @OptionGroup var threads: ThreadOptions

    func run() throws {
        try threads.apply()
        let classifier = try TextClassifier(contentsOf: model.url, maxLength: maxLength)
        let labels = try LabelSet(names: classifier.labels, location: model.model)
        let texts = try LabelledTextReader().read(contentsOf: URL(filePath: data), labels: labels)
        let start = Date()
        let evaluation = try classifier.evaluate(texts)
        let seconds = Date().timeIntervalSince(start)
        let results = ResultWriter()
        if json {
            let metrics = try EvaluationText.json(evaluation.metrics, labels: labels.names)
            try results.line(JSON.record(["seconds": .float(seconds), "metrics": metrics]).serialized())
        } else {
            try results.write(EvaluationText.text(evaluation.metrics, labels: labels.names))
            let speed = Double(texts.count) / max(seconds, 1e-9)
            try results.line(String(format: "\n%.1f s, %.0f texts/s", seconds, speed))
        }
        try results.flush()
    }
}
