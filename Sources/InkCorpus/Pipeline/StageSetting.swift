/// What people are told of a setting that a stage takes.
public struct StageSetting: Sendable {
    public let name: String
    /// What its value is, in a word: `n`, `file`, `true|false`.
    public let value: String
    /// What it does, and what is usual.
    public let help: String

    public init(_ name: String, _ value: String, _ help: String) {
        self.name = name
        self.value = value
        self.help = help
    }
}
