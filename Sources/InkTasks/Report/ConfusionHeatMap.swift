import Foundation
import InkSupport

/// The confusion matrix as an HTML table whose cells are tinted by the share of the gold class: blue where gold and
/// prediction agree, orange where not. The counts stand in the cells, so the colour says nothing that is not written.
struct ConfusionHeatMap {
    let names: [String]
    let confusion: [[Int]]

    /// Larger matrices show the classes with the most mistakes.
    static let classLimit = 40

    var html: String {
        let shown = shownClasses
        var html = ""
        if shown.count < names.count {
            html += "<p class=\"soft\">The \(shown.count) of \(names.count) classes with the most mistakes.</p>\n"
        }
        html += "<p class=\"soft\">Rows: gold class. Columns: predicted class. Tint: share of the row; blue is right, "
        html += "orange is wrong.</p>\n"
        html += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Confusion matrix\">"
        html += "<table class=\"heat\">\n<thead><tr><th class=\"corner\" scope=\"col\">gold \\ predicted</th>"
        for id in shown { html += "<th scope=\"col\">\(HTMLPage.text(names[id]))</th>" }
        html += "</tr></thead>\n<tbody>\n"
        for gold in shown {
            let total = confusion[gold].reduce(0, +)
            html += "<tr><th scope=\"row\">\(HTMLPage.text(names[gold]))</th>"
            for predicted in shown { html += cell(gold, predicted, total: total) }
            html += "</tr>\n"
        }
        return html + "</tbody>\n</table></div>\n"
    }

    private var shownClasses: [Int] {
        let ids = Array(names.indices.prefix(confusion.count))
        guard ids.count > Self.classLimit else { return ids }
        func mistakes(_ id: Int) -> Int {
            confusion[id].reduce(0, +) + confusion.reduce(0) { $0 + $1[id] } - 2 * confusion[id][id]
        }
        return ids.sorted { mistakes($0) > mistakes($1) }.prefix(Self.classLimit).sorted()
    }

    private func cell(_ gold: Int, _ predicted: Int, total: Int) -> String {
        let count = confusion[gold][predicted]
        guard count > 0, total > 0 else { return "<td class=\"z\">0</td>" }
        let share = Double(count) / Double(total)
        let right = gold == predicted
        let percent = String(format: "%.1f%%", 100 * share)
        let note = "\(count) of \(total) \(names[gold]) (\(percent)) as \(names[predicted])"
        // The square root lets a few mistakes show beside a full diagonal.
        let light = Tint(of: right ? (29, 78, 168) : (190, 82, 8), on: (255, 255, 255), share: share.squareRoot())
        let dark = Tint(of: right ? (122, 172, 255) : (245, 158, 66), on: (28, 31, 37), share: share.squareRoot())
        return "<td\(right ? " class=\"d\"" : "") title=\"\(HTMLPage.escape(note))\" "
            + "style=\"--l:\(light.hex);--lt:\(light.text);--k:\(dark.hex);--kt:\(dark.text)\">\(count)</td>"
    }

    /// A mixture of two colours and the text colour, black or white, that is easier to read on it.
    private struct Tint {
        let hex: String
        let text: String

        init(of colour: (Double, Double, Double), on ground: (Double, Double, Double), share: Double) {
            func mix(_ a: Double, _ b: Double) -> Double { (a * share + b * (1 - share)).rounded() }
            let mixed = [mix(colour.0, ground.0), mix(colour.1, ground.1), mix(colour.2, ground.2)]
            hex = "#" + mixed.map { String(format: "%02x", Int($0)) }.joined()
            // Relative luminance, WCAG 2.2; black and white are equally readable at 0.179.
            let linear = mixed.map { $0 / 255 <= 0.04045 ? $0 / 255 / 12.92 : pow(($0 / 255 + 0.055) / 1.055, 2.4) }
            text = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.179 ? "#000" : "#fff"
        }
    }
}
