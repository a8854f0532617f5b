import Foundation
import InkSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A file mapped read-only into memory.
///
/// Tensors borrow its bytes and keep it alive. A file that is replaced by renaming stays intact for those who mapped
/// the old one; that is how this project writes checkpoints.
final class MappedFile: @unchecked Sendable {
    /// The path as the user gave it, for messages.
    let path: String
    let url: URL
    /// Size in bytes, at least 1.
    let count: Int
    private let address: UnsafeRawPointer

    /// Maps the file at `url`.
    ///
    /// Throws when the file is missing, unreadable, empty or no regular file, and when it is a Git LFS pointer: the
    /// text that stands for a weight file that was never downloaded.
    init(contentsOf url: URL) throws {
        self.url = url
        path = url.relativePath
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(url.path(percentEncoded: false), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SystemError.inputError(.data, at: path, "the file cannot be opened", errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw InputError(at: path, "not a regular file", remedy: "give the folder of a model or one weight file")
        }
        guard status.st_size > 0 else {
            throw InputError(
                at: path, "the file is empty", remedy: "copy or download it again, and compare its size with the source"
            )
        }
        count = Int(status.st_size)
        guard let mapped = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), mapped != MAP_FAILED else {
            throw SystemError.inputError(at: path, "the file cannot be mapped into memory", errno)
        }
        address = UnsafeRawPointer(mapped)
        if bytes.starts(with: "version https://git-lfs".utf8) {
            throw InputError(
                at: path, "a Git LFS pointer stands in place of the weights", found: "a text file of \(count) bytes",
                remedy: "run `git lfs pull` in the folder, or download the file itself")
        }
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: address), count)
    }

    /// The last part of the path.
    var name: String { url.lastPathComponent }

    /// The contents. Valid while this object lives.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: address, count: count) }

    /// The contents as JSON.
    func json() throws -> JSONValue { try JSONValue(parsing: Array(bytes), location: path) }
}
