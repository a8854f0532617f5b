/// Computes the minima of texts for `MinHashSignatures`; one for each thread.
///
/// The i-th hash of a shingle is `low + i · high` of the two halves of its 64-bit hash (Kirsch and Mitzenmacher 2006).
/// Any two of these are independent for a shingle, which is all that the variance of the estimate asks for, and each
/// costs one addition.
public struct MinHasher {
    /// Vectors of four shingles that are worked on at a time, so that they stay in the first cache.
    private static let blockVectors = 512

    private let permutations: Int
    private var shingles: Shingles
    /// Of the shingles of a block: the current hash, and what is added to come to the next.
    private var hashes: [SIMD4<Int32>]
    private var steps: [SIMD4<Int32>]

    init(shingleLength: Int, permutations: Int) {
        self.permutations = permutations
        shingles = Shingles(length: shingleLength)
        hashes = [SIMD4<Int32>](repeating: .zero, count: Self.blockVectors)
        steps = hashes
    }

    /// The minimum of each hash over the shingles of a text.
    /// - Parameter utf8: valid UTF-8.
    public mutating func minima(of utf8: [UInt8]) -> [Int32] {
        shingles.take(utf8)
        var minima = [Int32](repeating: .max, count: permutations)
        for start in stride(from: 0, to: shingles.hashes.count, by: 4 * Self.blockVectors) {
            let vectors = load(start)
            for first in stride(from: 0, to: permutations, by: 8) {
                let lowest = advance(vectors)
                for index in 0..<8 { minima[first + index] = min(minima[first + index], lowest[index]) }
            }
        }
        return minima
    }

    /// Takes a block of shingles; the last is repeated to fill its vector.
    /// - Returns: the number of vectors.
    private mutating func load(_ start: Int) -> Int {
        let all = shingles.hashes
        let count = min(all.count - start, 4 * Self.blockVectors)
        let last = start + count - 1
        let vectors = (count + 3) / 4
        for vector in 0..<vectors {
            let at = start + 4 * vector
            let (a, b, c, d) = (all[at], all[min(at + 1, last)], all[min(at + 2, last)], all[min(at + 3, last)])
            hashes[vector] = SIMD4(
                Int32(truncatingIfNeeded: a), Int32(truncatingIfNeeded: b), Int32(truncatingIfNeeded: c),
                Int32(truncatingIfNeeded: d))
            steps[vector] = SIMD4(
                Int32(truncatingIfNeeded: a >> 32), Int32(truncatingIfNeeded: b >> 32),
                Int32(truncatingIfNeeded: c >> 32), Int32(truncatingIfNeeded: d >> 32))
        }
        return vectors
    }

    /// The minima of the next eight hashes over the block. Eight, since so many vectors of minima fit in registers.
    private mutating func advance(_ vectors: Int) -> SIMD8<Int32> {
        let most = SIMD4<Int32>(repeating: .max)
        var (m0, m1, m2, m3, m4, m5, m6, m7) = (most, most, most, most, most, most, most, most)
        for vector in 0..<vectors {
            let step = steps[vector]
            var hash = hashes[vector]
            Self.lower(&m0, &hash, step)
            Self.lower(&m1, &hash, step)
            Self.lower(&m2, &hash, step)
            Self.lower(&m3, &hash, step)
            Self.lower(&m4, &hash, step)
            Self.lower(&m5, &hash, step)
            Self.lower(&m6, &hash, step)
            Self.lower(&m7, &hash, step)
            hashes[vector] = hash
        }
        return SIMD8(m0.min(), m1.min(), m2.min(), m3.min(), m4.min(), m5.min(), m6.min(), m7.min())
    }

    @inline(__always)
    private static func lower(_ minimum: inout SIMD4<Int32>, _ hash: inout SIMD4<Int32>, _ step: SIMD4<Int32>) {
        minimum.replace(with: hash, where: hash .< minimum)
        hash &+= step
    }
}
