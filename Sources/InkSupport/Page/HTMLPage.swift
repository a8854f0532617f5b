import Foundation

/// HTML writing: escaping, small elements, and the frame and style of a page that needs nothing but itself.
package enum HTMLPage {
    /// `text` safe as content and inside quoted attributes; control characters that HTML forbids are shown as U+FFFD.
    package static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case _ where scalar.properties.generalCategory == .control: result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// `text` escaped, marked as Chinese when it holds a 汉字, so that fonts and screen readers choose well.
    package static func text(_ text: String) -> String {
        let isChinese = text.unicodeScalars.contains { $0.properties.isIdeographic }
        return isChinese ? "<span lang=\"zh-Hans\">\(escape(text))</span>" : escape(text)
    }

    /// A section with a heading.
    package static func section(_ heading: String, _ body: String) -> String {
        let id = heading.lowercased().replacingOccurrences(of: " ", with: "-")
        return "<section aria-labelledby=\"\(id)\">\n<h2 id=\"\(id)\">\(escape(heading))</h2>\n\(body)</section>\n"
    }

    /// A table that scrolls sideways in its own frame. Header and cells are HTML already; columns in `numeric` are
    /// right-aligned; the first cell of a row is its header. One that `stacks` has long texts: on a narrow screen each
    /// row becomes a block with a line for each cell, under the name of its column.
    package static func table(
        caption: String, header: [String], rows: [[String]], numeric: Set<Int> = [], stacks: Bool = false
    ) -> String {
        func style(_ column: Int) -> String { numeric.contains(column) ? " class=\"n\"" : "" }
        var html =
            "<p class=\"soft caption\">\(escape(caption))</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(escape(caption))\">"
        html += stacks ? "<table class=\"stack\">\n<thead><tr>" : "<table>\n<thead><tr>"
        for (column, cell) in header.enumerated() { html += "<th scope=\"col\"\(style(column))>\(cell)</th>" }
        html += "</tr></thead>\n<tbody>\n"
        for row in rows {
            html += "<tr>"
            for (column, cell) in row.enumerated() {
                let name = stacks && header.indices.contains(column) ? " data-name=\"\(escape(header[column]))\"" : ""
                html +=
                    column == 0
                    ? "<th scope=\"row\"\(name)>\(cell)</th>" : "<td\(style(column))\(name)>\(cell)</td>"
            }
            html += "</tr>\n"
        }
        return html + "</tbody>\n</table></div>\n"
    }

    /// A list of names and values; the values are HTML already.
    package static func facts(_ facts: [(name: String, value: String)]) -> String {
        "<dl>\n" + facts.map { "<div><dt>\(escape($0.name))</dt><dd>\($0.value)</dd></div>\n" }.joined() + "</dl>\n"
    }

    /// The whole document.
    package static func document(title: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(escape(title))</title>
        <style>
        \(style)
        </style>
        </head>
        <body>
        <main>
        \(body)</main>
        </body>
        </html>

        """
    }

    /// Colours have a contrast of at least 4.5 to 1 against their ground in both modes.
    private static let style = """
        :root {
          --ground: #fbfaf8; --card: #ffffff; --ink: #1b1d22; --soft: #5a606c; --rule: #dcd9d2; --grid: #e8e5df;
          --train: #9a5b00; --dev: #1d4ea8; --bar: #2f6fce; --track: #ecebe6; --edge: #1b1d2233;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14161a; --card: #1c1f25; --ink: #e9e7e2; --soft: #a5abb8; --rule: #353a44; --grid: #2b3038;
            --train: #f0b45a; --dev: #8ab8ff; --bar: #6ea3f0; --track: #2b3038; --edge: #e9e7e244;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--ground); color: var(--ink); -webkit-text-size-adjust: 100%;
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Noto Sans CJK SC",
            "Microsoft YaHei", sans-serif;
        }
        main { max-width: 1080px; margin: 0 auto; padding: 20px 16px 56px; }
        h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
        h2 { font-size: 1.15rem; margin: 36px 0 10px; }
        h3 { font-size: 0.95rem; margin: 22px 0 4px; } figure h3 { margin: 0 0 4px; }
        p { margin: 6px 0; max-width: 74ch; }
        ul { margin: 6px 0; padding-left: 1.2em; max-width: 74ch; } li { margin: 4px 0; overflow-wrap: anywhere; }
        .soft { color: var(--soft); font-size: 0.9rem; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(138px, 1fr)); gap: 10px; margin: 18px 0 0; }
        .card, figure { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
        .card { padding: 10px 14px; }
        .card b { display: block; font-size: 1.45rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
        .card span { color: var(--soft); font-size: 0.85rem; }
        .charts {
          display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 14px;
          align-items: start;
        }
        figure { margin: 0; padding: 12px 12px 6px; }
        figure svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--soft); font: 13px system-ui, -apple-system, "PingFang SC", sans-serif; }
        svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--soft); }
        svg .best { stroke: var(--soft); stroke-dasharray: 2 4; }
        svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        svg .train { stroke: var(--train); } svg .dev { stroke: var(--dev); stroke-dasharray: 7 4; }
        svg .dot { fill: var(--dev); } svg text.train { fill: var(--train); stroke: none; }
        svg text.dev { fill: var(--dev); stroke: none; }
        svg text.mark { paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
        .scroll {
          overflow-x: auto; margin: 2px 0 8px;
          background: linear-gradient(to right, var(--ground) 40%, transparent) 0 0 / 40px 100% no-repeat local,
            linear-gradient(to left, var(--ground) 40%, transparent) 100% 0 / 40px 100% no-repeat local,
            linear-gradient(to right, var(--edge), transparent) 0 0 / 14px 100% no-repeat scroll,
            linear-gradient(to left, var(--edge), transparent) 100% 0 / 14px 100% no-repeat scroll;
        }
        table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; min-width: 100%; }
        .caption { margin: 8px 0 0; } dl + .caption, .scroll + .caption { margin-top: 24px; }
        th, td { padding: 6px 10px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
        thead th { color: var(--soft); font-weight: 600; font-size: 0.82rem; vertical-align: bottom; }
        tbody th { font-weight: 500; }
        .n { text-align: right; white-space: nowrap; }
        .wide { display: inline-block; min-width: 11em; font-weight: 400; }
        .bar { display: block; height: 6px; min-width: 46px; border-radius: 3px; background: var(--track); margin-top: 3px; }
        .bar i { display: block; height: 100%; border-radius: 3px; background: var(--bar); }
        table.heat { width: auto; min-width: 0; font-size: 0.82rem; border-collapse: separate; border-spacing: 2px; }
        .heat th, .heat td { border: 0; padding: 4px 3px; }
        .heat thead th { writing-mode: vertical-rl; text-align: end; padding: 4px 3px; max-height: 9em; }
        .heat thead th.corner { writing-mode: horizontal-tb; text-align: right; vertical-align: bottom; }
        .heat tbody th {
          position: sticky; left: 0; background: var(--ground); text-align: right; white-space: nowrap; padding-right: 8px;
          max-width: 9em; overflow: hidden; text-overflow: ellipsis;
        }
        .heat td { text-align: center; vertical-align: middle; min-width: 32px; border-radius: 4px; }
        .heat td { background: var(--l); color: var(--lt); } .heat td.d { font-weight: 700; }
        .heat td.z { --l: transparent; --k: transparent; --lt: var(--soft); --kt: var(--soft); }
        @media (prefers-color-scheme: dark) { .heat td { background: var(--k); color: var(--kt); } }
        dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px 20px; margin: 8px 0; }
        dt { color: var(--soft); font-size: 0.82rem; } dd { margin: 0; overflow-wrap: anywhere; }
        code, pre { font: 0.86rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
        code.hash { overflow-wrap: anywhere; color: var(--soft); font-size: 0.76rem; }
        td code.hash { display: block; min-width: 20em; }
        pre { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
        details { margin: 10px 0; } summary { cursor: pointer; color: var(--soft); }
        @media (max-width: 560px) {
          main { padding: 16px 12px 48px; }
          table { font-size: 0.86rem; } th, td { padding: 6px 5px; } .card b { font-size: 1.25rem; }
          table.heat { border-spacing: 1px; font-size: 0.72rem; table-layout: auto; }
          .heat th, .heat td { padding: 3px 1px; } .heat td { min-width: 1.9em; }
          .heat thead th { font-size: 0.72rem; }
          .heat thead th.corner { writing-mode: vertical-rl; }
          .heat tbody th { max-width: 5.5em; padding-right: 4px; }
          .stack, .stack tbody, .stack tr, .stack th, .stack td { display: block; width: auto; }
          .stack thead { display: none; } .stack tbody tr { border-bottom: 1px solid var(--rule); padding: 8px 0; }
          .stack tbody th, .stack tbody td { border: 0; padding: 2px 0; text-align: left; overflow-wrap: anywhere; white-space: normal; }
          .stack tbody td[data-name] { position: relative; padding-left: 7em; min-height: 1.9em; }
          .stack tbody [data-name]::before {
            content: attr(data-name); color: var(--soft); font-size: 0.82rem; font-weight: 600;
          }
          .stack tbody td[data-name]::before { position: absolute; left: 0; }
          .stack tbody th[data-name]::before { display: block; }
          .stack td code.hash { min-width: 0; }
        }
        @media print { .scroll { overflow: visible; } section { break-inside: avoid; } }
        """
}
