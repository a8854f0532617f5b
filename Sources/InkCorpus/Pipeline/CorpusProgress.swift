import Foundation
import InkSupport

/// The line that says how a pass over a corpus is going:
///
///     clean | 41% | 143 MB of 350 MB | 62 MB/s | eta 00:03 | rss 210 MB
///
/// On a terminal it changes in place; elsewhere a plain line appears every ten seconds. Safe to use from any thread.
public final class CorpusProgress: @unchecked Sendable {
    // Every access to what changes holds the lock.
    private let lock = NSLock()
    private let sink: (any ProgressSink)?
    private var title = ""
    private var total = 0
    private var done = 0
    /// Bytes that an earlier run had read; they count for the share, not for the speed.
    private var before = 0
    private var start = 0.0
    private var lastShown = 0.0
    private var shownColumns = 0

    /// - Parameter sink: where the line goes; nil for nowhere.
    public init(sink: (any ProgressSink)? = nil) { self.sink = sink }

    /// Begins a pass.
    /// - Parameters:
    ///   - totalBytes: what will be read, nil when nobody knows (a pipe).
    ///   - done: bytes that an earlier run had read already.
    public func begin(_ title: String, totalBytes: Int?, from done: Int = 0) {
        lock.withLock {
            self.title = title
            total = totalBytes ?? 0
            (self.done, before) = (done, done)
            start = Self.now()
            lastShown = start
        }
    }

    /// Takes note of the bytes read so far in this pass.
    public func update(bytesRead: Int) {
        lock.withLock {
            done = bytesRead
            let time = Self.now()
            guard let sink, time - lastShown >= (sink.isTerminal ? 0.2 : 10) else { return }
            lastShown = time
            show(sink, at: time)
        }
    }

    /// Leaves the line.
    public func finish() {
        lock.withLock {
            if let sink, shownColumns > 0 { sink.write("\n") }
            shownColumns = 0
        }
    }

    private func show(_ sink: any ProgressSink, at time: Double) {
        let seconds = max(time - start, 1e-3)
        let speed = Double(max(0, done - before)) / seconds
        var parts = [title]
        if total > 0 { parts.append("\(min(100, Int(100 * Double(done) / Double(total))))%") }
        parts.append(ProcessMemory.text(done) + (total > 0 ? " of \(ProcessMemory.text(total))" : ""))
        parts.append(ProcessMemory.text(Int(speed)) + "/s")
        if total > done, speed > 0 { parts.append("eta " + Self.duration(Double(total - done) / speed)) }
        if let memory = ProcessMemory.residentBytes() { parts.append("rss " + ProcessMemory.text(memory)) }
        let line = parts.joined(separator: " | ")
        guard sink.isTerminal else { return sink.write(line + "\n") }
        let text = DisplayWidth.truncate(line, to: max(sink.columns - 1, 1))
        let columns = DisplayWidth.of(text)
        sink.write("\r" + text + String(repeating: " ", count: max(0, shownColumns - columns)))
        shownColumns = columns
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 359_999).rounded())
        let (hours, minutes) = (whole / 3600, whole / 60 % 60)
        return hours > 0
            ? String(format: "%d:%02d:%02d", hours, minutes, whole % 60)
            : String(format: "%02d:%02d", minutes, whole % 60)
    }

    private static func now() -> Double { ProcessInfo.processInfo.systemUptime }
}
