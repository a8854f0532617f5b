import Foundation
import InkSupport

/// What a run over a corpus did, as a page, as JSON and as a table for the terminal.
public struct CorpusReport: Sendable {
    /// What the run is called, `pipeline.yaml`.
    public var name: String
    /// The run's settings, shown as they are.
    public var settings: JSONObject
    /// In the order of the stages.
    public var stages: [StageReport]
    /// Time of the whole run.
    public var seconds: Double?
    /// Most memory that the run held, in bytes.
    public var peakMemory: Int?

    public init(
        name: String, stages: [StageReport], settings: JSONObject = JSONObject(), seconds: Double? = nil,
        peakMemory: Int? = nil
    ) {
        self.name = name
        self.stages = stages
        self.settings = settings
        self.seconds = seconds
        self.peakMemory = peakMemory
    }

    /// Everything in the report, each stage as `StageReport.json`.
    public var json: JSONValue {
        .record([
            "name": .string(name), "settings": .object(settings), "seconds": seconds.map { .float($0) },
            "peakMemoryBytes": peakMemory.map { .integer($0) }, "stages": .array(stages.map(\.json)),
        ])
    }

    /// For a terminal: the main table, the rules of each stage, its single figures, and warnings.
    public var text: String { tables + warnings.map { $0 + "\n" }.joined() }

    /// What the stages warn of, a line each.
    public var warnings: [String] {
        shown.flatMap { stage in stage.warnings.map { "warning: \(stage.stage): \($0)" } }
    }

    /// The tables of `text`.
    public var tables: String {
        var table = TextTable(header: Self.header, alignments: [.left] + Self.header.dropFirst().map { _ in .right })
        for stage in shown { table.append(Self.row(stage)) }
        var text = table.text
        for stage in shown {
            text += Self.rules(of: stage) + Self.figures(of: stage)
        }
        return text
    }

    /// What each rule of a stage did, the busiest first; empty where there is none.
    private static func rules(of stage: StageReport) -> String {
        var table = TextTable(
            header: [stage.title, "documents", "changes", "bytes removed"], alignments: [.left, .right, .right, .right])
        let ranked = stage.tally.rankedRules.filter { $0.rule.documents > 0 }
        for (name, rule) in ranked {
            table.append(
                [
                    name, ReportText.count(rule.documents), ReportText.count(rule.changes),
                    ReportText.count(rule.removedBytes),
                ])
        }
        return ranked.isEmpty ? "" : "\n" + table.text
    }

    /// The facts of a stage that are single values, with the objects among them unfolded.
    private static func figures(of stage: StageReport) -> String {
        var table = TextTable()
        func add(_ facts: JSONObject, _ prefix: String) {
            for name in facts.names {
                let title = prefix + ReportText.words(name)
                switch facts[name] {
                case .object(let inner)?: add(inner, title + ": ")
                case .array?, nil: continue
                case let value?: table.append(["  " + title, ReportText.value(name, value)])
                }
            }
        }
        add(stage.facts, "")
        return table.lines.isEmpty ? "" : "\n\(stage.title)\n" + table.text
    }

    /// The page: one file that needs no network and no script.
    public var html: String {
        let table = HTMLPage.table(
            caption: "Stages that share a pass over the documents share its time.", header: Self.header,
            rows: shown.map(cells), numeric: Set(1..<Self.header.count))
        var body = headline + HTMLPage.section("Stages", table)
        for (index, stage) in shown.enumerated() {
            let section = StageSection(stage).html
            if !section.isEmpty { body += HTMLPage.section("\(index + 1). \(stage.title)", section) }
        }
        if !settings.names.isEmpty {
            let shown = JSONValue.object(settings).serialized()
            body += HTMLPage.section("Settings", "<pre tabindex=\"0\">\(HTMLPage.escape(shown))</pre>\n")
        }
        return HTMLPage.document(title: name, body: body)
    }

    /// Writes the page. Throws `InputError` (`.run`).
    public func write(to url: URL) throws { try AtomicFile.write(html, to: url) }

    private static let header = [
        "stage", "documents in", "documents out", "removed", "MB in", "MB out", "seconds", "MB/s",
    ]

    /// The stages but for the reading of what the stage before has written.
    private var shown: [StageReport] {
        stages.enumerated().filter { index, stage in
            index == 0 || stage.stage != "read" || !stage.tally.rules.isEmpty
        }.map(\.element)
    }

    private static func row(_ stage: StageReport) -> [String] {
        let megabytes = Double(stage.bytesIn) / 1e6
        return [
            stage.title, ReportText.count(stage.documentsIn), ReportText.count(stage.documentsOut),
            ReportText.share(stage.documentsIn - stage.documentsOut, of: stage.documentsIn),
            ReportText.megabytes(stage.bytesIn), ReportText.megabytes(stage.bytesOut),
            String(format: "%.2f", stage.seconds),
            stage.seconds > 0 ? String(format: "%.1f", megabytes / stage.seconds) : "–",
        ]
    }

    /// The row on the page, with a bar: the part of all documents that is left.
    private func cells(_ stage: StageReport) -> [String] {
        var cells = Self.row(stage).map(HTMLPage.text)
        guard let all = shown.first?.documentsIn, all > 0 else { return cells }
        let percent = String(format: "%.1f", min(100, 100 * Double(stage.documentsOut) / Double(all)))
        cells[2] += "<span class=\"bar\"><i style=\"width:\(percent)%\"></i></span>"
        return cells
    }

    private var headline: String {
        var cards: [(value: String, name: String)] = []
        if let first = stages.first, let last = stages.last {
            cards = [
                (ReportText.count(first.documentsIn), "documents in"),
                (ReportText.count(last.documentsOut), "documents out"),
                (ReportText.megabytes(first.bytesIn) + " MB", "text in"),
                (ReportText.megabytes(last.bytesOut) + " MB", "text out"),
            ]
        }
        if let seconds { cards.append((String(format: "%.1f s", seconds), "time")) }
        if let peakMemory { cards.append((ProcessMemory.text(peakMemory), "peak memory")) }
        var html = "<header>\n<h1>\(HTMLPage.text(name))</h1>\n<div class=\"cards\">\n"
        for card in cards {
            html += "<div class=\"card\"><b>\(HTMLPage.escape(card.value))</b>"
            html += "<span>\(HTMLPage.escape(card.name))</span></div>\n"
        }
        html += "</div>\n"
        for stage in shown {
            for warning in stage.warnings {
                html += "<p><strong>\(HTMLPage.text(stage.stage)):</strong> \(HTMLPage.text(warning))</p>\n"
            }
        }
        return html + "</header>\n"
    }
}

extension StageReport {
    /// The stage's name, and its method where it has several.
    fileprivate var title: String {
        facts["method"].flatMap(String.init).map { "\(stage) (\($0))" } ?? stage
    }
}
