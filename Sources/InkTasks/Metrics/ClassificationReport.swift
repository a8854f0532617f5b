import Foundation
import InkSupport

/// The tables of an evaluation as text: the layout of scikit-learn's `classification_report`, with columns padded by
/// display width so that Chinese class names line up.
public struct ClassificationReport: Sendable {
    /// What is printed.
    public let metrics: ClassificationMetrics
    /// Names of the classes in the order of their ids.
    public let names: [String]
    /// Decimals of the scores.
    public var digits: Int

    public init(_ metrics: ClassificationMetrics, names: [String], digits: Int = 4) {
        self.metrics = metrics
        self.names = names
        self.digits = digits
    }

    /// Precision, recall, F1 and support of each class, accuracy, macro and weighted averages.
    public var text: String {
        let width = (names.map(DisplayWidth.of) + [DisplayWidth.of("weighted avg"), digits]).max() ?? digits
        func line(_ name: String, _ cells: [String]) -> String {
            name.padded(to: width, trailing: true) + " "
                + cells.map { " " + $0.padded(to: 9, trailing: true) }.joined() + "\n"
        }
        func number(_ value: Double) -> String { String(format: "%.\(digits)f", value) }
        func scores(_ name: String, _ scores: ClassificationMetrics.Scores) -> String {
            line(name, [number(scores.precision), number(scores.recall), number(scores.f1), String(scores.support)])
        }
        var text = line("", ["precision", "recall", "f1-score", "support"]) + "\n"
        for (name, row) in zip(names, metrics.classes) { text += scores(name, row) }
        text += "\n"
        text += line("accuracy", ["", "", number(metrics.accuracy), String(metrics.count)])
        text += scores("macro avg", metrics.macroAverage)
        text += scores("weighted avg", metrics.weightedAverage)
        return text
    }

    /// The confusion matrix with class names: rows gold, columns predicted.
    public var confusionText: String {
        var table = TextTable(
            header: ["gold \\ predicted"] + names,
            alignments: [.left] + names.map { _ in .right })
        for (name, row) in zip(names, metrics.confusion) { table.append([name] + row.map(String.init)) }
        return table.text
    }

    /// `confusion_matrix` as numpy prints it, the form of the reference recipe.
    public var confusionArrayText: String {
        let width = metrics.confusion.joined().map { String($0).count }.max() ?? 1
        let rows = metrics.confusion.map { row in
            "[" + row.map { String($0).padded(to: width, trailing: true) }.joined(separator: " ") + "]"
        }
        return "[" + rows.joined(separator: "\n ") + "]\n"
    }
}
