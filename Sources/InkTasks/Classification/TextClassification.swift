import Foundation
import InkModels
import InkSupport
import InkTraining

/// One class for a text, or for a pair of texts.
public struct TextClassification: SingleClassTask {
    public static let name = TaskName.classification

    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 5e-4 : 5e-5, batchSize: 64, epochs: 3, maxLength: 128,
            selection: .init("accuracy", higherIsBetter: true))
    }

    /// The classes.
    public let classes: LabelSet
    /// What is classified; nil for folders of other makers, which may take either.
    public private(set) var input: TextInput?
    /// Whether a tab in a question is white space.
    private var tabIsSpace = false
    public private(set) var classWeights: ClassWeights?
    public private(set) var decision: PositiveClass?
    private var columns = DataColumns { _ in nil }

    public static let options =
        [ClassWeights.option, PositiveClass.thresholdOption, PositiveClass.positiveOption] + DataColumns.options

    public var parameters: [String: String] {
        [
            input?.parameters, classWeights?.parameters(labels), decision?.parameters(labels), columns.parameters,
        ].reduce(into: [:]) { $0.merge($1 ?? [:]) { $1 } }
    }

    /// A task of these classes.
    public init(_ classes: LabelSet, input: TextInput? = .text) {
        self.classes = classes
        self.input = input
    }

    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        self.init(try .init(folder, Self.head), input: try .read(description, folder.url))
        decision = try PositiveClass(folder, description, classes)
        columns = DataColumns { description?.parameters[$0] }
    }

    // MARK: Data

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: TextClassification, train: TaskData<LabelledText>) {
        let options = try settings.optionValues()
        let columns = DataColumns { options[$0] }
        let data = try LabelledTextReader(columns: columns.columns).readData(
            contentsOf: settings.train, labels: try settings.labels.map { try LabelSet(contentsOf: $0) })
        guard data.labels.count >= 2 else {
            throw InputError(
                at: settings.train.path, "all texts have the same label", expected: "at least two classes",
                found: data.labels.names.joined(), remedy: "give the class names with --labels")
        }
        var kind = TextClassification(data.labels, input: try .of(data.texts, settings))
        kind.columns = columns
        kind.decision = try PositiveClass(settings, data.labels)
        var counts = [Int](repeating: 0, count: data.labels.count)
        for text in data.texts { counts[text.label] += 1 }
        kind.classWeights = try ClassWeights(
            settings, data.labels, counts: counts, texts: data.texts.count, areIndependent: false)
        return (kind, TaskData(data, labels: data.labels.notes(used: data.texts.lazy.map(\.label))))
    }

    public func read(_ file: URL) throws -> TaskData<LabelledText> {
        let data = try LabelledTextReader(columns: columns.columns).readData(contentsOf: file, labels: classes)
        try input?.check(data.texts, file)
        return TaskData(data)
    }

    public func question(_ line: String, at location: String) throws -> LabelledText {
        let question = try TextQuestion(line, at: location, input, tabIsSpace: tabIsSpace, labels: labels)
        return LabelledText(text: question.text, pair: question.pair, label: -1)
    }

    public func reading(tab: TabMeaning) throws -> Self {
        var result = self
        (result.input, result.tabIsSpace) = try TextInput.reading(tab, input)
        return result
    }

    public func texts(of example: LabelledText) -> [String] { example.texts }
    public func line(of example: LabelledText) -> Int? { example.line }
    public func classIDs(of example: LabelledText) -> [Int] { example.label < 0 ? [] : [example.label] }

    // MARK: Model

    public func sequences(_ examples: [LabelledText], _ encoder: InputEncoder) throws -> [TokenSequence] {
        try encoder.sequences(examples)
    }
}

extension LabelSet {
    /// The labels of a model folder's head.
    /// - Throws: `InputError` when they are not those of the classes of the head.
    init(_ folder: ModelFolder, _ head: HeadKind) throws {
        try self.init(names: TaskHead(head, of: folder.config).labels(folder), location: folder.configFile.path)
    }
}

extension TaskData {
    init(_ data: LabelledData<Example>, labels notes: [String] = []) where Example: Equatable & Codable {
        self.init(data.texts, notes: notes + data.oddities.map(\.description))
    }
}
