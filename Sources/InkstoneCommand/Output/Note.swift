import Foundation

/// Lines for people on standard error.
enum Note {
    /// Writes a line; trouble with standard error never stops a command.
    static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }
}
