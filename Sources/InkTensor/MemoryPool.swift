import CInkKernels
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reuses the buffers of freed tensors, so that a training step allocates nothing once its sizes have been seen.
///
/// Sizes are rounded up to one of eight classes per power of two: batches of a slightly different number of tokens
/// share buffers, and at most an eighth of a buffer lies idle.
public final class MemoryPool: Sendable {
    /// The pool all tensors use.
    public static let shared = MemoryPool()

    public struct Statistics: Sendable, Equatable {
        /// Bytes in buffers that tensors hold now.
        public var bytesInUse = 0
        /// Bytes in buffers that wait for reuse.
        public var bytesIdle = 0
        /// Highest `bytesInUse` so far.
        public var peakBytesInUse = 0
        /// Calls to the system allocator so far.
        public var allocations = 0
    }

    private struct State {
        var idle: [Int: [Buffer]] = [:]
        var statistics = Statistics()

        mutating func use(_ bytes: Int) {
            statistics.bytesInUse += bytes
            statistics.peakBytesInUse = max(statistics.peakBytesInUse, statistics.bytesInUse)
        }
    }

    /// An address that is handed from the pool to one owner and back.
    private struct Buffer: @unchecked Sendable {
        let address: UnsafeMutableRawPointer
    }

    private let state = Mutex(State())

    /// Buffers smaller than a page come from `malloc` classes of this size at least.
    private static let smallest = 256

    /// Larger classes that may serve a request: batches differ in size, and a buffer that is half as large again costs
    /// less than a second one.
    private static let classesTried = 4

    /// Idle bytes that are never worth giving back.
    private static let smallSurplus = 16 << 20

    static func roundedSize(_ bytes: Int) -> Int {
        guard bytes > smallest else { return smallest }
        let step = 1 << (Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount - 3)
        return (bytes + step - 1) / step * step
    }

    /// A 64-byte aligned buffer of at least `bytes` bytes; the contents are undefined. Where the system refuses it even
    /// after all idle buffers were given back, the process ends with a message.
    /// - Parameter hugePages: whether a large buffer will be used long enough to repay the time the system may need to
    ///   find huge pages for it.
    func take(_ bytes: Int, hugePages: Bool = true) -> (address: UnsafeMutableRawPointer, size: Int) {
        let size = Self.roundedSize(bytes)
        let reused: (buffer: Buffer, size: Int)? = state.withLock { state in
            var candidate = size
            for _ in 0...Self.classesTried {
                if let buffer = state.idle[candidate]?.popLast() {
                    state.statistics.bytesIdle -= candidate
                    state.use(candidate)
                    return (buffer, candidate)
                }
                candidate = Self.roundedSize(candidate + 1)
            }
            state.use(size)
            state.statistics.allocations += 1
            return nil
        }
        if let reused { return (reused.buffer.address, reused.size) }
        releaseSurplus()
        let hugePage = 2 << 20
        let alignment = size >= 2 * hugePage ? hugePage : 64
        let address =
            Self.allocate(size, alignment: alignment)
            ?? {
                // What waits for reuse may be what is missing.
                trim()
                guard let address = Self.allocate(size, alignment: alignment) else {
                    ink_memory_refused(size, "a tensor", max(0, statistics.bytesInUse - size))
                }
                return address
            }()
        #if os(Linux)
            // Large operands are walked in strides; fewer, larger pages spare address look-ups.
            if hugePages, size >= 2 * hugePage { madvise(address, size, MADV_HUGEPAGE) }
        #endif
        return (address, size)
    }

    private static func allocate(_ size: Int, alignment: Int) -> UnsafeMutableRawPointer? {
        var address: UnsafeMutableRawPointer?
        return posix_memalign(&address, alignment, size) == 0 ? address : nil
    }

    /// What the message of a run that the system refuses memory tells besides: what is saved, and how to go on.
    public static func setRefusalNote(_ text: String) {
        ink_set_memory_note(text)
    }

    func giveBack(_ address: UnsafeMutableRawPointer, size: Int) {
        let buffer = Buffer(address: address)
        state.withLock { state in
            state.idle[size, default: []].append(buffer)
            state.statistics.bytesInUse -= size
            state.statistics.bytesIdle += size
        }
    }

    /// The counts at this moment.
    public var statistics: Statistics { state.withLock { $0.statistics } }

    /// Gives idle buffers back to the system while there are many more of them than the highest use so far explains.
    private func releaseSurplus() {
        let buffers: [Buffer] = state.withLock { state in
            let peak = state.statistics.peakBytesInUse
            let limit = peak + peak / 4 + Self.smallSurplus
            var surplus = state.statistics.bytesInUse + state.statistics.bytesIdle - limit
            guard surplus > 0 else { return [] }
            var released: [Buffer] = []
            for size in state.idle.keys.sorted(by: >) {
                while surplus > 0, let buffer = state.idle[size]?.popLast() {
                    released.append(buffer)
                    state.statistics.bytesIdle -= size
                    surplus -= size
                }
            }
            return released
        }
        for buffer in buffers { free(buffer.address) }
    }

    /// Starts a new measurement of the peak.
    public func resetPeak() {
        state.withLock { $0.statistics.peakBytesInUse = $0.statistics.bytesInUse }
    }

    /// Returns idle buffers to the system.
    public func trim() {
        let buffers = state.withLock { state in
            defer {
                state.idle.removeAll()
                state.statistics.bytesIdle = 0
            }
            return state.idle.values.flatMap { $0 }
        }
        for buffer in buffers { free(buffer.address) }
    }
}
