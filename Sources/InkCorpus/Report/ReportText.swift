import Foundation

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
}
