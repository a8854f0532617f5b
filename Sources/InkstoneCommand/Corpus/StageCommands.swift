import ArgumentParser
import InkCorpus

/// One command for each stage of a pipeline.
enum StageCommands {
    static let all: [any ParsableCommand.Type] = [
        StageCommand<Clean>.self, StageCommand<Filter>.self, DedupCommand.self, StageCommand<Score>.self,
        StageCommand<Sample>.self, StageCommand<Mix>.self, StageCommand<Contamination>.self, StageCommand<Shard>.self,
        StageCommand<Stats>.self,
    ]

    private enum Clean: CommandStage { static var kind: StageKind { CleanStage.kind } }
    private enum Filter: CommandStage { static var kind: StageKind { FilterStage.kind } }
    private enum Score: CommandStage { static var kind: StageKind { ScoreStage.kind } }
    private enum Sample: CommandStage { static var kind: StageKind { SampleStage.kind } }
    private enum Mix: CommandStage { static var kind: StageKind { MixStage.kind } }
    private enum Contamination: CommandStage { static var kind: StageKind { ContaminationStage.kind } }
    private enum Shard: CommandStage {
        static var kind: StageKind { ShardStage.kind }
        static var isReading: Bool { true }
    }
    private enum Stats: CommandStage {
        static var kind: StageKind { CorpusStatistics.kind }
        static var isReading: Bool { true }
    }
}

/// The stage behind a command.
protocol CommandStage: Sendable {
    static var kind: StageKind { get }
    /// Whether the stage changes no documents, so that without `--output` they go nowhere.
    static var isReading: Bool { get }
}

extension CommandStage {
    static var isReading: Bool { false }
}

/// `inkstone corpus clean`, and so on.
struct StageCommand<Stage: CommandStage>: ParsableCommand {
    static var configuration: CommandConfiguration { StageHelp.configuration(of: Stage.kind) }

    @OptionGroup var arguments: StageArguments

    func run() throws { try arguments.run(Stage.kind, isReading: Stage.isReading) }
}
