import Foundation
import InkSupport
import InkTasks

/// Evaluations as text and as JSON.
enum EvaluationText {
    /// Loss, measures, table and confusion matrix.
    static func text(_ metrics: TaskMetrics) -> String {
        var head = metrics.loss.map { [String(format: "loss %.4f", $0)] } ?? []
        head += metrics.measures.map { "\($0.name) \($0.text)" }
        var text = head.joined(separator: "  ") + "  examples \(metrics.count)\n"
        for note in metrics.notes { text += "note: \(note)\n" }
        guard !metrics.scores.isEmpty else { return text }
        let report = ClassificationReport(metrics)
        text += "\n" + report.text
        return metrics.confusion == nil ? text : text + "\n" + report.confusionText
    }

    /// The final evaluation of a run: on the test set, or where there is none on the development set.
    static func text(_ result: FineTuningResult) -> String {
        let (name, evaluation) = result.test.map { ("test", $0) } ?? ("dev", result.dev)
        var text = "\(name): " + self.text(evaluation.metrics)
        if result.test != nil, let measure = result.dev.metrics.headline {
            text += "\ndev \(measure.name) \(measure.text)"
        }
        if let step = result.description.bestStep { text += " (best checkpoint: step \(step))" }
        if result.test != nil { for note in result.dev.metrics.notes { text += "\ndev note: \(note)" } }
        return text + "\n"
    }

    static func json(_ metrics: TaskMetrics) -> JSON {
        var measures = JSONObject()
        for measure in metrics.measures { measures[measure.name] = .float(measure.value) }
        return .record([
            "count": .integer(metrics.count), "loss": metrics.loss.map { .float($0) },
            "measures": .object(measures),
            "scores": metrics.scores.isEmpty ? nil : .array((metrics.scores + metrics.averages).map(json)),
            "confusion": metrics.confusion.map { rows in
                .array(rows.map { .integers($0) })
            },
            "labels": metrics.confusion == nil ? nil : .strings(metrics.scores.map(\.name)),
            "notes": metrics.notes.isEmpty ? nil : .strings(metrics.notes),
        ])
    }

    private static func json(_ row: TaskMetrics.ScoreRow) -> JSON {
        .record([
            "name": .string(row.name), "precision": .float(row.scores.precision), "recall": .float(row.scores.recall),
            "f1": .float(row.scores.f1), "support": .integer(row.scores.support),
        ])
    }

    static func json(_ result: FineTuningResult) -> JSON {
        .record([
            "folder": .string(result.folder.path), "task": .string(result.description.task.rawValue),
            "bestStep": result.description.bestStep.map { .integer($0) },
            "seconds": result.description.seconds.map { .float($0) },
            "examplesPerSecond": .float(result.examplesPerSecond),
            "dev": json(result.dev.metrics),
            "test": result.test.map { json($0.metrics) },
            "notes": result.notes.isEmpty ? nil : .strings(result.notes),
        ])
    }
}
