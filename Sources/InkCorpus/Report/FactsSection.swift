import InkSupport

/// The figures that only one stage has, whatever they are: single values as a list, rows as tables, histograms as
/// charts, objects under headings of their own.
struct FactsSection {
    private let facts: JSONObject
    private let depth: Int

    /// Rows of a table on the page.
    private static let rowLimit = 100
    /// Objects further inside are shown as JSON.
    private static let deepest = 3

    init(_ facts: JSONObject, depth: Int = 0) {
        self.facts = facts
        self.depth = depth
    }

    var html: String {
        var (single, further): ([(name: String, value: String)], String) = ([], "")
        for name in facts.names {
            switch facts[name] {
            case .object(let object)?:
                if let chart = Self.chart(name, object) {
                    further += chart
                } else if depth < Self.deepest {
                    further += "<h3>\(HTMLPage.text(ReportText.words(name)))</h3>\n"
                    further += FactsSection(object, depth: depth + 1).html
                } else {
                    single.append((ReportText.words(name), Self.value(name, .object(object))))
                }
            case .array(let elements)?:
                if let table = Self.table(name, elements) {
                    further += table
                } else {
                    single.append((ReportText.words(name), Self.list(name, elements)))
                }
            case let value?: single.append((ReportText.words(name), Self.value(name, value)))
            case nil: continue
            }
        }
        return (single.isEmpty ? "" : HTMLPage.facts(single)) + further
    }

    private static func list(_ name: String, _ elements: [JSONValue]) -> String {
        let shown = elements.prefix(rowLimit).map { value(name, $0) }.joined(separator: ", ")
        return shown + (elements.count > rowLimit ? " …" : "")
    }

    /// Rows that are objects; nil for other arrays.
    private static func table(_ name: String, _ elements: [JSONValue]) -> String? {
        let rows = elements.prefix(rowLimit).compactMap { element -> JSONObject? in
            if case .object(let object) = element { object } else { nil }
        }
        guard !rows.isEmpty, rows.count == min(elements.count, rowLimit) else { return nil }
        var columns: [String] = []
        var inner: [String] = []
        for row in rows {
            for name in row.names where !columns.contains(name) && !inner.contains(name) {
                if case .array = row[name] { inner.append(name) } else { columns.append(name) }
            }
        }
        let numeric = columns.indices.filter { column in
            rows.allSatisfy { row in
                if case .number? = row[columns[column]] { true } else { row[columns[column]] == nil }
            }
        }
        let more = elements.count > rowLimit ? ": the first \(rowLimit) of \(elements.count)" : ""
        return HTMLPage.table(
            caption: ReportText.words(name) + more, header: columns.map { HTMLPage.text(ReportText.words($0)) },
            rows: rows.map { row in columns.map { column in row[column].map { value(column, $0) } ?? "" } },
            numeric: Set(numeric)) + details(inner, of: rows, named: columns.first)
    }

    /// Rows inside rows, to be unfolded under the row's first value.
    private static func details(_ names: [String], of rows: [JSONObject], named column: String?) -> String {
        var html = ""
        for name in names {
            for row in rows {
                guard case .array(let elements) = row[name], !elements.isEmpty else { continue }
                let owner = column.flatMap { column in row[column].map { ReportText.value(column, $0) } } ?? ""
                let inside = table(name, elements) ?? "<p>\(list(name, elements))</p>\n"
                html += "<details><summary>\(HTMLPage.text(owner)): \(elements.count) "
                html += "\(HTMLPage.text(ReportText.words(name)))</summary>\n\(inside)</details>\n"
            }
        }
        return html
    }

    /// The chart of a `RangeHistogram`; nil for other objects.
    private static func chart(_ name: String, _ object: JSONObject) -> String? {
        guard let width = object["width"].flatMap(Double.init), let buckets = object["buckets"].flatMap([[Int]].init),
            buckets.allSatisfy({ $0.count == 2 })
        else { return nil }
        let bars = buckets.map {
            BarChart.Bar(label: ReportText.number(Double($0[0]) * width), value: Double($0[1]))
        }
        let facts = ["count", "mean", "least", "greatest"].compactMap { fact in
            object[fact].map { (name: fact, value: value(fact, $0)) }
        }
        return "<div class=\"charts\">\n"
            + BarChart(title: ReportText.words(name), bars: bars, axis: "from, \(ReportText.number(width)) wide").html
            + "</div>\n" + HTMLPage.facts(facts)
    }

    private static func value(_ name: String, _ value: JSONValue) -> String {
        switch value {
        case .array, .object: "<code>\(HTMLPage.escape(value.serialized(indented: false)))</code>"
        default: HTMLPage.text(ReportText.value(name, value))
        }
    }
}
