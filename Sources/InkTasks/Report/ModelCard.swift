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
        [frontMatter, summary, results, leftOut, training, data, limits, use].filter { !$0.isEmpty }.joined(
            separator: "\n")
    }

    // MARK: Front matter

    private var pipeline: String { content.task.profile.pipelineTag }

    private var frontMatter: String {
        var lines = ["---", "license: \(content.license.map(Self.yaml) ?? "unknown")", "language:", "- zh"]
        lines += ["tags:", "- inkstone", "- \(pipeline)", "pipeline_tag: \(pipeline)"]
        if let base = content.base { lines.append("base_model: \(Self.yaml(base.name))") }
        let measures = content.evaluations.last?.metrics.measures ?? []
        if !measures.isEmpty { lines += ["metrics:"] + measures.map { "- \(Self.yaml($0.name))" } }
        if let evaluation = content.evaluations.last {
            lines += ["model-index:", "- name: \(Self.yaml(content.title))", "  results:"]
            lines += ["  - task:", "      type: \(pipeline)", "    dataset:"]
            let file = content.data.first { $0.role == evaluation.split }?.name ?? evaluation.split
            lines += ["      name: \(Self.yaml(file))", "      type: custom"]
            lines += ["      split: \(Self.yaml(evaluation.split))", "    metrics:"]
            for measure in measures {
                lines += ["    - type: \(Self.yaml(measure.name))", "      value: \(Self.decimal(measure.value))"]
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
        return """
            # \(Self.cell(content.title))

            \(content.task.profile.summary)\(classes)

            \(Self.cell(content.model)), \(origin) with the recipe `\(content.recipe)`.

            """
    }

    private var classes: String {
        guard !content.labels.isEmpty else { return "" }
        let names = content.labels.prefix(20).map(Self.cell).joined(separator: ", ")
        return " \(content.labels.count) classes: \(names)\(content.labels.count > 20 ? ", …" : "")."
    }

    private var results: String {
        guard let last = content.evaluations.last else { return "" }
        let rows = content.evaluations.map { evaluation in
            [evaluation.split, String(evaluation.metrics.count)]
                + evaluation.metrics.measures.map { Self.decimal($0.value) }
                + [evaluation.metrics.loss.map(Self.decimal) ?? "–"]
        }
        let overall = Self.table(
            ["split", "examples"] + last.metrics.measures.map(\.name) + ["loss"], rows)
        let kept = content.bestStep.map { step in
            "\nThe weights of step \(step) were kept" + (content.selection.map { " (\($0))" } ?? "") + ".\n"
        }
        let head = "## Results\n\n\(overall)\(kept ?? "")"
        guard !last.metrics.scores.isEmpty else { return head }
        let classes = last.metrics.scores.map { row in
            [
                Self.cell(row.name), Self.decimal(row.scores.precision), Self.decimal(row.scores.recall),
                Self.decimal(row.scores.f1), String(row.scores.support),
            ]
        }
        return head + "\nEach class on \(last.split):\n\n"
            + Self.table(["class", "precision", "recall", "F1", "support"], classes)
    }

    private var leftOut: String {
        let items = content.leftOut.map { "- \(Self.cell($0))\n" }
        return items.isEmpty ? "" : "## \(RunReportContent.leftOutHeading)\n\n" + items.joined()
    }

    private var training: String {
        var facts = content.hyperParameters + content.environment
        if let seconds = content.wallSeconds { facts.append(.init("training time", ProgressLine.duration(seconds))) }
        if let speed = content.itemsPerSecond {
            facts.append(.init("\(content.task.profile.itemName)/s", String(format: "%.0f", speed)))
        }
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
        if content.leaks.isEmpty, content.data.filter({ $0.count != nil }).count > 1 {
            text += "No text stands in two splits.\n"
        }
        return text
    }

    private var limits: String {
        var items = [
            "Trained on the data above; on texts of another kind, time or source the answers will be worse. "
                + content.task.profile.limit
        ]
        if let length = content.maximumLength {
            items.append("Reads at most \(length) tokens at a time, special tokens included.")
        }
        if let evaluation = content.evaluations.last {
            if let confusions = evaluation.metrics.largestConfusions(3), !confusions.isEmpty {
                let pairs = confusions.map { pair in
                    "\(Self.cell(pair.gold)) taken for \(Self.cell(pair.predicted)) (\(pair.count))"
                }
                items.append("Largest confusions on \(evaluation.split): \(pairs.joined(separator: "; ")).")
            }
            if let accuracy = evaluation.metrics["accuracy"] {
                let margin = 1.96 * Self.standardError(accuracy, evaluation.metrics.count)
                items.append(
                    String(
                        format: "With %d texts, accuracy is known to about ±%.2f points (95 %%, sampling only).",
                        evaluation.metrics.count, 100 * margin))
            }
        }
        return "## Limits\n\n" + items.map { "- \($0)\n" }.joined()
    }

    private var use: String {
        """
        ## Use

        ```sh
        inkstone predict --model . \(content.task.profile.sampleQuestion)
        inkstone evaluate --model . --data test\(content.task.profile.sampleExtension)
        ```

        The folder is a Hugging Face model folder; transformers opens it too.

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
