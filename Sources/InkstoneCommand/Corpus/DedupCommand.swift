import ArgumentParser

/// `inkstone corpus dedup`: the stage, or the signatures that another engine joins.
struct DedupCommand: ParsableCommand {
    static let configuration = StageCommands.configuration("dedup")

    @Flag(
        name: .long,
        help: "Write {id, bands, signature} of every document instead; documents that share a band are candidates.")
    var signatures = false

    @OptionGroup var arguments: StageArguments

    func run() throws { try signatures ? arguments.writeSignatures() : arguments.run("dedup") }
}
