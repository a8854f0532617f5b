import Foundation
import InkSupport

/// A program at work in a process of its own.
///
/// What the system refuses (descriptors, processes, memory) is an error that names the limit. The program does not get
/// the signals of the terminal: it ends when its input or this process's end of a pipe does. Not for use from several
/// tasks at once.
package final class ChildProcess {
    /// Where the program reads or writes.
    package enum Stream {
        /// An open file, whose position the program moves along.
        case file(FileHandle)
        /// A pipe whose other end this process has.
        case pipe
    }

    /// The end of a pipe to the program's standard input; nil for a file.
    package let input: FileHandle?
    /// The end of a pipe from its standard output; nil for a file.
    package let output: FileHandle?
    private let complaints: FileHandle
    private let process: pid_t
    /// As `waitpid` gives it; nil while nobody has waited.
    private var status: Int32?

    /// Starts a program.
    /// - Parameter location: the file that it is for, in messages.
    /// - Throws: `InputError` (`.run`) when the program cannot be started.
    package init(
        _ program: URL, _ arguments: [String], input: Stream, output: Stream, for location: String
    ) throws {
        let (stdin, stdout, stderr) = (
            try Self.ends(input, isRead: true, location), try Self.ends(output, isRead: false, location),
            try Self.ends(.pipe, isRead: false, location)
        )
        let words = ([program.path] + arguments).map { strdup($0) }
        let variables = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") }
        defer { (words + variables).forEach { free($0) } }
        #if canImport(Darwin)
            var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?) = (nil, nil)
        #else
            var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (target, stream) in [stdin, stdout, stderr].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream.child.fileDescriptor, Int32(target))
        }
        // Signals that this process ignores would stay ignored.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var process: pid_t = 0
        let code = posix_spawn(&process, program.path, &actions, &attributes, words + [nil], variables + [nil])
        guard code == 0 else {
            throw SystemError.inputError(
                .run, at: location, "the program \(program.lastPathComponent) cannot be started", code)
        }
        self.process = process
        (self.input, self.output, complaints) = (stdin.own, stdout.own, stderr.own ?? .nullDevice)
    }

    deinit {
        guard status == nil else { return }
        terminate()
        _ = wait()
    }

    /// Asks the program to end.
    package func terminate() {
        if status == nil { kill(process, SIGTERM) }
    }

    /// Waits for the program's end.
    /// - Returns: what it complained of, or how it ended; nil when all went well.
    package func complaint() -> String? {
        let status = wait()
        if status == 0 { return nil }
        let said = String(decoding: (try? complaints.read(upToCount: 1 << 12)) ?? Data(), as: UTF8.self)
        let signal = status & 0x7F
        return said.split(separator: "\n").first.map(String.init)
            ?? (signal == 0 ? "exit code \(status >> 8 & 0xFF)" : "signal \(signal)")
    }

    private func wait() -> Int32 {
        if let status { return status }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            // Somebody else has waited for all children.
            guard errno == EINTR else { break }
        }
        self.status = status
        return status
    }

    /// The program's end of a stream and this process's.
    private static func ends(
        _ stream: Stream, isRead: Bool, _ location: String
    ) throws -> (child: FileHandle, own: FileHandle?) {
        switch stream {
        case .file(let handle): return (handle, nil)
        case .pipe:
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                throw SystemError.inputError(.run, at: location, "cannot make a pipe", errno)
            }
            let handles = ends.map { descriptor in
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            }
            return isRead ? (handles[0], handles[1]) : (handles[1], handles[0])
        }
    }
}
