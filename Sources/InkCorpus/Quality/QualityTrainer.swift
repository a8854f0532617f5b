/// Fits a quality model to judged documents. `QualityTraining` does its rounds with any.
public protocol QualityTrainer {
    associatedtype Model: DocumentScorer

    /// A model of all these documents, made anew each time.
    /// - Parameters:
    ///   - sample: labels are places in `labels`.
    /// - Throws: `InputError` for options out of range, or a class without a document.
    func train(_ sample: DocumentSample, labels: [String], _ context: StageContext) throws -> Model
}

/// Fits the linear model.
public struct LinearQualityTrainer: QualityTrainer {
    public var features: FeatureHashing
    public var options: LinearTrainer.Options

    public init(features: FeatureHashing, options: LinearTrainer.Options = LinearTrainer.Options()) {
        self.features = features
        self.options = options
    }

    public func train(
        _ sample: DocumentSample, labels: [String], _ context: StageContext
    ) throws -> LinearClassifier {
        try LinearTrainer.train(sample, labels: labels, features: features, options: options)
    }
}
