import Foundation
import InkSupport

/// A run folder while a run writes it: locked against other runs.
///
/// The files of a run that replaces an earlier one stand apart until there is a first checkpoint; then one rename makes
/// it the run of the folder. Whenever the process is killed, the top of the folder is the earlier run or the new one.
public final class RunWorkspace {
    /// The folder as the user knows it.
    public let folder: RunFolder
    /// Where the files of this run are: the folder, or a folder inside until the first checkpoint.
    public private(set) var files: RunFolder
    /// Whether there is a saved state to go on from.
    public let hasState: Bool
    private let lock: FolderLock

    /// Locks the folder, which is made where it is not there, and makes it ready.
    /// - Throws: `InputError` when the folder may not be used as asked, or another run writes there.
    public init(_ folder: RunFolder, _ policy: RunFolder.Policy) throws {
        self.folder = folder
        try folder.check(policy)
        try SystemError.makeFolder(folder.url)
        lock = try FolderLock(folder.url)
        try FolderExchange.recover(folder.url)
        // Before the lock another run may have been at work.
        try folder.checkContents(policy)
        switch policy {
        case .new:
            try Self.remove(RunFolder.firstFiles, in: folder.url)
            files = folder
        case .replace:
            try Self.remove([FolderExchange.stagingName], in: folder.url)
            files = folder.holdsRun ? folder.staged : folder
        case .resume: files = folder.latest
        }
        hasState = policy == .resume && files.lastState.exists
        try SystemError.makeFolder(files.lastState.deletingLastPathComponent())
    }

    /// Writes a checkpoint: the first one of a run makes it the run of the folder.
    /// - Parameter write: writes the model's files into a folder.
    /// - Throws: what `write` throws, and `InputError` when a file cannot be replaced.
    public func writeCheckpoint(_ write: (URL) throws -> Void) throws {
        try write(files.url)
        guard files != folder else { return }
        try FolderExchange.replace(RunFolder.replaced, in: folder.url)
        files = folder
    }

    /// Gives the folder back to other runs.
    public func close() { lock.release() }

    private static func remove(_ names: [String], in folder: URL) throws {
        for name in names {
            let file = folder.appending(path: name)
            do {
                if file.exists { try FileManager.default.removeItem(at: file) }
            } catch {
                throw InputError(.run, at: file.path, "cannot be replaced", found: SystemError.reason(error))
            }
        }
    }
}
