import Foundation
import InkSupport

/// A line chart as inline SVG, drawn for a width of about 440 pixels so that its letters stay readable on a phone.
struct SVGChart {
    /// A measured point.
    struct Point {
        let step: Int
        let value: Double
    }

    /// A line; the style class says colour and dashes, and a legend names it.
    struct Series {
        let name: String
        /// "train" or "dev" of the page's style.
        let style: String
        let points: [Point]
        /// Every point gets a dot with its value.
        let hasDots: Bool
    }

    let title: String
    let series: [Series]
    /// Marked by a dotted vertical line.
    let bestStep: Int?
    /// Values are shares, printed in percent.
    let isPercent: Bool

    private static let width = 440.0
    private static let height = 280.0
    private static let left = 50.0
    private static let right = 14.0
    private static let top = 30.0
    private static let bottom = 40.0

    /// The `<svg>` element; empty when no series has a point.
    var svg: String {
        let series = series.map {
            Series(
                name: $0.name, style: $0.style, points: Self.thinned($0.points.filter(\.value.isFinite), to: 240),
                hasDots: $0.hasDots)
        }.filter { !$0.points.isEmpty }
        let points = series.flatMap(\.points)
        guard let low = points.map(\.value).min(), let high = points.map(\.value).max(),
            let lastStep = points.map(\.step).max()
        else { return "" }
        let yTicks = Self.ticks(isPercent ? low : 0, isPercent ? min(high, 1) : high, count: 5)
        let xTicks = Self.ticks(0, Double(max(lastStep, 1)), count: 4).filter { $0 <= Double(max(lastStep, 1)) }
        guard let yLow = yTicks.first, let yHigh = yTicks.last else { return "" }
        func x(_ step: Int) -> Double {
            Self.left + Double(step) / Double(max(lastStep, 1)) * (Self.width - Self.left - Self.right)
        }
        func y(_ value: Double) -> Double {
            Self.top + (yHigh - value) / (yHigh - yLow) * (Self.height - Self.top - Self.bottom)
        }
        let base = Self.height - Self.bottom
        var svg =
            "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" "
            + "aria-label=\"\(HTMLPage.escape(summary(series)))\">\n"
        for tick in yTicks {
            svg += SVGElement.line("grid", Self.left, y(tick), Self.width - Self.right, y(tick))
            svg += SVGElement.label(
                label(tick, step: yTicks[1] - yTicks[0]), Self.left - 6, y(tick) + 4.5, anchor: "end")
        }
        for tick in xTicks {
            svg += SVGElement.line("axis", x(Int(tick)), base, x(Int(tick)), base + 4)
            svg += SVGElement.label(String(Int(tick)), x(Int(tick)), base + 18, anchor: "middle")
        }
        svg += SVGElement.line("axis", Self.left, base, Self.width - Self.right, base)
        svg += SVGElement.label("step", Self.width - Self.right, Self.height - 4, anchor: "end")
        for series in series {
            let path = series.points.enumerated().map { index, point in
                (index == 0 ? "M" : "L") + SVGElement.number(x(point.step)) + " " + SVGElement.number(y(point.value))
            }
            svg += "<path class=\"line \(series.style)\" d=\"\(path.joined())\"/>\n"
            for point in series.points where series.hasDots {
                svg +=
                    "<circle class=\"dot\" cx=\"\(SVGElement.number(x(point.step)))\" cy=\"\(SVGElement.number(y(point.value)))\""
                svg += " r=\"3\"><title>\(HTMLPage.escape(series.name)), step \(point.step): "
                svg += "\(exact(point.value))</title></circle>\n"
            }
        }
        if let bestStep, bestStep <= lastStep {
            svg += SVGElement.line("best", x(bestStep), Self.top, x(bestStep), base)
            let isLate = x(bestStep) > Self.width * 0.7
            svg += SVGElement.label(
                "kept: \(bestStep)", x(bestStep) + (isLate ? -5 : 5), isPercent ? base - 7 : Self.top + 12,
                anchor: isLate ? "end" : "start", style: "mark")
        }
        return svg + legend(series) + "</svg>\n"
    }

    private func legend(_ series: [Series]) -> String {
        var svg = ""
        var at = Self.left
        for series in series {
            svg += "<path class=\"line \(series.style)\" d=\"M\(SVGElement.number(at)) 13h26\"/>\n"
            if series.hasDots {
                svg += "<circle class=\"dot\" cx=\"\(SVGElement.number(at + 13))\" cy=\"13\" r=\"3\"/>\n"
            }
            svg += SVGElement.label(series.name, at + 32, 17.5, anchor: "start", style: series.style)
            at += 32 + Double(series.name.count) * 8 + 26
        }
        return svg
    }

    private func summary(_ series: [Series]) -> String {
        let parts = series.compactMap { series in
            guard let first = series.points.first, let last = series.points.last else { return nil as String? }
            return "\(series.name) from \(exact(first.value)) at step \(first.step) to \(exact(last.value)) at step "
                + "\(last.step)"
        }
        return title + ": " + parts.joined(separator: "; ")
    }

    private func exact(_ value: Double) -> String {
        isPercent ? String(format: "%.2f%%", 100 * value) : String(format: "%.4f", value)
    }

    private func label(_ value: Double, step: Double) -> String {
        let scaled = isPercent ? 100 * step : step
        let digits = scaled >= 0.999 ? 0 : scaled >= 0.0999 ? 1 : scaled >= 0.00999 ? 2 : 3
        return String(format: "%.\(digits)f", isPercent ? 100 * value : value) + (isPercent ? "%" : "")
    }

    /// Round numbers (1, 2, 2.5 or 5 times a power of ten apart) that enclose `low ... high`.
    static func ticks(_ low: Double, _ high: Double, count: Int) -> [Double] {
        let span = max(high - low, max(abs(high), 1e-6) * 0.01)
        let raw = span / Double(count)
        let power = pow(10, floor(log10(raw)))
        let step = ([1, 2, 2.5, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10) * power
        let first = floor(low / step + 1e-9)
        let last = max(ceil(high / step - 1e-9), first + 1)
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// At most `limit` points: means over runs of neighbours, so that a long noisy line stays light and readable.
    static func thinned(_ points: [Point], to limit: Int) -> [Point] {
        guard points.count > limit else { return points }
        let size = (points.count + limit - 1) / limit
        return stride(from: 0, to: points.count, by: size).map { start in
            let run = points[start..<min(start + size, points.count)]
            let mean = run.reduce(0) { $0 + $1.value } / Double(run.count)
            return Point(step: run[(run.startIndex + run.endIndex) / 2].step, value: mean)
        }
    }
}
