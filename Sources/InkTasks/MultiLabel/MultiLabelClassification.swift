import Foundation
import InkModels
import InkSupport
import InkTraining

/// Any number of labels for a text, or for a pair of texts.
public struct MultiLabelClassification: MultiLabelTask {
    public static let name = TaskName.multiLabel

    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 5e-4 : 5e-5, batchSize: 32, epochs: 5, maxLength: 128,
            selection: .init("micro F1", higherIsBetter: true))
    }

    /// The labels.
    public let classes: LabelSet
    public let threshold: Float
    /// What is labelled; nil for folders of other makers, which may take either.
    public private(set) var input: TextInput?
    /// Whether a tab in a question is white space.
    private var tabIsSpace = false

    public private(set) var classWeights: ClassWeights?
    private var columns = DataColumns { _ in nil }

    public static let options = [LabelThreshold.option, ClassWeights.option] + DataColumns.options

    public var parameters: [String: String] {
        [input?.parameters, classWeights?.parameters(labels), columns.parameters].reduce(
            into: [LabelThreshold.option.name: "\(threshold)"]
        ) { $0.merge($1 ?? [:]) { $1 } }
    }

    /// A task of these labels.
    public init(_ classes: LabelSet, threshold: Float = 0.5, input: TextInput? = .text) {
        self.classes = classes
        self.threshold = threshold
        self.input = input
    }

    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        self.init(
            try .init(folder, Self.head), threshold: try LabelThreshold.value(folder, description),
            input: try .read(description, folder.url))
        columns = DataColumns { description?.parameters[$0] }
    }

    // MARK: Data

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: MultiLabelClassification, train: TaskData<MultiLabelText>) {
        let options = try settings.optionValues()
        let columns = DataColumns { options[$0] }
        let data = try LabelledTextReader(columns: columns.columns).readMultiLabel(
            contentsOf: settings.train, labels: try settings.labels.map { try LabelSet(contentsOf: $0) })
        var kind = MultiLabelClassification(
            data.labels, threshold: try LabelThreshold.value(settings), input: try .of(data.texts, settings))
        kind.columns = columns
        var counts = [Int](repeating: 0, count: data.labels.count)
        for label in data.texts.lazy.flatMap(\.labels) { counts[label] += 1 }
        kind.classWeights = try ClassWeights(
            settings, data.labels, counts: counts, texts: data.texts.count, areIndependent: true)
        var notes = data.labels.notes(used: data.texts.lazy.flatMap(\.labels))
        if data.texts.allSatisfy({ $0.labels.count == 1 }) {
            notes.append("every text has exactly one label: the classification task fits better")
        }
        return (kind, TaskData(data, labels: notes))
    }

    public func read(_ file: URL) throws -> TaskData<MultiLabelText> {
        let data = try LabelledTextReader(columns: columns.columns).readMultiLabel(contentsOf: file, labels: classes)
        try input?.check(data.texts, file)
        return TaskData(data)
    }

    public func question(_ line: String, at location: String) throws -> MultiLabelText {
        let question = try TextQuestion(line, at: location, input, tabIsSpace: tabIsSpace, labels: labels)
        return MultiLabelText(text: question.text, pair: question.pair, labels: [])
    }

    public func reading(tab: TabMeaning) throws -> Self {
        var result = self
        (result.input, result.tabIsSpace) = try TextInput.reading(tab, input)
        return result
    }

    public func texts(of example: MultiLabelText) -> [String] { example.texts }
    public func line(of example: MultiLabelText) -> Int? { example.line }
    public func classIDs(of example: MultiLabelText) -> [Int] { example.labels }

    // MARK: Model

    public func sequences(_ examples: [MultiLabelText], _ encoder: InputEncoder) throws -> [TokenSequence] {
        try encoder.sequences(examples)
    }
}
