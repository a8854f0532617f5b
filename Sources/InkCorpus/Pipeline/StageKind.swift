import InkSupport

/// A stage that a pipeline may name.
public struct StageKind: Sendable {
    /// A stage made of its settings.
    public enum Stage: Sendable {
        case document(any DocumentStage)
        case corpus(any CorpusStage)

        /// The stage's name.
        public var name: String {
            switch self {
            case .document(let stage): stage.name
            case .corpus(let stage): stage.name
            }
        }
    }

    /// The name in pipelines and of the command.
    public let name: String
    /// One line for people.
    public let summary: String
    /// What it may be told.
    public let settings: [StageSetting]
    /// Makes the stage; takes every setting that it knows.
    private let build: @Sendable (inout StageSettings) throws -> Stage

    public init(
        _ name: String, _ summary: String, settings: [StageSetting],
        build: @escaping @Sendable (inout StageSettings) throws -> Stage
    ) {
        self.name = name
        self.summary = summary
        self.settings = settings
        self.build = build
    }

    /// The stage of these settings.
    /// - Throws: `InputError` (`.usage`) for a setting that is unknown, missing or impossible.
    public func make(_ settings: StageSettings) throws -> Stage {
        var settings = settings
        return try make(&settings)
    }

    /// The stage of these settings, which then know the files that they name.
    /// - Throws: as above.
    package func make(_ settings: inout StageSettings) throws -> Stage {
        try settings.requireOnly(self.settings.map(\.name))
        let stage = try build(&settings)
        // One that goes with another choice only.
        try settings.finish()
        return stage
    }

    /// All of them, in the order in which a pipeline usually has them.
    public static let all: [StageKind] = [
        CleanStage.kind, DedupStage.kind, ScoreStage.kind, FilterStage.kind, MixStage.kind, SampleStage.kind,
        ContaminationStage.kind, ShardStage.kind, CorpusStatistics.kind,
    ]

    /// The kind of this name.
    /// - Throws: `InputError` (`.usage`) when there is none.
    public static func named(_ name: String, at location: String) throws -> StageKind {
        if let kind = all.first(where: { $0.name == name }) { return kind }
        let names = all.map(\.name)
        throw InputError(
            .usage, at: location, "there is no such stage", expected: "one of \(names.joined(separator: ", "))",
            found: name, remedy: CloseMatches.of(name, among: names, limit: 1).first.map { "did you mean \($0)?" })
    }
}
