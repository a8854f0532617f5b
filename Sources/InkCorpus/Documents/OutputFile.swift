import Foundation
import InkSupport

/// A file that is written as a stream and takes its name only when it is whole; compressed where its name says so.
public final class OutputFile {
    private enum Target {
        case plain(AtomicFileWriter)
        case compressed(CompressedWriter)
        case standardOutput
    }

    private let target: Target

    /// - Parameter url: nil for standard output.
    /// - Throws: `InputError` (`.run`) when the file cannot be made, or the program that compresses it is missing.
    public init(_ url: URL?) throws {
        guard let url else {
            target = .standardOutput
            return
        }
        if let compression = Compression.of(url) {
            target = .compressed(try CompressedWriter(url, compression))
        } else {
            target = .plain(try AtomicFileWriter(url))
        }
    }

    /// Adds bytes.
    /// - Throws: `InputError` (`.run`), for instance when the disk is full; `ClosedOutput` when whoever read standard
    ///   output has gone.
    public func write(_ bytes: [UInt8]) throws {
        switch target {
        case .plain(let writer): try writer.append(bytes)
        case .compressed(let writer): try writer.append(bytes)
        case .standardOutput: try Self.writeToStandardOutput(bytes)
        }
    }

    /// Gives the file its name. Nothing may be written afterwards.
    /// - Throws: as `write(_:)`.
    public func commit() throws {
        switch target {
        case .plain(let writer): try writer.commit()
        case .compressed(let writer): try writer.commit()
        case .standardOutput: break
        }
    }

    private static func writeToStandardOutput(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let piece = start == 0 ? bytes : Array(bytes[start...])
            let count = Foundation.write(STDOUT_FILENO, piece, piece.count)
            if count >= 0 {
                start += count
            } else if errno == EPIPE {
                throw ClosedOutput()
            } else if errno != EINTR {
                throw SystemError.inputError(at: "standard output", "cannot write the documents", errno)
            }
        }
    }
}

/// Whoever read standard output has closed it: no error, only the end.
public struct ClosedOutput: Error {}
