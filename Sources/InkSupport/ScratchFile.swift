import Foundation

/// A file of numbers for work that memory is too small for: written from the front, read anywhere.
///
/// It has no name once it is open, so that it goes with its last user, however that ends.
package final class ScratchFile<Number: FixedWidthInteger & BitwiseCopyable> {
    private let url: URL
    private let descriptor: Int32
    /// The last numbers, not yet in the file.
    private var pending: [Number] = []
    private var written = 0

    private static var pendingLimit: Int { 1 << 18 / width }
    private static var width: Int { MemoryLayout<Number>.stride }

    /// - Throws: `InputError` (`.run`) when the file cannot be made.
    package init(_ url: URL) throws {
        self.url = url
        descriptor = open(url.path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw SystemError.inputError(at: url.path, "cannot write the file", errno) }
        unlink(url.path)
    }

    deinit { close(descriptor) }

    /// Numbers in the file.
    package var count: Int { written + pending.count }

    /// Adds numbers at the end.
    /// - Throws: `InputError` (`.run`), for instance when the disk is full.
    package func append(_ numbers: [Number]) throws {
        if pending.isEmpty, numbers.count >= Self.pendingLimit { return try write(numbers) }
        pending += numbers
        guard pending.count >= Self.pendingLimit else { return }
        try write(pending)
        pending.removeAll(keepingCapacity: true)
    }

    /// Reads the numbers of a place.
    /// - Throws: `InputError` (`.run`) when they cannot be read or are not there.
    package func read(at offset: Int, count: Int) throws -> [Number] {
        if offset >= written { return Array(pending[(offset - written)..<(offset - written + count)]) }
        if offset + count > written {
            return try read(at: offset, count: written - offset) + pending[..<(offset + count - written)]
        }
        var numbers = [Number](repeating: 0, count: count)
        let (size, place) = (count * Self.width, off_t(offset * Self.width))
        var got = pread(descriptor, &numbers, size, place)
        while got < 0, errno == EINTR { got = pread(descriptor, &numbers, size, place) }
        if got < 0 { throw SystemError.inputError(at: url.path, "cannot read the file", errno) }
        if got < size {
            throw InputError(
                .run, at: url.path, "the work file is shorter than what was written to it", expected: "\(size) bytes",
                found: "\(got)", remedy: "leave the work folder alone while the program runs")
        }
        return numbers
    }

    private func write(_ numbers: [Number]) throws {
        var rest = numbers
        while !rest.isEmpty {
            let done = pwrite(descriptor, rest, rest.count * Self.width, off_t(written * Self.width))
            if done < 0, errno == EINTR { continue }
            if done < 0 { throw SystemError.inputError(at: url.path, "cannot write the file", errno) }
            // A number of which only a part went out is written again.
            let whole = done / Self.width
            written += whole
            rest = whole == rest.count ? [] : Array(rest[whole...])
        }
    }
}
