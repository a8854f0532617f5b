import Foundation

/// Reads files that are needed as a whole: settings, dictionaries, vocabularies, models.
///
/// Only regular files up to a size are read. A device or a pipe has no end that could be known beforehand, and would
/// fill the memory.
package enum WholeFile {
    /// The largest file of settings: `config.json`, a pipeline, the description of a run.
    package static let settingsLimit = 64 << 20
    /// The largest dictionary, vocabulary or model of a tokenizer.
    package static let tableLimit = 1 << 30
    /// The largest file of examples that has to be read at once: a lone JSON value.
    package static let dataLimit = 4 << 30

    /// The bytes of a file.
    /// - Parameters:
    ///   - limit: the largest file that is read, in bytes.
    ///   - kind: of the errors.
    /// - Throws: `InputError` for a file that is missing, may not be read, is no regular file or is too large.
    package static func read(_ url: URL, limit: Int, kind: InputError.Kind = .data) throws -> [UInt8] {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError.inputError(kind, at: url.path, "cannot read the file", errno) }
        defer { close(descriptor) }
        let size = try regularSize(of: descriptor, url, kind)
        var bytes: [UInt8] = []
        if size <= limit { bytes.reserveCapacity(size) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        // The file may grow, and those of the system tell no size.
        while size <= limit, bytes.count <= limit {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes.append(contentsOf: buffer[..<count])
            } else if errno != EINTR {
                throw SystemError.inputError(kind, at: url.path, "cannot read the file", errno)
            }
        }
        throw InputError(
            kind, at: url.path, "the file is too large to be what it was given for",
            expected: "at most \(ProcessMemory.text(limit))", found: ProcessMemory.text(max(size, bytes.count)),
            remedy: "check that this is the right file")
    }

    /// Refuses what is no regular file, without reading it.
    /// - Throws: as `read(_:limit:kind:)`.
    package static func requireRegular(_ url: URL, kind: InputError.Kind = .data) throws {
        let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError.inputError(kind, at: url.path, "cannot read the file", errno) }
        defer { close(descriptor) }
        _ = try regularSize(of: descriptor, url, kind)
    }

    private static func regularSize(of descriptor: Int32, _ url: URL, _ kind: InputError.Kind) throws -> Int {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            throw SystemError.inputError(kind, at: url.path, "cannot read the file", errno)
        }
        let form = facts.st_mode & S_IFMT
        guard form == S_IFREG else {
            let found =
                switch form {
                case S_IFDIR: "a folder"
                case S_IFIFO: "a pipe"
                case S_IFSOCK: "a socket"
                default: "a device"
                }
            throw InputError(
                kind, at: url.path, "cannot read the file", expected: "a regular file", found: found,
                remedy: form == S_IFIFO ? "write it to a file first" : "check the path")
        }
        return Int(facts.st_size)
    }
}

extension JSONValue {
    /// Reads a file that is one JSON value.
    /// - Parameter limit: the largest file that is read, in bytes.
    /// - Throws: `InputError` as `WholeFile.read(_:limit:kind:)` and `init(parsing:location:)`.
    package init(contentsOf url: URL, limit: Int) throws {
        try self.init(parsing: WholeFile.read(url, limit: limit), location: url.path)
    }
}
