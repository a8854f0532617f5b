import CInkKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Counter-based random numbers (Philox 4×32-10, Salmon et al. 2011): the n-th number of a seed and a stream is the
/// same on every machine and needs no state but n.
public struct RandomNumbers: RandomNumberGenerator, Sendable {
    public let seed: UInt64
    public let stream: UInt64
    private var row: UInt32 = 0
    private var block: [UInt32] = []
    private var used = 0

    private static let blockSize = 64

    public init(seed: UInt64, stream: UInt64 = 0) {
        self.seed = seed
        self.stream = stream
    }

    /// A stream named by a text (a parameter's key): FNV-1a of its UTF-8.
    public init(seed: UInt64, named name: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        self.init(seed: seed, stream: hash)
    }

    public mutating func nextWord() -> UInt32 {
        if used == block.count {
            block = [UInt32](unsafeUninitializedCapacity: Self.blockSize) { buffer, initialized in
                ink_philox_row(seed, stream, row, Int64(Self.blockSize), buffer.baseAddress)
                initialized = Self.blockSize
            }
            row &+= 1
            used = 0
        }
        defer { used += 1 }
        return block[used]
    }

    public mutating func next() -> UInt64 {
        UInt64(nextWord()) << 32 | UInt64(nextWord())
    }

    /// Uniform in 0 ..< 1.
    public mutating func nextUniform() -> Float {
        Float(nextWord() >> 8) * 0x1p-24
    }

    /// Values of the normal distribution with mean 0 (Box and Muller 1958).
    public mutating func normal(count: Int, deviation: Float) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(count + 1)
        while values.count < count {
            let radius = (-2 * log(1 - nextUniform())).squareRoot() * deviation
            let angle = 2 * Float.pi * nextUniform()
            values.append(radius * cos(angle))
            values.append(radius * sin(angle))
        }
        return Array(values.prefix(count))
    }

    /// 0 ..< count in random order (Fisher and Yates). Written out here so that the order never depends on the
    /// standard library's version.
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, Int((UInt64(nextWord()) &* UInt64(last + 1)) >> 32))
        }
        return order
    }
}
