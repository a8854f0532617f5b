import Foundation
import InkSupport
import InkTasks
import InkTraining

/// A fine-tuning run as the command line shows it: notes and a progress line on standard error.
enum FineTuningRun {
    /// Runs to the end, or until Ctrl-C.
    /// - Parameter canResume: whether the same data will be there for a later `--resume`.
    /// - Returns: nil when the run was interrupted; how to go on has been said.
    /// - Throws: `InputError` when an input cannot be used or the run fails.
    static func run(_ settings: FineTuningSettings, canResume: Bool = true) throws -> FineTuningResult? {
        let tuning = try FineTuning(settings)
        let warnings = tuning.warnings
        warnings.forEach { Note.warning($0) }
        if case .folder = settings.model { Note.write(tuning.account.details) }
        Note.write(head(tuning))
        let interrupt = InterruptSignal()
        interrupt.listen()
        let result = try tuning.run(interrupt: interrupt, progress: StandardErrorSink())
        // What turned up on the way.
        tuning.warnings.dropFirst(warnings.count).forEach { Note.warning($0) }
        guard let result else {
            let folder = settings.output.relativePath
            let command = ShellCommand.text(["inkstone", "finetune", "--resume", "--output", folder])
            Note.write(
                canResume
                    ? "interrupted; the state is saved in \(folder). Continue with: \(command)"
                    : "interrupted; the best checkpoint so far, if there is one, is in \(folder)")
            return nil
        }
        Note.write(
            "best checkpoint, report.html and model card in \(settings.output.relativePath)")
        return result
    }

    private static func head(_ tuning: FineTuning) -> String {
        let classes = tuning.labels.isEmpty ? "" : ", \(tuning.labels.count) classes"
        return String(
            format: "%@: %d layers of %d, %.1f M parameters; %d training examples%@, %d steps",
            tuning.settings.task.rawValue, tuning.config.layerCount, tuning.config.hiddenSize,
            Double(tuning.parameterCount) / 1e6, tuning.exampleCount, classes, tuning.totalSteps)
    }
}
