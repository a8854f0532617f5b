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
    /// The key: another seed, other numbers.
    public let seed: UInt64
    /// Numbers of different streams of a seed are independent.
    public let stream: UInt64
    private var row: UInt32 = 0
    private var block: [UInt32] = []
    private var used = 0

    fileprivate static let blockSize = 64

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

    /// Values of the normal distribution with mean 0 (Box and Muller 1958). They begin with a fresh block of words, so
    /// that every block of values can be drawn by itself; threads share the work.
    public mutating func normal(count: Int, deviation: Float) -> [Float] {
        let firstRow = row
        let blocks = (count + Self.blockSize - 1) / Self.blockSize
        row &+= UInt32(truncatingIfNeeded: blocks)
        used = block.count
        let (seed, stream) = (seed, stream)
        return [Float](unsafeUninitializedCapacity: blocks * Self.blockSize) { buffer, initialized in
            let values = NormalValues(
                seed: seed, stream: stream, firstRow: firstRow, deviation: deviation, blocks: blocks,
                blocksInTask: 256, output: buffer)
            values.draw()
            initialized = count
        }
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

/// The work of `RandomNumbers.normal`: block b of the output comes from the words of row `firstRow + b`.
private struct NormalValues {
    let seed: UInt64
    let stream: UInt64
    let firstRow: UInt32
    let deviation: Float
    let blocks: Int
    let blocksInTask: Int
    let output: UnsafeMutableBufferPointer<Float>

    func draw() {
        withUnsafePointer(to: self) { work in
            let tasks = (blocks + blocksInTask - 1) / blocksInTask
            ink_parallel(
                Int64(tasks),
                { context, index in
                    context?.assumingMemoryBound(to: NormalValues.self).pointee.draw(task: Int(index))
                }, UnsafeMutableRawPointer(mutating: work))
        }
    }

    private func draw(task: Int) {
        let size = RandomNumbers.blockSize
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: size) { words in
            for block in task * blocksInTask..<min(blocks, (task + 1) * blocksInTask) {
                ink_philox_row(
                    seed, stream, firstRow &+ UInt32(truncatingIfNeeded: block), Int64(size), words.baseAddress)
                for index in stride(from: 0, to: size, by: 2) {
                    // 1 − u lies in 0 < … ≤ 1, where the logarithm is finite.
                    let radius = (-2 * log(1 - Self.uniform(words[index]))).squareRoot() * deviation
                    let angle = 2 * Float.pi * Self.uniform(words[index + 1])
                    output[block * size + index] = radius * cos(angle)
                    output[block * size + index + 1] = radius * sin(angle)
                }
            }
        }
    }

    private static func uniform(_ word: UInt32) -> Float { Float(word >> 8) * 0x1p-24 }
}
