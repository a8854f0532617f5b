import Foundation
import InkSupport
import InkSystem

/// Compresses into a file through the system's program.
///
/// The archive may be made of parts, one behind the other, which every program that reads such archives takes for one.
/// Behind a part's end all bytes stand in the file, so that a writer that was killed can go on there.
final class CompressedWriter {
    private let file: PartialFile
    private let compression: Compression
    private let program: URL
    /// The program at work on one part.
    private var part: ChildProcess?

    /// - Parameter file: what the archive is written to, behind the parts that are there.
    /// - Throws: `InputError` (`.run`) when the program is missing.
    init(_ file: PartialFile, _ compression: Compression) throws {
        self.file = file
        self.compression = compression
        program = try compression.executable(for: file.url.path)
    }

    deinit {
        // The program must not write on when the file has gone, or another writer has it.
        part?.terminate()
        try? endPart()
    }

    /// Adds bytes.
    /// - Throws: `InputError` (`.run`) with the program's complaint, for instance that the disk is full.
    func append(_ bytes: [UInt8]) throws {
        if bytes.isEmpty { return }
        let part = try self.part ?? start()
        do {
            try part.input?.write(contentsOf: Data(bytes))
        } catch {
            try endPart()
            throw InputError(.run, at: file.url.path, "cannot write the file", found: "\(error)")
        }
    }

    /// Ends the part: everything added stands in the file. What follows goes into another one.
    /// - Throws: as `append(_:)`.
    func endPart() throws {
        guard let part else { return }
        self.part = nil
        try? part.input?.close()
        guard let complaint = part.complaint() else { return }
        throw InputError(
            .run, at: file.url.path, "the file could not be compressed", found: complaint,
            remedy: "free some space, or choose an output folder on another disk")
    }

    /// Ends the archive; one without bytes has a part without bytes.
    /// - Throws: as `append(_:)`.
    func finish() throws {
        if part == nil, file.length == 0 { _ = try start() }
        try endPart()
    }

    private func start() throws -> ChildProcess {
        let part = try ChildProcess(
            program, compression.compressing, input: .pipe, output: .file(file.handle), for: file.url.path)
        self.part = part
        return part
    }
}
