import InkModels
import InkTensor
import InkText

/// Runs a classifier over many encoded texts in packed batches.
struct ClassifierRunner {
    /// What the model says of one text.
    struct Prediction: Sendable {
        let probabilities: [Float]
        /// −log p(label); nil where no label is known.
        let loss: Float?

        var best: Int { probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0 }
    }

    let model: SequenceClassifier
    /// Tokens of one batch: enough to keep the product busy, few enough to stay in the cache.
    var tokensPerPass = 2048

    /// Predictions in the order of the texts. `progress` is told the share done.
    /// - Throws: `InputError` when a text does not fit the model.
    func predictions(
        _ encodings: PackedEncodings, labels: [Int32]? = nil, progress: (Double) -> Void = { _ in }
    ) throws -> [Prediction] {
        var predictions: [Prediction] = []
        predictions.reserveCapacity(encodings.count)
        for range in encodings.batches(tokens: tokensPerPass) {
            predictions += try batch(encodings, range, labels)
            progress(Double(range.upperBound) / Double(encodings.count))
        }
        return predictions
    }

    private func batch(
        _ encodings: PackedEncodings, _ range: Range<Int>, _ labels: [Int32]?
    ) throws -> [Prediction] {
        let pass = Pass.inference()
        let logits = try model(EncoderInput(range.map { Array(encodings[$0]) }), pass)
        guard let labels else {
            let probabilities = pass.softmax(logits)
            return (0..<range.count).map { Prediction(probabilities: probabilities.row($0), loss: nil) }
        }
        let result = pass.crossEntropy(logits, labels: Array(labels[range]))
        return (0..<range.count).map {
            Prediction(probabilities: result.probabilities.row($0), loss: result.rowLosses[$0])
        }
    }
}
