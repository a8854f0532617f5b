import Foundation

/// The elements that charts are drawn with, in the styles of `HTMLPage`.
package enum SVGElement {
    /// A coordinate, to a tenth of a pixel.
    package static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    /// A straight line.
    /// - Parameter style: its class, `grid` or `axis`.
    package static func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line class=\"\(style)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>\n"
    }

    /// A text, escaped.
    /// - Parameters:
    ///   - anchor: what of it stands at the place: `start`, `middle` or `end`.
    ///   - style: its class; nil for none.
    package static func label(
        _ text: String, _ x: Double, _ y: Double, anchor: String, style: String? = nil
    ) -> String {
        let style = style.map { " class=\"\($0)\"" } ?? ""
        return "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\"\(style)>"
            + HTMLPage.escape(text) + "</text>\n"
    }
}
