import InkModels
import InkTraining

/// The types of one marked span of a text, any number of them.
public struct EntityTyping: MultiLabelTask, MarkedSpanTask {
    public static let name = TaskName.typing
    public static let markCount = 1
    public static let labelCounts = 0...Int.max

    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 5e-4 : 2e-5, batchSize: 32, epochs: 10, maxLength: 256,
            selection: .init("micro F1", higherIsBetter: true))
    }

    /// The types.
    public let classes: LabelSet
    public let threshold: Float

    /// A task of these types.
    public init(_ classes: LabelSet, threshold: Float = 0.5) {
        self.classes = classes
        self.threshold = threshold
    }

    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        self.init(try .init(folder, Self.head), threshold: try LabelThreshold.value(folder, description))
    }

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: EntityTyping, train: TaskData<MarkedText>) {
        let (classes, data) = try training(settings)
        let kind = EntityTyping(classes, threshold: try LabelThreshold.value(settings))
        return (kind, try kind.checked(data, settings.train, isTraining: true))
    }
}
