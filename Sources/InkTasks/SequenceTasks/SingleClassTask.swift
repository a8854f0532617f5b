import InkModels
import InkTensor
import InkTraining

/// A task that gives each input one of several classes: softmax and cross-entropy.
public protocol SingleClassTask: SequenceTask
where Target == Int32, Output == ClassProbabilities, Answer == Classification {
    /// What the texts of each class count for in training; nil for 1.
    var classWeights: ClassWeights? { get }
    /// Which class is answered from which probability on; nil for the most probable one.
    var decision: PositiveClass? { get }
    /// The measures of predicted classes.
    /// - Throws: `InputError` when there is nothing to measure.
    func metrics(gold: [Int], predicted: [Int]) throws -> TaskMetrics
}

extension SingleClassTask {
    public var classWeights: ClassWeights? { nil }
    public var decision: PositiveClass? { nil }

    /// The loss is a mean by the weights of the classes.
    public func weight(of example: EncodedExample<Int32>) -> Double {
        guard let classWeights else { return 1 }
        return example.target < 0 ? 0 : Double(classWeights.values[Int(example.target)])
    }

    public static var problemType: String? { "single_label_classification" }

    public func target(of example: Example) -> Int32 {
        ClassProbabilities.target(classIDs(of: example).first ?? -1)
    }

    public func metrics(gold: [Int], predicted: [Int]) throws -> TaskMetrics {
        try ClassificationMetrics(gold: gold, predicted: predicted, classCount: classes.count)
            .taskMetrics(labels: labels)
    }

    public func loss(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> BatchLoss {
        let labels = batch.map(\.target)
        return BatchLoss(
            pass.crossEntropy(
                try model(EncoderInput(batch), pass), labels: labels, classWeights: classWeights?.values),
            labels: labels)
    }

    public func outputs(
        _ model: SequenceClassifier, _ batch: [EncodedExample<Int32>], _ pass: Pass
    ) throws -> [ClassProbabilities] {
        let labels = batch.map(\.target)
        return ClassProbabilities.rows(
            pass.crossEntropy(try model(EncoderInput(batch), pass), labels: labels), labels: labels)
    }

    public func answer(
        _ example: Example, _ encoded: ArraySlice<EncodedExample<Int32>>, _ outputs: ArraySlice<ClassProbabilities>
    ) -> Classification {
        let probabilities = outputs[outputs.startIndex].values
        return Classification(probabilities, labels: labels, chosen: decision?.answer(probabilities))
    }

    public func isRight(_ answer: Classification, to example: Example) -> Bool? {
        answer.best == (classIDs(of: example).first ?? -1)
    }

    public func evaluation(_ examples: [Example], _ answers: [Classification]) throws -> TaskEvaluation {
        let gold = examples.map { classIDs(of: $0).first ?? -1 }
        let mistakes = examples.indices.compactMap { index -> Mistake? in
            let answer = answers[index]
            guard answer.best != gold[index] else { return nil }
            return Mistake(
                text: texts(of: examples[index]).joined(separator: " ‖ "), gold: self.gold(of: examples[index]),
                predicted: answer.label, probability: Double(answer.probability), line: line(of: examples[index]))
        }
        var metrics = try metrics(gold: gold, predicted: answers.map(\.best))
        let tied = examples.indices.filter { index in
            // A threshold decides by itself.
            guard decision == nil else { return false }
            let best = answers[index].candidates.prefix { $0.probability == answers[index].probability }
            return best.count > 1 && best.contains { $0.label == self.gold(of: examples[index]) }
        }
        if let first = tied.first {
            metrics.notes.append(
                "classes of equal probability, the right one among them: \(tied.count) of \(examples.count) texts, counted "
                    + "as the first of these classes in the list"
                    + (line(of: examples[first]).map { "; the first on line \($0)" } ?? ""))
        }
        return TaskEvaluation(
            metrics: metrics,
            mistakes: mistakes.sorted { ($0.probability ?? 0) > ($1.probability ?? 0) })
    }
}
