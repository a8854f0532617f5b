import Foundation
import InkSupport

/// A file in a stage's work folder: written from the front, read anywhere. It goes with its last user.
final class ScratchFile {
    let url: URL
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var written = 0

    private static let pendingLimit = 1 << 16

    /// - Throws: `InputError` (`.run`) when the file cannot be made.
    init(_ url: URL) throws {
        self.url = url
        descriptor = open(url.path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw SystemError.inputError(at: url.path, "cannot write the file", errno) }
    }

    deinit {
        close(descriptor)
        unlink(url.path)
    }

    /// Bytes in the file.
    var count: Int { written + pending.count }

    /// Adds bytes at the end.
    /// - Throws: `InputError` (`.run`), for instance when the disk is full.
    func append(_ bytes: [UInt8]) throws {
        pending += bytes
        if pending.count >= Self.pendingLimit { try flush() }
    }

    /// The bytes of a place.
    /// - Throws: `InputError` (`.run`) when they cannot be read or are not there.
    func read(at offset: Int, count: Int) throws -> [UInt8] {
        try flush()
        var bytes = [UInt8](repeating: 0, count: count)
        var got = pread(descriptor, &bytes, count, off_t(offset))
        while got < 0, errno == EINTR { got = pread(descriptor, &bytes, count, off_t(offset)) }
        if got < 0 { throw SystemError.inputError(at: url.path, "cannot read the file", errno) }
        if got < count {
            throw InputError(
                .run, at: url.path, "the work file is shorter than what was written to it", expected: "\(count) bytes",
                found: "\(got)", remedy: "leave the work folder alone while the program runs")
        }
        return bytes
    }

    private func flush() throws {
        var rest = pending[...]
        while !rest.isEmpty {
            let chunk = Array(rest)
            let done = pwrite(descriptor, chunk, chunk.count, off_t(written))
            if done < 0 {
                if errno == EINTR { continue }
                throw SystemError.inputError(at: url.path, "cannot write the file", errno)
            }
            written += done
            rest = rest.dropFirst(done)
        }
        pending.removeAll(keepingCapacity: true)
    }
}
