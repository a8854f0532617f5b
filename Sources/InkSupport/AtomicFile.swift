import Foundation

/// Writes a file so that a reader finds either the old contents or the new ones, never a mixture.
///
/// The bytes go to a temporary name in the same folder, are synced, and take the final name in one rename; the folder
/// is synced last, so the rename itself survives a power cut.
public enum AtomicFile {
    /// Replaces the file at `url` by `data`. Throws `InputError` (`.run`) naming the path and the reason; the old file
    /// is then untouched.
    public static func write(_ data: Data, to url: URL) throws {
        let writer = try AtomicFileWriter(url)
        try writer.append(data)
        try writer.commit()
    }

    /// Replaces the file at `url` by `text` in UTF-8. Throws as `write(_:to:)` of data.
    public static func write(_ text: String, to url: URL) throws {
        let writer = try AtomicFileWriter(url)
        try writer.append(Array(text.utf8))
        try writer.commit()
    }
}

/// A file that is being written under a temporary name, for contents too large to hold in memory.
///
/// Append, then `commit()`. A writer that goes away without `commit()`, or whose write fails, removes its temporary
/// file and leaves the old one as it was. The temporary name is fixed (`.NAME.partial`), so that what a killed process
/// left behind is reused and does not pile up; a lock keeps two writers apart. Not for use from several tasks at once.
public final class AtomicFileWriter {
    /// The final path, symbolic links resolved.
    public let url: URL
    private let temporaryPath: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []

    private static let bufferSize = 1 << 20

    /// Opens the temporary file beside `url`. Throws `InputError` (`.run`) when that is not possible.
    public init(_ url: URL) throws {
        let target = url.resolvingSymlinksInPath()
        self.url = target
        let folder = target.deletingLastPathComponent()
        temporaryPath = folder.appending(path: ".\(target.lastPathComponent).partial").path
        descriptor = -1
        if target.isFolder {
            throw InputError(.run, at: target.path, "cannot write the file", found: "a folder of this name")
        }
        descriptor = try Self.openLocked(temporaryPath, for: target.path)
    }

    deinit { discard() }

    /// Adds bytes at the end. Throws `InputError` (`.run`), for instance when the disk is full.
    public func append(_ bytes: [UInt8]) throws {
        if buffer.isEmpty, bytes.count >= Self.bufferSize { return try flush(bytes) }
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flushBuffer() }
    }

    /// Adds bytes at the end, copying at most 1 MiB at a time. Throws as `append(_:)` of bytes.
    public func append(_ data: Data) throws {
        var start = data.startIndex
        while start < data.endIndex {
            let end = min(start + Self.bufferSize, data.endIndex)
            try append([UInt8](data[start..<end]))
            start = end
        }
    }

    /// Syncs the bytes and gives them the final name. After this the writer takes no more bytes.
    public func commit() throws {
        try flushBuffer()
        if fsync(descriptor) != 0 { throw fail("cannot bring the file to the disk", errno) }
        if rename(temporaryPath, url.path) != 0 { throw fail("cannot give the file its name", errno) }
        close(descriptor)
        descriptor = -1
        Self.syncFolder(url.deletingLastPathComponent().path)
    }

    /// Gives up: the temporary file goes, the old file stays. Does nothing after `commit()`.
    public func discard() {
        guard descriptor >= 0 else { return }
        unlink(temporaryPath)
        close(descriptor)
        descriptor = -1
    }

    private func flushBuffer() throws {
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try flush(bytes)
    }

    private func flush(_ bytes: [UInt8]) throws {
        guard descriptor >= 0 else {
            throw InputError(.run, at: url.path, "the file was already committed or given up")
        }
        var rest = bytes
        while !rest.isEmpty {
            let written = Foundation.write(descriptor, rest, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw fail("cannot write the file", errno)
            }
            if written == rest.count { return }
            rest.removeFirst(written)
        }
    }

    private func fail(_ problem: String, _ code: Int32) -> InputError {
        discard()
        return SystemError.inputError(at: url.path, problem, code)
    }

    private static func openLocked(_ path: String, for target: String) throws -> Int32 {
        while true {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw SystemError.inputError(at: target, "cannot write the file", errno) }
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
                close(descriptor)
                throw InputError(
                    .run, at: target, "another process is writing this file",
                    remedy: "let it finish, or give this run another folder")
            }
            // Between open and lock another writer may have renamed this very file to its final name: then the
            // lock is on the finished file, which must not be truncated.
            var opened = stat()
            var named = stat()
            guard fstat(descriptor, &opened) == 0, lstat(path, &named) == 0, opened.st_ino == named.st_ino else {
                close(descriptor)
                continue
            }
            guard ftruncate(descriptor, 0) == 0 else {
                let code = errno
                close(descriptor)
                throw SystemError.inputError(at: target, "cannot write the file", code)
            }
            return descriptor
        }
    }

    private static func syncFolder(_ path: String) {
        // Some file systems cannot sync a folder; the file itself is safe by then, so that is no error.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
