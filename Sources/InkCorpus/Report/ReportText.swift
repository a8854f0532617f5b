import Foundation
import InkSupport

/// Numbers and names as the report shows them.
enum ReportText {
    /// A whole number with a thin space between its thousands.
    static func count(_ value: Int) -> String {
        var digits = Array(String(value.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert("\u{2009}", at: place)
            place -= 3
        }
        return (value < 0 ? "-" : "") + String(digits)
    }

    /// A part of a whole in percent; a dash where there is no whole.
    static func share(_ part: Int, of whole: Int) -> String {
        whole > 0 ? percent(Double(part) / Double(whole)) : "–"
    }

    static func percent(_ share: Double) -> String {
        String(format: share > 0 && share < 0.001 ? "%.4f%%" : "%.2f%%", 100 * share)
    }

    static func megabytes(_ bytes: Int) -> String { String(format: "%.2f", Double(bytes) / 1e6) }

    /// `tokensPerCharacter` or `score-kept` as words.
    static func words(_ name: String) -> String {
        var words = ""
        for letter in name {
            if letter.isASCII, letter.isUppercase {
                words += " " + letter.lowercased()
            } else {
                words.append(letter == "-" || letter == "_" ? " " : letter)
            }
        }
        return words
    }

    /// A value of the facts; numbers whose name ends in `share` in percent.
    static func value(_ name: String, _ value: JSONValue) -> String {
        switch value {
        case .null: return "–"
        case .bool(let value): return value ? "yes" : "no"
        case .string(let text): return text
        case .number(let text):
            let isShare = name.lowercased().hasSuffix("share")
            if !isShare, let whole = Int(text) { return count(whole) }
            guard let number = Double(text) else { return text }
            return isShare ? percent(number) : Self.number(number)
        case .array, .object: return value.serialized(indented: false)
        }
    }

    /// A number with at most four decimals.
    static func number(_ value: Double) -> String {
        let text = String(describing: (value * 1e4).rounded() / 1e4)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
