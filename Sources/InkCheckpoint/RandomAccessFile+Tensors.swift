import Foundation
import InkSupport

extension RandomAccessFile {
    /// Opens a file of a model folder.
    /// - Throws: `InputError` as `init(contentsOf:)`, and when something stands there in place of the file.
    static func ofModel(_ url: URL) throws -> RandomAccessFile {
        let file = try RandomAccessFile(contentsOf: url)
        try Placeholder.check(file.bytes(0..<min(file.count, Placeholder.length)), of: file.count, at: file.path)
        return file
    }

    /// Fills `buffer` with the bytes from `offset` on, which must lie within the file.
    /// - Throws: `InputError` when the file was changed, or cannot be read.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        precondition(offset >= 0 && offset + buffer.count <= count, "bytes of the file")
        guard let base = buffer.baseAddress else { return }
        try withDescriptor { descriptor in
            var done = 0
            while done < buffer.count {
                let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
                if count < 0, errno == EINTR { continue }
                if count < 0 { throw SystemError.inputError(.data, at: path, "cannot read the file", errno) }
                if count == 0 { throw changed() }
                done += count
            }
        }
    }

    /// The contents as JSON.
    func json() throws -> JSONValue {
        try JSONValue(parsing: contents(upTo: SafetensorsHeader.longest), location: path)
    }
}
