import Foundation
import InkSupport

/// Whoever read the results has closed the pipe (`| head`): the command ends quietly.
struct OutputClosed: Error {}

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

    /// Hands over what was written so far. Throws `OutputClosed`, or `InputError` (`.run`) when the disk is full.
    func flush() throws {
        var start = 0
        while start < buffer.count {
            let count = buffer[start...].withContiguousStorageIfAvailable { piece in
                Foundation.write(STDOUT_FILENO, piece.baseAddress, piece.count)
            }
            guard let count else { break }
            if count >= 0 {
                start += count
            } else if errno == EPIPE {
                throw OutputClosed()
            } else if errno != EINTR {
                throw SystemError.inputError(at: "standard output", "cannot write the results", errno)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
