import InkSupport

/// Buffered results on standard output. Not for use from several tasks at once.
final class ResultWriter {
    private var buffer: [UInt8] = []
    private static let bufferSize = 1 << 16

    /// Adds text. Throws as `flush()`.
    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Adds a line. Throws as `flush()`.
    func line(_ text: String = "") throws { try write(text + "\n") }

    /// Hands over what was written so far. Throws `ClosedOutput`, or `InputError` (`.run`) when the disk is full.
    func flush() throws {
        try StandardOutput.write(buffer, problem: "cannot write the results")
        buffer.removeAll(keepingCapacity: true)
    }
}
