import ArgumentParser
import InkCorpus

/// `inkstone corpus dedup`: the stage, or the signatures that another engine joins.
struct DedupCommand: ParsableCommand {
    static let configuration = StageHelp.configuration(of: DedupStage.kind)

    @Flag(
        name: .long,
        help: "Write {id, bands, signature} of every document instead; documents that share a band are candidates.")
    var signatures = false

    @OptionGroup var arguments: StageArguments

    func run() throws { try signatures ? arguments.writeSignatures() : arguments.run(DedupStage.kind) }
}
