import Foundation
import InkSupport

/// A histogram as inline SVG, in the colours of `HTMLPage`, for a width of about 440 pixels.
struct BarChart {
    /// One bar.
    struct Bar {
        /// What stands under the bar, if there is room, and in its tooltip.
        let label: String
        let value: Double
        /// The part of the bar that is drawn full, the rest pale; nil for the whole bar.
        var part: Double?
    }

    let title: String
    let bars: [Bar]
    /// What the horizontal axis shows.
    let axis: String
    /// What the part of a bar means, `kept`.
    var partName = ""

    private static let width = 440.0
    private static let height = 220.0
    private static let left = 56.0
    private static let right = 10.0
    private static let top = 14.0
    private static let bottom = 44.0
    /// Labels under the bars; more would touch.
    private static let mostLabels = 9

    /// The `<figure>` element; empty when there are no bars.
    var html: String {
        svg.isEmpty ? "" : "<figure>\n<h3>\(HTMLPage.text(title))</h3>\n\(svg)</figure>\n"
    }

    /// The `<svg>` element with a title and a description; empty when there are no bars.
    var svg: String {
        guard let high = bars.map(\.value).max(), high > 0, let largest = bars.first(where: { $0.value == high }) else {
            return ""
        }
        let base = Self.height - Self.bottom
        let step = (Self.width - Self.left - Self.right) / Double(bars.count)
        func y(_ value: Double) -> Double { base - value / high * (base - Self.top) }
        let total = bars.reduce(0) { $0 + $1.value }
        let description =
            "\(bars.count) bars from \(bars[0].label) to \(bars[bars.count - 1].label), \(Self.text(total)) in all; "
            + "most at \(largest.label): \(Self.text(high))"
        var svg = "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\">\n"
        svg += "<title>\(HTMLPage.escape(title))</title>\n<desc>\(HTMLPage.escape(description))</desc>\n"
        for value in [0, high / 2, high] where value == 0 || value >= 1 {
            svg += SVGElement.line("grid", Self.left, y(value), Self.width - Self.right, y(value))
            svg += SVGElement.label(Self.short(value), Self.left - 6, y(value) + 4.5, anchor: "end")
        }
        let labelStep = max(1, (bars.count + Self.mostLabels - 1) / Self.mostLabels)
        for (index, bar) in bars.enumerated() {
            let x = Self.left + Double(index) * step + step * 0.08
            svg += "<g><title>\(HTMLPage.escape(tip(bar)))</title>"
            svg += Self.rectangle(x, y(bar.value), step * 0.84, base, isPale: bar.part != nil)
            if let part = bar.part { svg += Self.rectangle(x, y(part), step * 0.84, base, isPale: false) }
            svg += "</g>\n"
            if index % labelStep == 0 {
                svg += SVGElement.label(bar.label, x + step * 0.42, base + 17, anchor: "middle")
            }
        }
        svg += SVGElement.line("axis", Self.left, base, Self.width - Self.right, base)
        svg += SVGElement.label(axis, Self.width - Self.right, Self.height - 6, anchor: "end")
        return svg + "</svg>\n"
    }

    private func tip(_ bar: Bar) -> String {
        guard let part = bar.part else { return "\(bar.label): \(Self.text(bar.value))" }
        let share = bar.value > 0 ? 100 * part / bar.value : 0
        return "\(bar.label): \(Self.text(part)) of \(Self.text(bar.value)) \(partName) "
            + String(format: "(%.1f%%)", share)
    }

    private static func text(_ value: Double) -> String { String(format: "%.0f", value) }

    private static func short(_ value: Double) -> String {
        for (unit, name) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= unit {
            return String(format: value >= 10 * unit ? "%.0f%@" : "%.1f%@", value / unit, name)
        }
        return text(value)
    }

    private static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ base: Double, isPale: Bool) -> String {
        // A bar of a few documents among millions stays visible.
        let height = base - y > 0 ? max(base - y, 1) : 0
        return String(
            format: "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" style=\"fill:var(--bar)%@\"/>", x,
            base - height, width, height, isPale ? ";fill-opacity:.3" : "")
    }
}
