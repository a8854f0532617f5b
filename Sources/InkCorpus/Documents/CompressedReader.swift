import Foundation
import InkSupport
import InkSystem

/// Reads a file's bytes, decompressed where its name says that it is compressed.
final class CompressedReader {
    private let name: String
    private let bytes: ByteReader
    private let process: ChildProcess?
    /// The open file, whose position the decompressing program moves along.
    private let file: FileHandle?

    /// - Throws: `InputError` for a file that cannot be opened, or when the program that decompresses it is missing.
    init(_ url: URL) throws {
        name = url.path
        guard let compression = Compression.of(url) else {
            bytes = try ByteReader(contentsOf: url)
            (process, file) = (nil, nil)
            return
        }
        let program = try compression.executable(for: name)
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError.inputError(.data, at: name, "cannot read the file", errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var beginning = [UInt8](repeating: 0, count: FileSignature.length)
        // A pipe cannot be looked into beforehand.
        let count = pread(descriptor, &beginning, beginning.count, 0)
        if count >= 0 { try compression.requireArchive(Array(beginning.prefix(count)), at: name) }
        let process = try ChildProcess(
            program, compression.decompressing, input: .file(file), output: .pipe, for: name)
        // The process, and with it the pipe, lives as long as this.
        bytes = ByteReader(handle: process.output ?? .nullDevice, name: name)
        self.process = process
        self.file = file
    }

    /// Bytes of the file, as it lies on the disk, that were read so far; nil for a plain file.
    var compressedPosition: Int? {
        file.map { Int(max(0, lseek($0.fileDescriptor, 0, SEEK_CUR))) }
    }

    /// Goes to a place of a plain file.
    /// - Returns: whether it did; an archive has to be read up to there.
    /// - Throws: `InputError` (`.data`) for a file that ends before it.
    func seek(to offset: Int) throws -> Bool {
        guard process == nil else { return false }
        try bytes.seek(to: offset)
        return true
    }

    /// The next piece, nil at the end.
    /// - Throws: `InputError` (`.data`) for an archive that is cut off or damaged.
    func next() throws -> [UInt8]? {
        if let piece = try bytes.next() { return piece }
        guard let process else { return nil }
        guard let complaint = process.complaint() else { return nil }
        throw InputError(
            at: name, "the archive is cut off or damaged", found: complaint,
            remedy: "copy or download it again, and compare its size with the source")
    }
}
