import Foundation

/// Standard output as a stream of bytes.
package enum StandardOutput {
    /// Writes all bytes.
    /// - Parameter problem: what an error says, `cannot write the results`.
    /// - Throws: `ClosedOutput` when whoever read them has gone, `InputError` (`.run`) for instance when the disk is full.
    package static func write(_ bytes: [UInt8], problem: String) throws {
        var start = 0
        while start < bytes.count {
            let piece = start == 0 ? bytes : Array(bytes[start...])
            let count = Foundation.write(STDOUT_FILENO, piece, piece.count)
            if count >= 0 {
                start += count
            } else if errno == EPIPE {
                throw ClosedOutput()
            } else if errno != EINTR {
                throw SystemError.inputError(at: "standard output", problem, errno)
            }
        }
    }
}

/// Whoever read standard output has closed it (`| head`): no error, only the end.
public struct ClosedOutput: Error {}
