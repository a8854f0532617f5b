import Foundation
import InkSupport

/// A file that is written as a stream and takes its name only when it is whole; compressed where its name says so.
public final class OutputFile {
    private enum Target {
        case plain(PartialFile)
        case compressed(PartialFile, CompressedWriter)
        case standardOutput
    }

    /// Seconds in which the program that a killed process left behind writes its last bytes.
    private static let patience = 10.0

    private let target: Target
    /// Whether the unfinished file stays when this goes.
    private let isResumable: Bool

    /// A file of which nothing stays when it is not committed.
    /// - Parameter url: nil for standard output.
    /// - Throws: `InputError` (`.run`) when the file cannot be made, or the program that compresses it is missing.
    public init(_ url: URL?) throws {
        target = try url.map { try Self.open($0, keeping: 0) } ?? .standardOutput
        isResumable = false
    }

    /// A file that goes on behind what an earlier one wrote, and stays when it is not committed.
    /// - Parameter length: what `mark()` of the earlier one said; 0 to begin.
    /// - Throws: as `init(_:)`.
    init(resumable url: URL, at length: Int) throws {
        target = try Self.open(url, keeping: length)
        isResumable = true
    }

    private static func open(_ url: URL, keeping length: Int) throws -> Target {
        let compression = Compression.of(url)
        let file = try PartialFile(url, keeping: length, patience: compression == nil ? 0 : patience)
        guard let compression else { return .plain(file) }
        do {
            return .compressed(file, try CompressedWriter(file, compression))
        } catch {
            if length == 0 { file.remove() }
            throw error
        }
    }

    deinit {
        if isResumable { return }
        switch target {
        case .plain(let file), .compressed(let file, _): file.remove()
        case .standardOutput: break
        }
    }

    /// Where the bytes are until the file is whole; nil for standard output.
    var unfinished: URL? {
        switch target {
        case .plain(let file), .compressed(let file, _): file.temporary
        case .standardOutput: nil
        }
    }

    /// Adds bytes.
    /// - Throws: `InputError` (`.run`), for instance when the disk is full; `ClosedOutput` when whoever read standard
    ///   output has gone.
    public func write(_ bytes: [UInt8]) throws {
        switch target {
        case .plain(let file): try file.append(bytes)
        case .compressed(_, let writer): try writer.append(bytes)
        case .standardOutput: try StandardOutput.write(bytes, problem: "cannot write the documents")
        }
    }

    /// Hands everything over to the system.
    /// - Returns: the bytes that the file has now; it can go on behind them.
    /// - Throws: as `write(_:)`.
    func mark() throws -> Int {
        switch target {
        case .plain(let file):
            try file.flush()
            return file.length
        case .compressed(let file, let writer):
            try writer.endPart()
            return file.length
        case .standardOutput: return 0
        }
    }

    /// Gives the file its name. Nothing may be written afterwards.
    /// - Throws: as `write(_:)`.
    public func commit() throws {
        switch target {
        case .plain(let file): try file.commit()
        case .compressed(let file, let writer):
            try writer.finish()
            try file.commit()
        case .standardOutput: break
        }
    }
}
