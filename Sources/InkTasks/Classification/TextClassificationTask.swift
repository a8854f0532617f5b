import Foundation
import InkLayers
import InkModels
import InkTensor
import InkText
import InkTraining

/// Fine-tuning of a classifier on labelled texts.
final class TextClassificationTask: TrainingTask {
    /// Encoded texts with their labels.
    struct Examples {
        let encodings: PackedEncodings
        let labels: [Int32]

        init(_ texts: [LabelledText], form: InputForm, tokenizer: any Tokenizer) throws {
            encodings = try form.encode(texts.map(\.text), with: tokenizer)
            labels = texts.map { Int32($0.label) }
        }

        var count: Int { labels.count }
    }

    let model: SequenceClassifier
    let parameters: [Parameter]
    private let train: Examples
    private let dev: Examples
    private let evaluationBatch: Int
    private let write: (URL) throws -> Void

    /// - Parameters:
    ///   - evaluationBatch: the development loss is the mean of the means of batches of this size, as the reference
    ///     computes it; 0 for the plain mean.
    ///   - write: writes the model folder with the current parameters.
    init(
        _ model: SequenceClassifier, parameters: [Parameter], train: Examples, dev: Examples, evaluationBatch: Int,
        write: @escaping (URL) throws -> Void
    ) {
        self.model = model
        self.parameters = parameters
        self.train = train
        self.dev = dev
        self.evaluationBatch = evaluationBatch
        self.write = write
    }

    var exampleCount: Int { train.count }

    func tokenCount(of example: Int) -> Int {
        train.encodings.starts[example + 1] - train.encodings.starts[example]
    }

    func loss(of examples: [Int], _ pass: Pass) throws -> BatchLoss {
        let logits = try model(EncoderInput(examples.map { Array(train.encodings[$0]) }), pass)
        let labels = examples.map { train.labels[$0] }
        let result = pass.crossEntropy(logits, labels: labels)
        let correct = labels.enumerated().count { row, label in
            let probabilities = result.probabilities.row(row)
            return probabilities[Int(label)] == probabilities.max()
        }
        return BatchLoss(loss: result.loss, correct: correct)
    }

    func evaluate(progress: (Double) -> Void) throws -> Evaluation {
        let predictions = try ClassifierRunner(model: model).predictions(
            dev.encodings, labels: dev.labels, progress: progress)
        let losses = predictions.map { Double($0.loss ?? 0) }
        let correct = zip(predictions, dev.labels).count { $0.best == Int($1) }
        return Evaluation([
            "loss": Self.meanLoss(losses, batch: evaluationBatch),
            "accuracy": Double(correct) / Double(max(dev.count, 1)),
        ])
    }

    static func meanLoss(_ losses: [Double], batch: Int) -> Double {
        guard !losses.isEmpty else { return 0 }
        let size = batch == 0 ? losses.count : batch
        let means = stride(from: 0, to: losses.count, by: size).map { start in
            let part = losses[start..<min(start + size, losses.count)]
            return part.reduce(0, +) / Double(part.count)
        }
        return means.reduce(0, +) / Double(means.count)
    }

    func writeModel(to folder: URL) throws {
        try write(folder)
    }
}
