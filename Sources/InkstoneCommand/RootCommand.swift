import ArgumentParser
import InkSupport

/// `inkstone <verb>`.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inkstone",
        abstract: "Chinese pre-trained language models: fine-tune, evaluate, predict.",
        discussion: """
            Start here, with nothing but this program:

              inkstone quickstart

            Results go to standard output, progress and notes to standard error. --json gives them for machines: one \
            object, or one a line where a verb answers line by line. Exit codes: 0 done, 1 the run failed, \
            2 wrong usage, 3 bad data or checkpoint.
            """,
        version: "inkstone \(InkstoneVersion.current)",
        subcommands: [
            QuickstartCommand.self, TasksCommand.self, ModelsCommand.self, FineTuneCommand.self, EstimateCommand.self,
            EvaluateCommand.self, PredictCommand.self, FillMaskCommand.self, ScoreCommand.self,
            TokenizeCommand.self, SegmentCommand.self, EncodeCommand.self, CorpusCommand.self, LexiconCommand.self,
            InspectCommand.self,
            DoctorCommand.self,
            BenchCommand.self,
        ])
}
