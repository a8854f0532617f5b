import Foundation

/// Where a progress line goes.
public protocol ProgressSink {
    /// The line may be overwritten in place.
    var isTerminal: Bool { get }
    /// Width of the terminal in columns.
    var columns: Int { get }
    /// Colours are welcome.
    var allowsColour: Bool { get }
    /// Writes text as it is; trouble with the terminal never stops a run.
    func write(_ text: String)
}

/// Standard error. Colours only on a terminal without `NO_COLOR` (no-color.org); a `dumb` terminal counts as a file.
public struct StandardErrorSink: ProgressSink {
    /// Whether standard error is a terminal, where a line may be drawn again.
    public let isTerminal: Bool
    /// Whether colour may be used: a terminal, and no `NO_COLOR`.
    public let allowsColour: Bool

    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        allowsColour = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
    }

    public var columns: Int {
        // Asked every time: the window may change while a run goes on.
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    public func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
