import Foundation
import InkSupport
import InkTraining

/// `README.md` of a run folder: what the model is, how good, trained on what, with which limits, and how to use it.
/// The front matter is that of model cards on Hugging Face.
public struct ModelCard: Sendable {
    /// What the card says.
    public let content: RunReportContent

    /// A card of `content`.
    public init(_ content: RunReportContent) { self.content = content }

    /// Writes the card. Throws `InputError` (`.run`).
    public func write(to url: URL) throws { try AtomicFile.write(markdown, to: url) }

    /// The card.
    public var markdown: String {
        [frontMatter, summary, results, training, data, limits, use].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    // MARK: Front matter

    private var frontMatter: String {
        var lines = ["---", "license: \(content.license.map(Self.yaml) ?? "unknown")", "language:", "- zh"]
        lines += ["tags:", "- inkstone", "- text-classification", "pipeline_tag: text-classification"]
        if let base = content.base { lines.append("base_model: \(Self.yaml(base.name))") }
        lines += ["metrics:", "- accuracy", "- f1"]
        if let evaluation = content.evaluations.last {
            let metrics = evaluation.metrics
            lines += ["model-index:", "- name: \(Self.yaml(content.title))", "  results:"]
            lines += ["  - task:", "      type: text-classification", "    dataset:"]
            let file = content.data.first { $0.role == evaluation.split }?.name ?? evaluation.split
            lines += ["      name: \(Self.yaml(file))", "      type: custom"]
            lines += ["      split: \(Self.yaml(evaluation.split))", "    metrics:"]
            for (type, value) in [("accuracy", metrics.accuracy), ("f1", metrics.macroAverage.f1)] {
                lines += ["    - type: \(type)", "      value: \(Self.decimal(value))"]
                if type == "f1" { lines.append("      name: Macro F1") }
            }
        }
        return (lines + ["---", ""]).joined(separator: "\n")
    }

    /// A string as a double-quoted YAML scalar: JSON's escapes are YAML's too.
    static func yaml(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}":
                result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    // MARK: Sections

    private var summary: String {
        let origin = content.base.map { "fine-tuned from \(Self.cell($0.name))" } ?? "trained from random weights"
        let names = content.labels.prefix(20).map(Self.cell).joined(separator: ", ")
        let more = content.labels.count > 20 ? ", …" : ""
        return """
            # \(Self.cell(content.title))

            Sorts Chinese titles into \(content.labels.count) classes: \(names)\(more).

            \(Self.cell(content.model)), \(origin) with the recipe `\(content.recipe)`.

            """
    }

    private var results: String {
        guard let last = content.evaluations.last else { return "" }
        var rows = content.evaluations.map { evaluation in
            let metrics = evaluation.metrics
            return [
                evaluation.split, String(metrics.count), Self.decimal(metrics.accuracy),
                Self.decimal(metrics.macroAverage.precision), Self.decimal(metrics.macroAverage.recall),
                Self.decimal(metrics.macroAverage.f1), metrics.loss.map(Self.decimal) ?? "–",
            ]
        }
        let overall = Self.table(
            ["split", "texts", "accuracy", "macro precision", "macro recall", "macro F1", "loss"], rows)
        rows = zip(content.labels, last.metrics.classes).map { name, scores in
            [
                Self.cell(name), Self.decimal(scores.precision), Self.decimal(scores.recall), Self.decimal(scores.f1),
                String(scores.support),
            ]
        }
        let kept = content.bestStep.map { step in
            "\nThe weights of step \(step) were kept" + (content.selection.map { " (\($0))" } ?? "") + ".\n"
        }
        let classes = Self.table(["class", "precision", "recall", "F1", "texts"], rows)
        return "## Results\n\n\(overall)\(kept ?? "")\nEach class on \(last.split):\n\n\(classes)"
    }

    private var training: String {
        var facts = content.hyperParameters + content.environment
        if let seconds = content.wallSeconds { facts.append(.init("training time", ProgressLine.duration(seconds))) }
        if let speed = content.itemsPerSecond { facts.append(.init("titles/s", String(format: "%.0f", speed))) }
        if let bytes = content.peakBytes { facts.append(.init("peak memory", ProcessMemory.text(bytes))) }
        var text = "## Training\n\n"
        if !facts.isEmpty {
            text += Self.table(["setting", "value"], facts.map { [$0.name, $0.value].map(Self.cell) })
        }
        if !content.differences.isEmpty {
            let rows = content.differences.map {
                [$0.setting, $0.toumanfen, $0.standard, $0.reason].map(Self.cell)
            }
            text += "\nWhere the recipes differ:\n\n" + Self.table(["setting", "toumanfen", "default", "why"], rows)
        }
        return text + "\nTrain it again:\n\n```sh\n\(content.command)\n```\n"
    }

    private var data: String {
        let files = (content.base.map { [$0] } ?? []) + content.data
        guard !files.isEmpty else { return "" }
        let rows = files.map { file in
            [file.role, Self.cell(file.name), file.count.map(String.init) ?? "–", "`\(file.sha256)`"]
        }
        var text = "## Data\n\n" + Self.table(["role", "name", "texts", "SHA-256"], rows) + "\n"
        if content.leaks.isEmpty {
            if content.data.filter({ $0.count != nil }).count > 1 { text += "No text stands in two splits.\n" }
        } else {
            text += content.leaks.map { "- " + RunReport.sentence($0) + "\n" }.joined()
        }
        return text
    }

    private var limits: String {
        var items = [
            "Trained on the data above. Texts of another kind, time or source will be sorted worse, and every text "
                + "gets one of the \(content.labels.count) classes, also one that fits none."
        ]
        if let length = content.maximumLength {
            items.append("Reads at most \(length) tokens of a text, special tokens included; what follows is not seen.")
        }
        if let evaluation = content.evaluations.last {
            let confusions = evaluation.metrics.largestConfusions(3).map { pair in
                "\(Self.cell(content.labelName(pair.gold))) taken for "
                    + "\(Self.cell(content.labelName(pair.predicted))) (\(pair.count))"
            }
            if !confusions.isEmpty {
                items.append("Largest confusions on \(evaluation.split): \(confusions.joined(separator: "; ")).")
            }
            let margin = 1.96 * Self.standardError(evaluation.metrics.accuracy, evaluation.metrics.count)
            items.append(
                String(
                    format: "With %d texts, accuracy is known to about ±%.2f points (95 %%, sampling only).",
                    evaluation.metrics.count, 100 * margin))
        }
        return "## Limits\n\n" + items.map { "- \($0)\n" }.joined()
    }

    private var use: String {
        """
        ## Use

        ```sh
        inkstone predict --model . "国足再次冲出亚洲"
        inkstone evaluate --model . --data test.txt
        ```

        ```swift
        let classifier = try TextClassifier(contentsOf: folder)
        let answer = try classifier.classify("国足再次冲出亚洲", topK: 3)
        ```

        The folder is a Hugging Face model folder; transformers opens it as a sequence classifier too.

        """
    }

    // MARK: Markdown

    private static func standardError(_ accuracy: Double, _ count: Int) -> Double {
        count > 0 ? (accuracy * (1 - accuracy) / Double(count)).squareRoot() : 0
    }

    private static func decimal(_ value: Double) -> String { String(format: "%.4f", value) }

    /// `text` as a piece of one line: nothing in it acts as markup.
    private static func cell(_ text: String) -> String {
        var result = ""
        for character in text {
            if "\\`*_{}[]<>|#".contains(character) { result.append("\\") }
            result += character.isNewline ? " " : String(character)
        }
        return result
    }

    private static func table(_ header: [String], _ rows: [[String]]) -> String {
        ([header, header.map { _ in "---" }] + rows)
            .map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}
