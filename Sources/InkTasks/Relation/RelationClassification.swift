import Foundation
import InkModels
import InkSupport
import InkTraining

/// The relation of two marked spans of a text.
public struct RelationClassification: SingleClassTask, MarkedSpanTask {
    public static let name = TaskName.relation
    public static let markCount = 2
    public static let labelCounts = 1...1

    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 5e-4 : 2e-5, batchSize: 32, epochs: 10, maxLength: 256,
            selection: .init("micro F1", higherIsBetter: true))
    }

    /// The relations.
    public let classes: LabelSet
    /// The label that says that there is none of the relations; nil where the data has none.
    public let negative: String?
    public var parameters: [String: String] { negative.map { [Self.negativeOption.name: $0] } ?? [:] }

    /// A task of these relations.
    public init(_ classes: LabelSet, negative: String? = nil) {
        self.classes = classes
        self.negative = negative
    }

    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        let classes = try LabelSet(folder, Self.head)
        let name = description?.parameters[Self.negativeOption.name]
        if let name, classes.id(of: name) == nil {
            throw InputError(
                at:
                    "\(folder.url.appending(path: RunDescription.fileName).path): parameters.\(Self.negativeOption.name)",
                "is not one of the labels", expected: classes.summary, found: name)
        }
        self.init(classes, negative: description == nil ? Self.usualNegative(classes) : name)
    }

    // MARK: No relation

    private static let negativeOption = TaskOption(
        "negative", default: "",
        "the label of spans without a relation, which micro F1 leaves out; by default no_relation, NA, Other, 无关系, "
            + "where there is one of them")
    public static let options = [negativeOption]

    private static func usualNegative(_ classes: LabelSet) -> String? {
        ["no_relation", "NA", "Other", "无关系"].first { classes.id(of: $0) != nil }
    }

    // MARK: Data

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: RelationClassification, train: TaskData<MarkedText>) {
        let (classes, data) = try training(settings)
        guard classes.count >= 2 else {
            throw InputError(
                at: settings.train.path, "all texts have the same label", expected: "at least two relations",
                found: classes.summary, remedy: "give the names of the relations with --labels")
        }
        let chosen = try settings.optionValues()[negativeOption.name]
        guard chosen.isEmpty || classes.id(of: chosen) != nil else {
            throw InputError(
                .usage, at: "--task-option \(negativeOption.name)", "is not one of the labels",
                expected: classes.summary, found: chosen)
        }
        let kind = RelationClassification(classes, negative: chosen.isEmpty ? usualNegative(classes) : chosen)
        return (kind, try kind.checked(data, settings.train, isTraining: true))
    }

    public func metrics(gold: [Int], predicted: [Int]) throws -> TaskMetrics {
        var metrics = try ClassificationMetrics(gold: gold, predicted: predicted, classCount: classes.count)
            .taskMetrics(labels: labels)
        let none = negative.flatMap { classes.id(of: $0) }
        let positive = try MultiLabelMetrics(
            gold: gold.map { [$0] }, predicted: predicted.map { [$0] }, classCount: classes.count,
            excluded: none.map { [$0] } ?? [])
        metrics.measures.insert(.init("micro F1", positive.microAverage.f1), at: 0)
        metrics.averages.insert(.init("micro avg", positive.microAverage), at: 0)
        if let negative {
            metrics.notes.append("micro F1 leaves out \(negative), which says that there is no relation")
        }
        return metrics
    }
}
