import Foundation

/// Holds a folder for one run that writes into it over time: a file with the number of the process.
///
/// The system drops the lock when the process ends, be it by a kill. The file that such a process leaves is noticed and
/// taken over. Where the file system has no locks, the process in the file decides: whether it lives, and whether it is
/// the same one and not a later process of the same number.
public final class FolderLock {
    /// The name of the file.
    public static let fileName = ".inkstone.lock"

    /// A process that holds a folder, or held it.
    public struct Holder: Codable, Equatable, Sendable {
        /// Its number.
        public var process: Int32
        /// When the process began, as the system counts; tells it from a later one of the same number.
        public var processStart: String?
        /// The machine.
        public var host: String
        /// When it took the folder.
        public var since: Date

        /// This process.
        static var current: Holder {
            let process = getpid()
            return Holder(
                process: process, processStart: ProcessFacts.start(of: process), host: ProcessFacts.host, since: Date())
        }

        /// Whether it may still be at work. Of another machine nobody knows.
        var mayLive: Bool {
            guard host == ProcessFacts.host else { return true }
            guard kill(process, 0) == 0 || errno == EPERM else { return false }
            guard let processStart, let now = ProcessFacts.start(of: process) else { return true }
            return processStart == now
        }
    }

    /// The process that ended without giving the folder back; nil where there was none.
    public let previous: Holder?
    private let file: URL
    private var descriptor: Int32

    /// Attempts to take the lock: somebody may just be asking whether it is free.
    private static let attempts = 5
    private static let pause: UInt32 = 20_000

    /// Takes a folder that is there.
    /// - Throws: `InputError` (`.run`) when another run writes there, or the folder is not writable.
    public convenience init(_ folder: URL) throws {
        try self.init(folder, systemLocks: true)
    }

    /// - Parameter systemLocks: false as on a file system without locks.
    package init(_ folder: URL, systemLocks: Bool) throws {
        file = folder.appending(path: Self.fileName)
        var attempt = 1
        while true {
            let outcome = LockedFile.open(file.path)
            switch outcome {
            case .failed(let code): throw SystemError.inputError(at: folder.path, "cannot write into the folder", code)
            case .busy where attempt < Self.attempts && systemLocks:
                attempt += 1
                usleep(Self.pause)
            case .busy: throw Self.isTaken(folder, by: Self.holder(in: file))
            case .opened(let descriptor, let isLocked):
                let holder = Self.holder(in: file)
                if !(isLocked && systemLocks), let holder, holder.mayLive {
                    close(descriptor)
                    throw Self.isTaken(folder, by: holder)
                }
                if !systemLocks { flock(descriptor, LOCK_UN) }
                previous = holder
                self.descriptor = descriptor
                try note(Holder.current)
                return
            }
        }
    }

    deinit { release() }

    /// Gives the folder back: the file goes.
    public func release() {
        guard descriptor >= 0 else { return }
        unlink(file.path)
        close(descriptor)
        descriptor = -1
    }

    /// Asks whether a folder can be taken, and changes nothing.
    /// - Returns: the process that ended without giving it back; nil where there is none.
    /// - Throws: `InputError` (`.run`) when another run writes there.
    @discardableResult
    public static func requireFree(_ folder: URL) throws -> Holder? {
        let file = folder.appending(path: fileName)
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let holder = holder(in: file)
        if flock(descriptor, LOCK_SH | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK || holder?.mayLive == true { throw isTaken(folder, by: holder) }
        }
        return holder
    }

    private static func holder(in file: URL) -> Holder? {
        guard let bytes = try? WholeFile.read(file, limit: WholeFile.settingsLimit) else { return nil }
        return try? RecordCoding.decoder().decode(Holder.self, from: Data(bytes))
    }

    private func note(_ holder: Holder) throws {
        let bytes = [UInt8](try RecordCoding.encoder().encode(holder))
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
            let code = errno
            release()
            throw SystemError.inputError(at: file.path, "cannot write the file", code)
        }
    }

    private static func isTaken(_ folder: URL, by holder: Holder?) -> InputError {
        InputError(
            .run, at: folder.path,
            holder.map { "another run, process \($0.process), writes here" } ?? "another run writes here",
            found: holder.map { "begun \($0.since.formatted(.iso8601)) on \($0.host)" },
            remedy: "let it end, or give another output folder"
                + (holder.map(\.host) == ProcessFacts.host ? "" : "; if it has ended, remove \(fileName) in the folder")
        )
    }
}

extension FolderLock.Holder {
    /// What to tell of a process that ended without giving a folder back.
    public var takeOver: String {
        "process \(process), which wrote here, ended without giving the folder back; its lock is taken over"
    }
}
