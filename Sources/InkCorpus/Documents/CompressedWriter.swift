import Foundation
import InkSupport

/// Writes a compressed file through the system's program: under a temporary name until it is whole.
final class CompressedWriter {
    private let url: URL
    private let temporary: URL
    private let process = Process()
    private let input = Pipe()
    private let complaints = Pipe()
    private var isOpen = true

    init(_ url: URL, _ compression: Compression) throws {
        self.url = url
        temporary = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).partial")
        let program = try compression.executable(for: url.path)
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError.inputError(at: url.path, "cannot write the file", errno) }
        process.executableURL = program
        process.arguments = compression.compressing
        process.standardInput = input
        process.standardOutput = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        process.standardError = complaints
        do {
            try process.run()
        } catch {
            throw InputError(.run, at: url.path, "\(program.lastPathComponent) cannot be started", found: "\(error)")
        }
    }

    deinit { if isOpen { discard() } }

    func append(_ bytes: [UInt8]) throws {
        do {
            try input.fileHandleForWriting.write(contentsOf: Data(bytes))
        } catch {
            throw finish() ?? InputError(.run, at: url.path, "cannot write the file", found: "\(error)")
        }
    }

    func commit() throws {
        if let error = finish() { throw error }
        let descriptor = open(temporary.path, O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0, rename(temporary.path, url.path) == 0 else {
            throw SystemError.inputError(at: url.path, "cannot give the file its name", errno)
        }
    }

    /// Waits for the program; its complaint, if it has one.
    private func finish() -> InputError? {
        isOpen = false
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        if process.terminationStatus == 0, process.terminationReason == .exit { return nil }
        let said = String(decoding: complaints.fileHandleForReading.availableData, as: UTF8.self)
        unlink(temporary.path)
        return InputError(
            .run, at: url.path, "the file could not be compressed",
            found: said.split(separator: "\n").first.map(String.init) ?? "exit code \(process.terminationStatus)",
            remedy: "free some space, or choose an output folder on another disk")
    }

    private func discard() {
        process.terminate()
        _ = finish()
        unlink(temporary.path)
    }
}
