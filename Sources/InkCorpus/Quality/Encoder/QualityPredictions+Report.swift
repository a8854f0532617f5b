import InkTasks

extension QualityPredictions {
    /// Precision, recall and F1 of each class, and the counts of each pair of classes.
    /// - Throws: `InputError` when there are no documents.
    public func metrics() throws -> ClassificationMetrics {
        try ClassificationMetrics(gold: gold, predicted: predicted, classCount: labels.count, loss: loss)
    }

    /// The tables for people.
    /// - Throws: as `metrics()` does.
    public func report() throws -> String {
        let report = ClassificationReport(try metrics(), names: labels)
        return report.text + "\n" + report.confusionText
    }
}
