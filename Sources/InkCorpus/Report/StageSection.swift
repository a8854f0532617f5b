import InkSupport

/// The part of the page about one stage: rules, examples, histograms, facts.
struct StageSection {
    private let stage: StageReport

    init(_ stage: StageReport) { self.stage = stage }

    /// Empty for a stage that has nothing to report.
    var html: String { rules + examples + kept + charts + FactsSection(stage.facts).html }

    private var rules: String {
        let ranked = stage.tally.rankedRules
        if ranked.isEmpty { return "" }
        let rows = ranked.map { name, rule in
            [
                HTMLPage.text(name), ReportText.count(rule.documents),
                ReportText.share(rule.documents, of: stage.documentsIn), ReportText.count(rule.changes),
                ReportText.count(rule.removedBytes),
            ]
        }
        return HTMLPage.table(
            caption: "What each rule changed or removed",
            header: ["rule", "documents", "of all", "changes", "bytes removed"], rows: rows, numeric: [1, 2, 3, 4])
    }

    private var examples: String {
        stage.tally.rankedRules.filter { !$0.rule.examples.isEmpty }.map { name, rule in
            let rows = rule.examples.map { example in
                guard let after = example.after else {
                    return [HTMLPage.text(example.id), TextDifference.removed(example.before), "(removed)"]
                }
                let shown = TextDifference(example.before, after).html
                return [HTMLPage.text(example.id), shown.before, shown.after]
            }
            let table = HTMLPage.table(
                caption: "Examples of \(name)", header: ["document", "before", "after"], rows: rows,
                stacks: true)
            return "<details><summary>\(HTMLPage.text(name)): \(rows.count) examples</summary>\n\(table)</details>\n"
        }.joined()
    }

    private var kept: String {
        if stage.tally.kept.isEmpty { return "" }
        let rows = stage.tally.kept.map { [HTMLPage.text($0.id), HTMLPage.text($0.before)] }
        let table = HTMLPage.table(
            caption: "Documents that stayed", header: ["document", "beginning"], rows: rows, stacks: true)
        return "<details><summary>kept: \(rows.count) examples</summary>\n\(table)</details>\n"
    }

    // MARK: Histograms

    /// Bars of a chart; beyond, only buckets that hold something, and no more than these.
    private static let mostBars = 100
    /// `score kept` counts the part of `score` that stays.
    private static let keptEnding = " kept"

    private var charts: String {
        let histograms = stage.tally.histograms
        let html = histograms.sorted { $0.key < $1.key }.map { name, buckets in
            // Shown as the full part of another's bars.
            if name.hasSuffix(Self.keptEnding), histograms[String(name.dropLast(Self.keptEnding.count))] != nil {
                return ""
            }
            return chart(name, buckets, kept: histograms[name + Self.keptEnding])
        }.joined()
        return html.isEmpty ? "" : "<div class=\"charts\">\n\(html)</div>\n"
    }

    private func chart(_ name: String, _ buckets: [Int: Int], kept: [Int: Int]?) -> String {
        guard let first = buckets.keys.min(), let last = buckets.keys.max() else { return "" }
        let (span, overflow) = last.subtractingReportingOverflow(first)
        let shown =
            overflow || span >= Self.mostBars
            ? Array(buckets.keys.sorted().prefix(Self.mostBars)) : Array(first...last)
        let isShare = first >= 0 && last < 20 && ["score", "share", "chinese"].contains(where: name.contains)
        let isLength = name.contains("length") && first >= 0 && last < 62
        let bars = shown.map { bucket in
            let label =
                isShare ? Self.twentieth(bucket) : isLength ? ReportText.count(1 << bucket) : String(bucket)
            return BarChart.Bar(
                label: label, value: Double(buckets[bucket] ?? 0), part: kept.map { Double($0[bucket] ?? 0) })
        }
        let axis = isShare ? "from, 0.05 wide" : isLength ? "characters, from" : "bucket"
        let title = ReportText.words(name) + (kept == nil ? "" : ", and the part that was kept")
        let chart = BarChart(title: title, bars: bars, axis: axis, partName: "kept").html
        return kept.map { chart + keptTable(name, shown, buckets, $0, isShare) } ?? chart
    }

    private func keptTable(
        _ name: String, _ shown: [Int], _ buckets: [Int: Int], _ kept: [Int: Int], _ isShare: Bool
    ) -> String {
        let rows = shown.map { bucket in
            [
                isShare ? Self.twentieth(bucket) : String(bucket), ReportText.count(buckets[bucket] ?? 0),
                ReportText.count(kept[bucket] ?? 0), ReportText.share(kept[bucket] ?? 0, of: buckets[bucket] ?? 0),
            ]
        }
        return "<div>"
            + HTMLPage.table(
                caption: "Kept share by \(ReportText.words(name))",
                header: ["from", "documents", "kept", "kept share"], rows: rows, numeric: [1, 2, 3]) + "</div>\n"
    }

    private static func twentieth(_ bucket: Int) -> String {
        let hundredths = 5 * bucket
        return "0.\(hundredths < 10 ? "0" : "")\(hundredths)"
    }
}

extension StageTally {
    /// The rules, those that met the most documents first.
    var rankedRules: [(name: String, rule: Rule)] {
        rules.map { ($0.key, $0.value) }.sorted { left, right in
            left.1.documents != right.1.documents ? left.1.documents > right.1.documents : left.0 < right.0
        }
    }
}
