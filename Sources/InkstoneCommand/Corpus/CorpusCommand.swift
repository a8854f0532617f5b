import ArgumentParser
import InkCorpus

/// `inkstone corpus …`: from raw text to training shards.
struct CorpusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus",
        abstract: "Clean, de-duplicate, score, sample and shard a corpus.",
        discussion: """
            Documents are JSONL (text, id, source, meta), one a line, or separated by empty lines; gz, xz and zst files \
            are read and written as they are.

            Example:
              inkstone corpus run pipeline.yaml
              inkstone corpus clean --preset ernie3 texts/ --output clean.jsonl --rejected removed.jsonl
            """,
        subcommands: [CorpusRunCommand.self, CorpusStagesCommand.self, QualityCommand.self] + StageCommands.all)
}

/// `inkstone corpus stages`: what a pipeline may be made of.
struct CorpusStagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stages", abstract: "List the stages of a pipeline, with their settings.")

    func run() throws {
        let results = ResultWriter()
        for kind in StageKind.all {
            try results.line("\(kind.name): \(kind.summary)\n\(StageHelp.settings(of: kind, prefix: "  "))\n")
        }
        try results.flush()
    }
}
