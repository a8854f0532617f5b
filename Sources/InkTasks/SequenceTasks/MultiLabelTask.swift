import InkModels
import InkSupport
import InkTensor
import InkTraining

/// A task that gives each input any number of labels: a yes or no for each, binary cross-entropy.
public protocol MultiLabelTask: SequenceTask
where Target == [Int], Output == LabelProbabilities, Answer == LabelSelection {
    /// From this probability on a label is given.
    var threshold: Float { get }
    /// What the yes of each label counts for in training; nil for 1.
    var classWeights: ClassWeights? { get }
}

extension MultiLabelTask {
    public static var problemType: String? { "multi_label_classification" }
    public static var options: [TaskOption] { [LabelThreshold.option] }
    public var classWeights: ClassWeights? { nil }
    public var parameters: [String: String] { [LabelThreshold.option.name: "\(threshold)"] }

    public func target(of example: Example) -> [Int] { classIDs(of: example) }

    public func loss(
        _ model: SequenceClassifier, _ batch: [EncodedExample<[Int]>], _ pass: Pass
    ) throws -> BatchLoss {
        let result = pass.binaryCrossEntropy(
            try model(EncoderInput(batch), pass), targets: batch.flatMap { targets($0.target) },
            positiveWeights: classWeights?.values)
        let correct = batch.indices.count { row in
            LabelSelection.selected(result.probabilities.row(row), threshold) == batch[row].target
        }
        return BatchLoss(loss: result.loss, correct: correct)
    }

    /// 1 for the labels of an example, 0 for the others.
    private func targets(_ ids: [Int]) -> [Float] {
        var targets = [Float](repeating: 0, count: classes.count)
        for id in ids { targets[id] = 1 }
        return targets
    }

    public func outputs(
        _ model: SequenceClassifier, _ batch: [EncodedExample<[Int]>], _ pass: Pass
    ) throws -> [LabelProbabilities] {
        let logits = try model(EncoderInput(batch), pass)
        return batch.indices.map { row in
            let result = pass.binaryCrossEntropy(
                Tensor(logits.row(row), shape: [classes.count]), targets: targets(batch[row].target))
            return LabelProbabilities(values: result.probabilities.values, loss: result.loss.scalar)
        }
    }

    public func answer(
        _ example: Example, _ encoded: ArraySlice<EncodedExample<[Int]>>, _ outputs: ArraySlice<LabelProbabilities>
    ) -> LabelSelection {
        LabelSelection(outputs[outputs.startIndex].values, labels: labels, threshold: threshold)
    }

    public func isRight(_ answer: LabelSelection, to example: Example) -> Bool? {
        answer.ids == classIDs(of: example)
    }

    public func evaluation(_ examples: [Example], _ answers: [LabelSelection]) throws -> TaskEvaluation {
        let metrics = try MultiLabelMetrics(
            gold: examples.map { classIDs(of: $0) }, predicted: answers.map(\.ids), classCount: classes.count)
        let mistakes = zip(examples, answers).compactMap { example, answer -> (mistake: Mistake, surprise: Float)? in
            let gold = classIDs(of: example)
            guard answer.ids != gold else { return nil }
            // The label on which the model is surest of what is wrong.
            let surprise = labels.indices.lazy.map { id -> Float in
                let probability = answer.probabilities[id]
                return gold.contains(id) ? 1 - probability : probability
            }.max()
            return (
                Mistake(
                    text: texts(of: example).joined(separator: " ‖ "), gold: self.gold(of: example),
                    predicted: answer.labels.map(\.label).joined(separator: ", "), line: line(of: example)),
                surprise ?? 0
            )
        }
        return TaskEvaluation(
            metrics: metrics.taskMetrics(labels: labels),
            mistakes: mistakes.sorted { $0.surprise > $1.surprise }.map(\.mistake))
    }
}

/// The choice from which probability on a label is given.
enum LabelThreshold {
    static let option = TaskOption(
        "threshold", default: "0.5", "the probability from which on a label is given, 0 to 1")

    /// - Throws: `InputError` when it is no probability.
    static func value(_ settings: FineTuningSettings) throws -> Float {
        Float(try settings.optionValues().number(option.name, in: 0...1))
    }

    /// The threshold of a run folder; the default for folders of other makers.
    /// - Throws: `InputError` when the folder's is no probability.
    static func value(_ folder: ModelFolder, _ description: RunDescription?) throws -> Float {
        guard let text = description?.parameters[option.name] else { return 0.5 }
        guard let value = Float(text), (0...1).contains(value) else {
            throw InputError(
                at: "\(folder.url.appending(path: RunDescription.fileName).path): parameters.\(option.name)",
                "is no probability", expected: "0 to 1", found: text)
        }
        return value
    }
}

/// Probabilities of the labels of one input, each for itself.
public struct LabelProbabilities: TaskOutput {
    /// One for each label.
    public let values: [Float]
    /// The mean binary cross-entropy of the labels.
    public let loss: Float?
}

extension MultiLabelMetrics {
    /// The same as measures of a task whose labels have these names.
    func taskMetrics(labels: [String]) -> TaskMetrics {
        TaskMetrics(
            count: count,
            measures: [
                .init("micro F1", microAverage.f1), .init("macro F1", macroAverage.f1),
                .init("weighted F1", weightedAverage.f1), .init("subset accuracy", exactMatch),
            ],
            scores: zip(labels, classes).map { .init($0, $1) },
            averages: [
                .init("micro avg", microAverage), .init("macro avg", macroAverage),
                .init("weighted avg", weightedAverage),
            ], notes: ClassCoverage.notes(labels, gold: classes.map(\.support), predicted: predictedCounts))
    }
}
