import ArgumentParser
import Foundation
import InkTasks
import InkTraining

/// `inkstone finetune`: a model for a task from the user's data.
struct FineTuneCommand: ConfigurableCommand {
    static let configuration = CommandConfiguration(
        commandName: "finetune",
        abstract: "Fine-tune a model for a task: classification, tagging, reading comprehension …",
        discussion: """
            The run folder is a Hugging Face model folder with the best checkpoint, the report report.html, the \
            measures of every step and the state to resume from. Ctrl-C saves and stops; --resume goes on, and ends \
            with the same weights as a run that was never stopped. It needs no other flag but --output.

            inkstone tasks shows the tasks with an example of their data; inkstone models the architectures.

            Example:
              inkstone finetune --model models/ernie-3.0-base-zh --train train.txt --dev dev.txt --test test.txt \\
                --labels class.txt --output runs/ernie
              inkstone finetune --config run.yaml --epochs 2
              inkstone finetune --resume --output runs/ernie
            """)

    @OptionGroup var options: FineTuneOptions

    @Flag(name: .long, help: "The results as one JSON object.")
    var json = false

    var config: String? { options.config }

    func run() throws {
        try options.threads.apply()
        var settings = try options.settings()
        settings.command = ShellCommand.text(CommandLine.arguments)
        guard let result = try FineTuningRun.run(settings) else {
            throw ExitCode(1)
        }
        let results = ResultWriter()
        try results.write(json ? EvaluationText.json(result).serialized() + "\n" : EvaluationText.text(result))
        try results.flush()
    }
}
