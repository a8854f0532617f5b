import Foundation
import InkCheckpoint
import InkTasks

/// Evaluations as text and as JSON.
enum EvaluationText {
    /// Loss, accuracy, table and confusion matrix.
    static func text(_ metrics: ClassificationMetrics, labels: [String]) -> String {
        let report = ClassificationReport(metrics, names: labels)
        var text = ""
        if let loss = metrics.loss { text += String(format: "loss %.4f  ", loss) }
        text += String(format: "accuracy %.2f%%  texts %d\n\n", 100 * metrics.accuracy, metrics.count)
        return text + report.text + "\n" + report.confusionText
    }

    /// The final evaluation of a run: on the test texts, or where there are none on the development texts.
    static func text(_ result: FineTuningResult) -> String {
        let (name, evaluation) = result.test.map { ("test", $0) } ?? ("dev", result.dev)
        var text = "\(name): " + self.text(evaluation.metrics, labels: result.description.labels)
        if result.test != nil { text += String(format: "\ndev accuracy %.2f%%", 100 * result.dev.metrics.accuracy) }
        if let step = result.description.bestStep { text += " (best checkpoint: step \(step))" }
        return text + "\n"
    }

    static func json(_ metrics: ClassificationMetrics, labels: [String]) throws -> JSON {
        let encoder = JSONEncoder()
        let data = try encoder.encode(metrics)
        guard case .object(var object) = try JSON(parsing: String(decoding: data, as: UTF8.self), location: "metrics")
        else { return .null }
        object["labels"] = .strings(labels)
        return .object(object)
    }

    static func json(_ result: FineTuningResult) throws -> JSON {
        let labels = result.description.labels
        return .record([
            "folder": .string(result.folder.path),
            "bestStep": result.description.bestStep.map { .integer($0) },
            "seconds": result.description.seconds.map { .float($0) },
            "titlesPerSecond": .float(result.titlesPerSecond),
            "dev": try json(result.dev.metrics, labels: labels),
            "test": try result.test.map { try json($0.metrics, labels: labels) },
        ])
    }
}
