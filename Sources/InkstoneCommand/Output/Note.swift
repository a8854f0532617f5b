import Foundation
import InkSupport
import InkTasks

/// Lines for people on standard error.
enum Note {
    /// Writes a line, control characters as escapes: notes quote data. Trouble with standard error never stops a command.
    static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((ShownText.lines(of: text) + "\n").utf8))
    }

    /// A warning, if there is one.
    static func warning(_ text: String?) {
        if let text { write("warning: \(text)") }
    }

    /// One warning for each kind of oddity, with its count and first place.
    static func warnings(_ counter: OddityCounter) {
        counter.oddities.forEach { write("warning: \($0)") }
    }
}
