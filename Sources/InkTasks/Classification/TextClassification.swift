import Foundation
import InkLayers
import InkModels
import InkSupport
import InkTensor
import InkTraining

/// One class for a text, or for a pair of texts.
public struct TextClassification: TaskKind {
    public static let name = TaskName.classification
    public static let head = HeadKind.sequenceClassification
    public static let problemType: String? = "single_label_classification"

    public static func defaults(fromScratch: Bool) -> TaskDefaults {
        TaskDefaults(
            learningRate: fromScratch ? 5e-4 : 5e-5, batchSize: 64, epochs: 3, maxLength: 64,
            selection: .init("accuracy", higherIsBetter: true))
    }

    /// The classes.
    public let classes: LabelSet
    public var labels: [String] { classes.names }

    /// A task of these classes.
    public init(_ classes: LabelSet) { self.classes = classes }

    public init(_ folder: ModelFolder, _ description: RunDescription?) throws {
        classes = try LabelSet(
            names: TaskHead(Self.head, of: folder.config).labels(folder), location: folder.configFile.path)
    }

    // MARK: Data

    public static func prepare(
        _ settings: FineTuningSettings
    ) throws -> (kind: TextClassification, train: TaskData<LabelledText>) {
        let reader = LabelledTextReader()
        let (texts, classes): ([LabelledText], LabelSet)
        if let file = settings.labels {
            classes = try LabelSet(contentsOf: file)
            texts = try reader.read(contentsOf: settings.train, labels: classes)
        } else {
            (texts, classes) = try reader.readDerivingLabels(contentsOf: settings.train)
        }
        guard classes.count >= 2 else {
            throw InputError(
                at: settings.train.path, "all texts have the same label", expected: "at least two classes",
                found: classes.names.joined(), remedy: "give the class names with --labels")
        }
        return (TextClassification(classes), TaskData(texts, notes: absentClasses(texts, classes)))
    }

    private static func absentClasses(_ texts: [LabelledText], _ classes: LabelSet) -> [String] {
        let present = Set(texts.map(\.label))
        let absent = classes.names.indices.filter { !present.contains($0) }.map { classes.names[$0] }
        return absent.isEmpty ? [] : ["no training text has the label \(absent.joined(separator: ", "))"]
    }

    public func read(_ file: URL) throws -> TaskData<LabelledText> {
        TaskData(try LabelledTextReader().read(contentsOf: file, labels: classes))
    }

    public func question(_ line: String, at location: String) throws -> LabelledText {
        LabelledText(text: line, label: -1)
    }

    public func texts(of example: LabelledText) -> [String] { [example.text] }
    public func gold(of example: LabelledText) -> String { labels[example.label] }

    // MARK: Model

    public func model(
        _ config: any EncoderConfig, headDropout: Float?, _ scope: ParameterScope
    ) throws -> SequenceClassifier {
        try SequenceClassifier(config, classCount: classes.count, headDropout: headDropout, scope)
    }

    public func encode(_ examples: [LabelledText], _ encoder: InputEncoder) throws -> [EncodedExample<Int32>] {
        let sequences = try encoder.sequences(examples.map(\.text))
        return examples.indices.map { index in
            EncodedExample(
                example: index, sequences: [sequences[index]], target: ClassProbabilities.target(examples[index].label))
        }
    }

    public func loss(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> BatchLoss {
        let labels = batch.map(\.target)
        return BatchLoss(pass.crossEntropy(try model(EncoderInput(batch), pass), labels: labels), labels: labels)
    }

    public func outputs(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> [ClassProbabilities] {
        let labels = batch.map(\.target)
        return ClassProbabilities.rows(
            pass.crossEntropy(try model(EncoderInput(batch), pass), labels: labels), labels: labels)
    }

    public func answer(
        _ example: LabelledText, _ encoded: ArraySlice<EncodedExample<Int32>>, _ outputs: ArraySlice<ClassProbabilities>
    ) -> Classification {
        Classification(outputs[outputs.startIndex].values, labels: labels)
    }

    public func evaluation(_ examples: [LabelledText], _ answers: [Classification]) throws -> TaskEvaluation {
        let metrics = try ClassificationMetrics(
            gold: examples.map(\.label), predicted: answers.map(\.best), classCount: classes.count)
        let mistakes = zip(examples, answers).compactMap { example, answer in
            answer.best == example.label
                ? nil
                : Mistake(
                    text: texts(of: example).joined(separator: " ‖ "), gold: gold(of: example),
                    predicted: answer.label, probability: Double(answer.probability), line: example.line)
        }
        return TaskEvaluation(
            metrics: metrics.taskMetrics(labels: labels),
            mistakes: mistakes.sorted { ($0.probability ?? 0) > ($1.probability ?? 0) })
    }
}
