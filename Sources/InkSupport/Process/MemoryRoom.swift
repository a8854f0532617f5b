import Foundation

/// How much more memory this process may ask for.
///
/// A refused allocation ends a Swift program on the spot, so what needs much asks first.
package enum MemoryRoom {
    /// Left for everything else.
    private static let reserve = 48 << 20

    /// Bytes that the limit of this process's address space (`ulimit -v`) leaves; nil where there is none.
    package static func left() -> Int? {
        #if os(Linux)
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < UInt(Int.max),
                let used = ProcessMemory.addressSpaceBytes()
            else { return nil }
            return max(0, Int(limit.rlim_cur) - used)
        #else
            return nil
        #endif
    }

    /// Refuses work whose memory the system would refuse.
    /// - Parameters:
    ///   - bytes: what is needed at once.
    ///   - purpose: what needs them, for the message.
    /// - Throws: `InputError` (`.run`) with the size and the remedy.
    package static func require(_ bytes: Int, for purpose: String, remedy: String) throws {
        guard let left = left(), left - reserve < bytes else { return }
        throw InputError(
            .run, at: purpose, "the memory that this process may have is not enough",
            expected: "\(ProcessMemory.text(bytes)) more", found: "\(ProcessMemory.text(max(0, left - reserve))) left",
            remedy: "\(remedy), or raise the limit: ulimit -v unlimited")
    }
}
