import Foundation
import InkSupport
import InkTraining

/// `report.html`: a run on one page, in one file that needs no network and no script.
public struct RunReport: Sendable {
    /// What the page says.
    public let content: RunReportContent

    /// A page of `content`.
    public init(_ content: RunReportContent) { self.content = content }

    /// Writes the page. Throws `InputError` (`.run`).
    public func write(to url: URL) throws { try AtomicFile.write(html, to: url) }

    /// The page.
    public var html: String {
        var body = header
        body += leftOut
        body += curves
        if let evaluation = content.evaluations.last {
            let metrics = evaluation.metrics
            let split = evaluation.split
            if !metrics.scores.isEmpty {
                body += HTMLPage.section("Classes on \(split)", classTable(metrics))
            }
            if let confusion = metrics.confusion {
                let map = ConfusionHeatMap(names: metrics.scores.map(\.name), confusion: confusion)
                body += HTMLPage.section("Confusion on \(split)", map.html)
            }
            body += mistakes(split)
        }
        body += run
        return HTMLPage.document(title: content.title, body: body)
    }

    // MARK: Headline

    private var header: String {
        var cards: [(value: String, name: String)] = []
        for evaluation in content.evaluations.reversed() {
            for measure in evaluation.metrics.measures.prefix(2) {
                cards.append((measure.text, "\(evaluation.split) \(measure.name)"))
            }
        }
        if let seconds = content.wallSeconds { cards.append((ProgressLine.duration(seconds), "training time")) }
        if let speed = content.itemsPerSecond {
            cards.append((String(format: "%.0f", speed), "\(content.task.profile.itemName)/s"))
        }
        if let bytes = content.peakBytes { cards.append((ProcessMemory.text(bytes), "peak memory")) }
        var html = "<header>\n<h1>\(HTMLPage.text(content.title))</h1>\n"
        html += "<p class=\"soft\">\(HTMLPage.text(content.model)); recipe \(HTMLPage.escape(content.recipe))</p>\n"
        html += "<div class=\"cards\">\n"
        for card in cards {
            html += "<div class=\"card\"><b>\(HTMLPage.escape(card.value))</b>"
            html += "<span>\(HTMLPage.escape(card.name))</span></div>\n"
        }
        return html + "</div>\n</header>\n"
    }

    private var leftOut: String {
        let items = content.leftOut.map { "<li>\(HTMLPage.text($0))</li>\n" }
        return items.isEmpty
            ? "" : HTMLPage.section(RunReportContent.leftOutHeading, "<ul>\n\(items.joined())</ul>\n")
    }

    // MARK: Learning curves

    private var curves: String {
        let measure = content.measure
        func value(_ record: MetricsRecord) -> Double? {
            measure == "accuracy" ? record.accuracy : record.measures?[measure]
        }
        let figures =
            chart("Loss", isPercent: false, \.loss)
            + chart(measure.prefix(1).uppercased() + measure.dropFirst(), isPercent: true, value)
        guard !figures.isEmpty else { return "" }
        var html = "<div class=\"charts\">\n\(figures)</div>\n"
        if let step = content.bestStep {
            let rule = content.selection.map { " (\($0))" } ?? ""
            html += "<p class=\"soft\">The weights of step \(step) were kept\(HTMLPage.escape(rule)).</p>\n"
        }
        let dev = content.history.filter { $0.kind == .dev }
        if !dev.isEmpty {
            let rows = dev.map { record in
                [
                    String(record.step), record.loss.map { String(format: "%.4f", $0) } ?? "–",
                    value(record).map(percent) ?? "–", record.seconds.map(ProgressLine.duration) ?? "–",
                ]
            }
            let table = HTMLPage.table(
                caption: "Evaluations on dev", header: ["step", "loss", measure, "time"], rows: rows,
                numeric: [1, 2, 3])
            html += "<details><summary>Evaluations on dev as a table (\(dev.count))</summary>\n\(table)</details>\n"
        }
        return HTMLPage.section("Learning curves", html)
    }

    private func chart(_ title: String, isPercent: Bool, _ value: (MetricsRecord) -> Double?) -> String {
        func points(_ kind: MetricsRecord.Kind) -> [SVGChart.Point] {
            content.history.filter { $0.kind == kind }.compactMap { record in
                value(record).map { SVGChart.Point(step: record.step, value: $0) }
            }
        }
        let dev = points(.dev)
        let chart = SVGChart(
            title: title,
            series: [
                .init(name: "train", style: "train", points: points(.train), hasDots: false),
                .init(name: "dev", style: "dev", points: dev, hasDots: dev.count <= 60),
            ], bestStep: content.bestStep, isPercent: isPercent)
        let svg = chart.svg
        return svg.isEmpty ? "" : "<figure>\n<h3>\(title)</h3>\n\(svg)</figure>\n"
    }

    // MARK: Classes and mistakes

    private func classTable(_ metrics: TaskMetrics) -> String {
        func bar(_ value: Double) -> String {
            let width = String(format: "%.1f", 100 * min(max(value, 0), 1))
            return String(format: "%.4f", value) + "<span class=\"bar\"><i style=\"width:\(width)%\"></i></span>"
        }
        let rows = (metrics.scores + metrics.averages).map { row in
            [
                HTMLPage.text(row.name), bar(row.scores.precision), bar(row.scores.recall), bar(row.scores.f1),
                String(row.scores.support),
            ]
        }
        return HTMLPage.table(
            caption: "Bars run from 0 to 1.", header: ["class", "precision", "recall", "F1", "support"],
            rows: rows, numeric: [1, 2, 3, 4])
    }

    private func mistakes(_ split: String) -> String {
        guard !content.mistakes.isEmpty else { return "" }
        let rows = content.mistakes.map { mistake in
            [
                "<span class=\"wide\">\(HTMLPage.text(mistake.text))</span>",
                HTMLPage.text(mistake.gold), HTMLPage.text(mistake.predicted),
                mistake.probability.map(percent) ?? "–",
                mistake.line.map(String.init) ?? "–",
            ]
        }
        let header = ["text", "gold", "predicted", "probability", "line"]
        return HTMLPage.section(
            "Most confident mistakes on \(split)",
            HTMLPage.table(
                caption:
                    "Where the model was most sure and the label says otherwise: look for wrong labels here first.",
                header: header, rows: rows, numeric: [3, 4], stacks: true))
    }

    // MARK: The run

    private var run: String {
        var html = ""
        func add(_ heading: String, _ facts: [RunReportContent.Fact]) {
            guard !facts.isEmpty else { return }
            html += "<h3>\(heading)</h3>\n" + HTMLPage.facts(facts.map { ($0.name, HTMLPage.text($0.value)) })
        }
        add("Hyper-parameters", [.init("recipe", content.recipe)] + content.hyperParameters)
        add("Program and machine", content.environment)
        if !content.differences.isEmpty {
            let rows = content.differences.map { difference in
                [difference.setting, difference.toumanfen, difference.standard, difference.reason].map(HTMLPage.text)
            }
            html += HTMLPage.table(
                caption: "Where the recipes differ", header: ["setting", "toumanfen", "default", "why"], rows: rows,
                stacks: true)
        }
        let files = (content.base.map { [$0] } ?? []) + content.data
        if !files.isEmpty {
            let rows = files.map { file in
                [
                    HTMLPage.escape(file.role), HTMLPage.text(file.name), file.count.map(String.init) ?? "–",
                    "<code class=\"hash\">\(HTMLPage.escape(file.sha256))</code>",
                ]
            }
            html += HTMLPage.table(
                caption: content.base == nil ? "Files; training began from random weights" : "Files",
                header: ["role", "name", "texts", "SHA-256"], rows: rows, numeric: [2], stacks: true)
        }
        html += "<h3>Train it again</h3>\n<pre tabindex=\"0\">\(HTMLPage.escape(content.command))</pre>\n"
        return HTMLPage.section("Run", html)
    }

    private func percent(_ share: Double) -> String { String(format: "%.2f%%", 100 * share) }
}
