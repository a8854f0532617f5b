import ArgumentParser
import InkCorpus

/// One command for each stage of a pipeline.
enum StageCommands {
    static let all: [any ParsableCommand.Type] = [
        CleanCommand.self, FilterCommand.self, DedupCommand.self, ScoreCorpusCommand.self, SampleCommand.self,
        MixCommand.self, ContaminationCommand.self, ShardCommand.self, StatsCommand.self,
    ]

    static func configuration(_ name: String) -> CommandConfiguration {
        let summary = StageKind.all.first { $0.name == name }?.summary ?? ""
        let first = summary.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
        return CommandConfiguration(commandName: name, abstract: first, discussion: summary)
    }
}

/// `inkstone corpus clean`.
struct CleanCommand: ParsableCommand {
    static let configuration = StageCommands.configuration("clean")
    @OptionGroup var arguments: StageArguments
    func run() throws { try arguments.run("clean") }
}

/// `inkstone corpus filter`.
struct FilterCommand: ParsableCommand {
    static let configuration = StageCommands.configuration("filter")
    @OptionGroup var arguments: StageArguments
    func run() throws { try arguments.run("filter") }
}

/// `inkstone corpus score`.
struct ScoreCorpusCommand: ParsableCommand {
    static let configuration = StageCommands.configuration("score")
    @OptionGroup var arguments: StageArguments
    func run() throws { try arguments.run("score") }
}

/// `inkstone corpus sample`.
struct SampleCommand: ParsableCommand {
    static let configuration = StageCommands.configuration("sample")
    @OptionGroup var arguments: StageArguments
    func run() throws { try arguments.run("sample") }
}

/// `inkstone corpus mix`.
struct MixCommand: ParsableCommand {
    static let configuration = StageCommands.configuration("mix")
    @OptionGroup var arguments: StageArguments
    func run() throws { try arguments.run("mix") }
}

/// `inkstone corpus contamination`.
struct ContaminationCommand: ParsableCommand {
    static let configuration = StageCommands.configuration("contamination")
    @OptionGroup var arguments: StageArguments
    func run() throws { try arguments.run("contamination") }
}

/// `inkstone corpus shard`.
struct ShardCommand: ParsableCommand {
    static let configuration = StageCommands.configuration("shard")
    @OptionGroup var arguments: StageArguments
    func run() throws { try arguments.run("shard", isReading: true) }
}

/// `inkstone corpus stats`.
struct StatsCommand: ParsableCommand {
    static let configuration = StageCommands.configuration("stats")
    @OptionGroup var arguments: StageArguments
    func run() throws { try arguments.run("stats", isReading: true) }
}
