import Foundation
import InkSupport

/// The tables of an evaluation as text: the layout of scikit-learn's `classification_report`, with columns padded by
/// display width so that Chinese class names line up.
public struct ClassificationReport: Sendable {
    /// What is printed.
    public let metrics: TaskMetrics
    /// Decimals of the scores.
    public var digits: Int

    public init(_ metrics: TaskMetrics, digits: Int = 4) {
        self.metrics = metrics
        self.digits = digits
    }

    public init(_ metrics: ClassificationMetrics, names: [String], digits: Int = 4) {
        self.init(metrics.taskMetrics(labels: names), digits: digits)
    }

    private var names: [String] { metrics.scores.map(\.name) }

    /// Precision, recall, F1 and support of each class, accuracy where it is measured, and the averages.
    public var text: String {
        let titles = names + metrics.averages.map(\.name) + ["weighted avg"]
        let width = (titles.map(DisplayWidth.of) + [digits]).max() ?? digits
        func line(_ name: String, _ cells: [String]) -> String {
            name.padded(to: width, trailing: true) + " "
                + cells.map { " " + $0.padded(to: 9, trailing: true) }.joined() + "\n"
        }
        func number(_ value: Double) -> String { String(format: "%.\(digits)f", value) }
        func scores(_ row: TaskMetrics.ScoreRow) -> String {
            let scores = row.scores
            return line(
                row.name,
                [number(scores.precision), number(scores.recall), number(scores.f1), String(scores.support)])
        }
        var text = line("", ["precision", "recall", "f1-score", "support"]) + "\n"
        for row in metrics.scores { text += scores(row) }
        text += "\n"
        if let accuracy = metrics["accuracy"] {
            text += line("accuracy", ["", "", number(accuracy), String(metrics.count)])
        }
        for row in metrics.averages { text += scores(row) }
        return text
    }

    /// The confusion matrix with class names: rows gold, columns predicted; empty where the task has none.
    public var confusionText: String {
        guard let confusion = metrics.confusion else { return "" }
        var table = TextTable(
            header: ["gold \\ predicted"] + names,
            alignments: [.left] + names.map { _ in .right })
        for (name, row) in zip(names, confusion) { table.append([name] + row.map(String.init)) }
        return table.text
    }

    /// `confusion_matrix` as numpy prints it, the form of the reference recipe.
    public var confusionArrayText: String {
        let confusion = metrics.confusion ?? []
        let width = confusion.joined().map { String($0).count }.max() ?? 1
        let rows = confusion.map { row in
            "[" + row.map { String($0).padded(to: width, trailing: true) }.joined(separator: " ") + "]"
        }
        return "[" + rows.joined(separator: "\n ") + "]\n"
    }
}
