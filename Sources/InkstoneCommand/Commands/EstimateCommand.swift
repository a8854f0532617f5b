import ArgumentParser
import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTensor
import InkTraining

/// `inkstone estimate`: what a fine-tuning run will cost.
struct EstimateCommand: ConfigurableCommand {
    static let configuration = CommandConfiguration(
        commandName: "estimate",
        abstract: "Say how long a fine-tuning run will take, and how much memory.",
        discussion: """
            Takes the flags of finetune, measures a few steps of small models on this machine with the run's own \
            texts, and writes nothing.

            Example:
              inkstone estimate --model base --train train.txt --dev dev.txt --epochs 3
            """)

    @OptionGroup var options: FineTuneOptions

    @Flag(name: .long, help: "One JSON object.")
    var json = false

    var config: String? { options.config }

    func run() throws {
        try options.threads.apply()
        let estimate = try FineTuningEstimate(options.settings(needsOutput: false))
        let results = ResultWriter()
        try results.write(json ? Self.json(estimate).serialized() + "\n" : Self.text(estimate))
        try results.flush()
        estimate.notes.forEach { Note.warning($0) }
        if let memory = SystemMemory.read(), memory.available < estimate.peakBytes {
            Note.write(
                "warning: only \(ProcessMemory.text(memory.available)) of memory are free; a smaller --batch-size "
                    + "needs less")
        }
    }

    /// Tokens of a text, and how many of them are read.
    private static func tokens(_ estimate: FineTuningEstimate) -> String {
        let (read, whole) = (estimate.tokensPerText, estimate.wholeTokensPerText)
        return read < whole
            ? String(format: "%.1f tokens each, of which %.1f are read (%.0f %%)", whole, read, 100 * read / whole)
            : String(format: "%.1f tokens each", read)
    }

    private static func text(_ estimate: FineTuningEstimate) -> String {
        var table = TextTable()
        table.append(["parameters", String(format: "%.1f M", Double(estimate.parameters) / 1e6)])
        table.append([
            "training texts",
            "\(estimate.trainingTexts), \(tokens(estimate))",
        ])
        table.append(["steps", "\(estimate.steps), \(String(format: "%.2f", estimate.secondsPerStep)) s each"])
        table.append(["evaluations", "\(estimate.evaluations), \(ProgressLine.duration(estimate.evaluationSeconds))"])
        table.append([
            "time", "\(ProgressLine.duration(estimate.totalSeconds)) with \(Parallelism.threadCount) threads",
        ])
        table.append(["memory", ProcessMemory.text(estimate.peakBytes)])
        return table.text
    }

    private static func json(_ estimate: FineTuningEstimate) -> JSON {
        .record([
            "parameters": .integer(estimate.parameters), "trainingTexts": .integer(estimate.trainingTexts),
            "tokensPerText": .float(estimate.tokensPerText),
            "wholeTokensPerText": .float(estimate.wholeTokensPerText), "steps": .integer(estimate.steps),
            "secondsPerStep": .float(estimate.secondsPerStep), "evaluations": .integer(estimate.evaluations),
            "evaluationSeconds": .float(estimate.evaluationSeconds), "totalSeconds": .float(estimate.totalSeconds),
            "peakBytes": .integer(estimate.peakBytes), "threads": .integer(Parallelism.threadCount),
            "notes": estimate.notes.isEmpty ? nil : .strings(estimate.notes),
        ])
    }
}
