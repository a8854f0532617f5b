/// A published data set with the settings that are used for it: the CLUE fine-tuning table of Mengzi (Langboat).
public struct TaskPreset: Sendable, Equatable {
    /// The data set, as `--task` takes it.
    public let name: String
    public let task: TaskName
    public let learningRate: Float
    public let batchSize: Int
    public let epochs: Int
    /// Most tokens of an input.
    public let maxLength: Int

    /// The preset of a data set, nil for none.
    public static func named(_ name: String) -> TaskPreset? { all.first { $0.name == name } }

    /// The presets of the tasks there are.
    public static let all: [TaskPreset] = [
        TaskPreset("tnews", .classification, 3e-5, 128, 10, maxLength: 128),
        TaskPreset("iflytek", .classification, 3e-5, 64, 10, maxLength: 512),
        TaskPreset("afqmc", .classification, 3e-5, 32, 10, maxLength: 128),
        TaskPreset("cmnli", .classification, 3e-5, 512, 10, maxLength: 128),
        TaskPreset("csl", .classification, 5e-5, 128, 5, maxLength: 512),
        TaskPreset("cluewsc", .classification, 8e-6, 64, 50, maxLength: 128),
        TaskPreset("cmrc", .extraction, 5e-5, 8, 5, maxLength: 512),
        TaskPreset("c3", .choice, 1e-4, 240, 3, maxLength: 512),
        TaskPreset("chid", .choice, 5e-5, 256, 5, maxLength: 128),
    ]

    private init(
        _ name: String, _ task: TaskName, _ learningRate: Float, _ batchSize: Int, _ epochs: Int, maxLength: Int
    ) {
        self.name = name
        self.task = task
        self.learningRate = learningRate
        self.batchSize = batchSize
        self.epochs = epochs
        self.maxLength = maxLength
    }
}
