import Foundation
import Synchronization

/// A regular file that is read at any place, with a system call for each piece and never through a mapping: a file that
/// is cut off or rewritten while it is in use gives an error here, where a mapping would end the process.
package final class RandomAccessFile: Sendable {
    /// The path as the user gave it, for messages.
    package let path: String
    package let url: URL
    /// Size in bytes, at least 1.
    package let count: Int
    /// Open all the time, or -1: then the file is opened for every piece.
    private let descriptor: Int32
    private let identity: Identity
    /// The last bytes that numbers were read from.
    private let window = Mutex((start: 0, bytes: [UInt8]()))

    private static let windowBytes = 4096

    /// What changes when a file does.
    private struct Identity: Equatable {
        let device: UInt64
        let number: UInt64
        let size: Int
        let seconds: Int
        let nanoseconds: Int

        init(_ status: stat) {
            device = UInt64(truncatingIfNeeded: status.st_dev)
            number = UInt64(status.st_ino)
            size = Int(status.st_size)
            #if canImport(Darwin)
                let time = status.st_mtimespec
            #else
                let time = status.st_mtim
            #endif
            seconds = Int(time.tv_sec)
            nanoseconds = Int(time.tv_nsec)
        }
    }

    /// Opens the file at `url`.
    /// - Parameter staysOpen: false for one of many files, which would use up the descriptors a process may have. While
    ///   it is open, a file that is replaced by renaming stays as it was.
    /// - Throws: `InputError` when the file is missing, unreadable, empty or no regular file.
    package init(contentsOf url: URL, staysOpen: Bool = true) throws {
        self.url = url
        path = url.relativePath
        let descriptor = try Self.open(url)
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw InputError(at: path, "not a regular file", remedy: "give the folder of a model or one weight file")
        }
        identity = Identity(status)
        count = identity.size
        if !staysOpen || count == 0 { close(descriptor) }
        self.descriptor = staysOpen && count > 0 ? descriptor : -1
        guard count > 0 else {
            throw InputError(
                at: path, "the file is empty", remedy: "copy or download it again, and compare its size with the source"
            )
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    private static func open(_ url: URL) throws -> Int32 {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = Foundation.open(url.path(percentEncoded: false), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SystemError.inputError(.data, at: url.relativePath, "the file cannot be opened", errno)
        }
        return descriptor
    }

    /// The last part of the path.
    package var name: String { url.lastPathComponent }

    /// Calls `body` with the open file.
    /// - Throws: `InputError` when the file is not the one that was opened first, and what `body` throws.
    package func withDescriptor<Result>(_ body: (Int32) throws -> Result) throws -> Result {
        let descriptor = self.descriptor >= 0 ? self.descriptor : try Self.open(url)
        defer { if self.descriptor < 0 { close(descriptor) } }
        var status = stat()
        guard fstat(descriptor, &status) == 0, Identity(status) == identity else { throw changed() }
        return try body(descriptor)
    }

    /// The error for a file that is not what it was when it was opened.
    package func changed() -> InputError {
        InputError(
            at: path, "the file was changed while it was in use", expected: "the \(count) bytes that it had at first",
            remedy: "start again when nothing writes to it any more")
    }

    /// The bytes in a range, which must lie within the file.
    /// - Throws: `InputError` when the file was changed, or cannot be read.
    package func bytes(_ range: Range<Int>) throws -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes of the file")
        var bytes = [UInt8](repeating: 0, count: range.count)
        try withDescriptor { descriptor in
            var done = 0
            while done < range.count {
                let count = bytes[done...].withUnsafeMutableBytes {
                    pread(descriptor, $0.baseAddress, $0.count, off_t(range.lowerBound + done))
                }
                if count < 0, errno == EINTR { continue }
                if count < 0 { throw SystemError.inputError(.data, at: path, "cannot read the file", errno) }
                if count == 0 { throw changed() }
                done += count
            }
        }
        return bytes
    }

    /// All bytes.
    /// - Parameter limit: most that the caller can use.
    /// - Throws: `InputError` when the file is larger, was changed, or cannot be read.
    package func contents(upTo limit: Int) throws -> [UInt8] {
        guard count <= limit else {
            throw InputError(
                at: path, "the file is too large for what it should be", expected: "at most \(limit) bytes",
                found: "\(count)")
        }
        return try bytes(0..<count)
    }

    /// A little-endian number of at most 8 bytes; those above `Int.max` read as -1. Its neighbours cost no further call.
    /// - Throws: as `bytes(_:)`.
    package func number(at offset: Int, bytes size: Int) throws -> Int {
        let value = try window.withLock { window in
            if offset < window.start || offset + size > window.start + window.bytes.count {
                window.bytes = try bytes(offset..<min(count, max(offset + size, offset + Self.windowBytes)))
                window.start = offset
            }
            return (0..<size).reduce(UInt64(0)) { value, index in
                value | UInt64(window.bytes[offset - window.start + index]) << (8 * UInt64(index))
            }
        }
        return Int(exactly: value) ?? -1
    }
}
