import Foundation

/// Reads a file or a pipe in pieces. A pipe gives what is there, without waiting for a full piece.
package final class ByteReader {
    /// The name used in errors.
    package let name: String
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private var buffer: [UInt8]

    /// Opens a file. Throws `InputError` (`.data`) when it does not exist, is a folder or may not be read.
    package init(contentsOf url: URL, chunkSize: Int = 1 << 18) throws {
        name = url.path
        buffer = [UInt8](repeating: 0, count: chunkSize)
        ownsDescriptor = true
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw SystemError.inputError(.data, at: name, "cannot read the file", errno) }
    }

    /// Reads from an open handle, which stays open.
    package init(handle: FileHandle, name: String, chunkSize: Int = 1 << 18) {
        self.name = name
        buffer = [UInt8](repeating: 0, count: chunkSize)
        ownsDescriptor = false
        descriptor = handle.fileDescriptor
    }

    deinit { if ownsDescriptor { close(descriptor) } }

    /// Goes to a place of a file. Throws `InputError` (`.data`) for a pipe and for a file that ends before it.
    package func seek(to offset: Int) throws {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw SystemError.inputError(.data, at: name, "cannot read the file", errno) }
        guard offset <= end, lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            throw InputError(
                at: name, "the file is shorter than it was", expected: "at least \(offset) bytes", found: "\(end)",
                remedy: "remove the output folder, and start again")
        }
    }

    /// The next piece, nil at the end. Throws `InputError` (`.data`) when reading fails.
    package func next() throws -> [UInt8]? {
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 { return count == buffer.count ? buffer : Array(buffer[0..<count]) }
            if count == 0 { return nil }
            if errno != EINTR { throw SystemError.inputError(.data, at: name, "cannot read the file", errno) }
        }
    }
}
