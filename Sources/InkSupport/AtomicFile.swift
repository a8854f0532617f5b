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
/// file (see `PartialFile`) and leaves the old one as it was. Not for use from several tasks at once.
public final class AtomicFileWriter {
    /// The final path, symbolic links resolved.
    public var url: URL { file.url }
    private let file: PartialFile

    /// Opens the temporary file beside `url`. Throws `InputError` (`.run`) when that is not possible.
    public init(_ url: URL) throws { file = try PartialFile(url) }

    deinit { discard() }

    /// Adds bytes at the end. Throws `InputError` (`.run`), for instance when the disk is full.
    public func append(_ bytes: [UInt8]) throws { try orDiscard { try file.append(bytes) } }

    /// Adds bytes at the end, copying at most 1 MiB at a time. Throws as `append(_:)` of bytes.
    public func append(_ data: Data) throws { try orDiscard { try file.append(data) } }

    /// Replaces bytes that were appended before. Throws as `append(_:)`.
    public func replace(at offset: Int, _ bytes: [UInt8]) throws {
        try orDiscard { try file.replace(at: offset, bytes) }
    }

    /// Syncs the bytes and gives them the final name. After this the writer takes no more bytes.
    public func commit() throws { try orDiscard { try file.commit() } }

    /// Gives up: the temporary file goes, the old file stays. Does nothing after `commit()`.
    public func discard() { file.remove() }

    private func orDiscard(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch {
            discard()
            throw error
        }
    }
}
