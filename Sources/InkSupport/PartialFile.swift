import Foundation

/// A file under a temporary name, which takes its final name in one rename when it is whole.
///
/// The temporary name is fixed (`.NAME.partial`), so that what a killed process left behind is reused and does not pile
/// up; a lock keeps two writers apart. Without `commit()` the temporary file stays, for a writer that goes on behind
/// what is surely in it; `AtomicFileWriter` is for files that are written in one go. Not for use from several tasks at
/// once.
public final class PartialFile {
    /// The final path, symbolic links resolved.
    public let url: URL
    /// Where the bytes are until then.
    public let temporary: URL
    private var descriptor: Int32 = -1
    private var buffer: [UInt8] = []

    private static let bufferSize = 1 << 20

    /// Opens the temporary file beside `url`.
    /// - Parameters:
    ///   - length: bytes of an earlier writer that stay; what stands behind them goes.
    ///   - patience: seconds to wait for another writer that is about to end.
    /// - Throws: `InputError` (`.run`) when that is not possible, or fewer bytes are there.
    public init(_ url: URL, keeping length: Int = 0, patience: Double = 0) throws {
        let target = url.resolvingSymlinksInPath()
        self.url = target
        temporary = Self.temporary(of: target)
        if target.isFolder {
            throw InputError(.run, at: target.path, "cannot write the file", found: "a folder of this name")
        }
        // Whole, but what it belongs to is not: it goes back to its temporary name.
        if length > 0, !temporary.exists, target.exists { rename(target.path, temporary.path) }
        descriptor = try Self.openLocked(temporary.path, for: target.path, patience)
        do {
            try keep(length)
        } catch {
            close(descriptor)
            descriptor = -1
            throw error
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Bytes that an earlier writer left for `url`, whether it gave them their name or not; nil where there are none.
    public static func leftover(of url: URL) -> Int? {
        let target = url.resolvingSymlinksInPath()
        for place in [temporary(of: target), target] {
            var facts = stat()
            if lstat(place.path, &facts) == 0 { return Int(facts.st_size) }
        }
        return nil
    }

    /// Bytes handed over to the system.
    public var length: Int { descriptor < 0 ? 0 : Int(max(0, lseek(descriptor, 0, SEEK_CUR))) }

    /// The open file, for a program that writes into it by itself. Valid as long as this.
    public var handle: FileHandle { FileHandle(fileDescriptor: descriptor, closeOnDealloc: false) }

    /// Adds bytes at the end. Throws `InputError` (`.run`), for instance when the disk is full.
    public func append(_ bytes: [UInt8]) throws {
        if buffer.isEmpty, bytes.count >= Self.bufferSize { return try write(bytes) }
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
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

    /// Replaces bytes that were written before, such as a header that tells what follows it. Throws as `append(_:)`.
    public func replace(at offset: Int, _ bytes: [UInt8]) throws {
        try flush()
        precondition(offset >= 0 && offset + bytes.count <= length, "bytes that were not written cannot be replaced")
        var done = 0
        while done < bytes.count {
            let rest = Array(bytes[done...])
            let written = pwrite(descriptor, rest, rest.count, off_t(offset + done))
            if written < 0, errno == EINTR { continue }
            if written < 0 { throw error("cannot write the file", errno) }
            done += written
        }
    }

    /// Hands all bytes over to the system: from now on they outlive this process. Throws as `append(_:)`.
    public func flush() throws {
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        try write(bytes)
    }

    /// Syncs the bytes and gives them the final name. After this the file takes no more bytes.
    public func commit() throws {
        try flush()
        if fsync(descriptor) != 0 { throw error("cannot bring the file to the disk", errno) }
        if rename(temporary.path, url.path) != 0 { throw error("cannot give the file its name", errno) }
        close(descriptor)
        descriptor = -1
        // Some file systems cannot sync a folder; the file itself is safe by then, so that is no error.
        try? Self.sync(url.deletingLastPathComponent())
    }

    /// Gives up: the temporary file goes, a file of the final name stays. Does nothing after `commit()`.
    public func remove() {
        guard descriptor >= 0 else { return }
        unlink(temporary.path)
        close(descriptor)
        descriptor = -1
    }

    /// Waits until what was written to a file, or the names in a folder, are on the disk. Any thread may ask.
    /// - Throws: `InputError` (`.run`).
    public static func sync(_ url: URL) throws {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw SystemError.inputError(at: url.path, "cannot bring the file to the disk", errno)
        }
    }

    private static func temporary(of target: URL) -> URL {
        target.deletingLastPathComponent().appending(path: ".\(target.lastPathComponent).partial")
    }

    private func keep(_ length: Int) throws {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw error("cannot write the file", errno) }
        guard Int(facts.st_size) >= length else {
            throw InputError(
                .run, at: temporary.path, "the unfinished file is shorter than it was", expected: "\(length) bytes",
                found: "\(facts.st_size)", remedy: "remove the output folder, and start again")
        }
        guard ftruncate(descriptor, off_t(length)) == 0, lseek(descriptor, off_t(length), SEEK_SET) >= 0 else {
            throw error("cannot write the file", errno)
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        guard descriptor >= 0 else {
            throw InputError(.run, at: url.path, "the file was already committed or given up")
        }
        var rest = bytes
        while !rest.isEmpty {
            let written = Foundation.write(descriptor, rest, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw error("cannot write the file", errno)
            }
            if written == rest.count { return }
            rest.removeFirst(written)
        }
    }

    private func error(_ problem: String, _ code: Int32) -> InputError {
        SystemError.inputError(at: url.path, problem, code)
    }

    private static func openLocked(_ path: String, for target: String, _ patience: Double) throws -> Int32 {
        let limit = ProcessInfo.processInfo.systemUptime + patience
        while true {
            switch LockedFile.open(path) {
            case .opened(let descriptor, _): return descriptor
            case .failed(let code): throw SystemError.inputError(at: target, "cannot write the file", code)
            case .busy:
                guard ProcessInfo.processInfo.systemUptime < limit else {
                    throw InputError(
                        .run, at: target, "another process is writing this file",
                        remedy: "let it finish, or give this run another folder")
                }
                usleep(50_000)
            }
        }
    }
}
