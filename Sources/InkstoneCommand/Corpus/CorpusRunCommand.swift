import ArgumentParser
import Foundation
import InkCorpus
import InkSupport

/// `inkstone corpus run`: the stages of a pipeline file.
struct CorpusRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the stages of a pipeline file, or go on with a run that was stopped.",
        discussion: """
            The file says where the documents are, what happens to them, and where they go:

              input: [news.txt.xz, forum/]
              output: runs/corpus
              stages:
                - clean: {preset: ernie3}
                - filter: {min-characters: 20}
                - dedup: {method: near}

            inkstone corpus stages lists the stages.
            """)

    @Argument(help: ArgumentHelp("The pipeline.", valueName: "pipeline.yaml"))
    var pipeline: String

    @OptionGroup var threads: ThreadOptions

    @Flag(name: .long, help: "Replace a run with other settings in the output folder.")
    var force = false

    @Flag(name: .long, help: "Print the report as JSON.")
    var json = false

    func run() throws {
        try threads.apply()
        let file = URL(filePath: pipeline)
        let plan = try PipelinePlan(try YAMLFile.object(contentsOf: file), file: file)
        let interrupt = InterruptSignal()
        interrupt.listen()
        let run = PipelineRun(
            plan, threads: threads.threads, progress: CorpusProgress(sink: StandardErrorSink()),
            isInterrupted: interrupt.question)
        let outcome = try run.run(replaces: force)
        if let earlier = outcome.earlierProcess { Note.write("\(plan.output.relativePath): \(earlier.takeOver)") }
        if outcome.resumedPasses > 0 {
            Note.write("\(outcome.resumedPasses) of the passes had been finished by an earlier run")
        }
        if outcome.resumedDocuments > 0 {
            Note.write("an earlier run had taken \(outcome.resumedDocuments) documents through the pass that it was in")
        }
        try StageSummary.write(outcome.reports, json: json, to: ResultWriter())
        Note.write("documents: \(outcome.documents.path)")
    }
}
