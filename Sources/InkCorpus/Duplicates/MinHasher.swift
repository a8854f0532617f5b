/// Computes the minima of texts for `MinHashSignatures`; one for each thread.
///
/// The i-th hash of a shingle is `(low + i · high) ^ cᵢ`, of the two halves of its 64-bit hash (Kirsch and Mitzenmacher
/// 2006) and a random number: any two of these are independent for a shingle, which is all that the variance of the
/// estimate asks for. Without cᵢ a shingle with a small `high` would be the minimum of a whole band. Hashes are ordered as
/// the floats of their bits, whose minimum is one instruction on every machine; those that are no number (one in 256)
/// never are a minimum.
public struct MinHasher {
    /// Vectors of four shingles that are worked on at a time, so that they stay in the first cache.
    private static let blockVectors = 512

    private let permutations: Int
    private var shingles: Shingles
    private let masks: [SIMD4<UInt32>]
    /// Of the shingles of a block: the current hash, and what is added to come to the next.
    private var hashes: [SIMD4<UInt32>]
    private var steps: [SIMD4<UInt32>]
    /// Of the last text.
    private var minima: [Float]

    init(shingleLength: Int, permutations: Int) {
        self.permutations = permutations
        shingles = Shingles(length: shingleLength)
        masks = (0..<permutations).map {
            SIMD4(repeating: UInt32(truncatingIfNeeded: Hash64.of(UInt64($0), seed: 3)))
        }
        hashes = [SIMD4<UInt32>](repeating: .zero, count: Self.blockVectors)
        steps = hashes
        minima = [Float](repeating: .infinity, count: permutations)
    }

    /// The minimum of each hash over the shingles of a text, as bits; those of infinity where there is none.
    /// - Parameter utf8: valid UTF-8.
    public mutating func minima(of utf8: [UInt8]) -> [UInt32] {
        shingles.take(utf8)
        for index in minima.indices { minima[index] = .infinity }
        for start in stride(from: 0, to: shingles.hashes.count, by: 4 * Self.blockVectors) {
            let vectors = load(start)
            for first in stride(from: 0, to: permutations, by: 4) {
                let lowest = advance(vectors, masks[first..<(first + 4)])
                for index in 0..<4 { minima[first + index] = min(minima[first + index], lowest[index]) }
            }
        }
        return minima.map(\.bitPattern)
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
                UInt32(truncatingIfNeeded: a), UInt32(truncatingIfNeeded: b), UInt32(truncatingIfNeeded: c),
                UInt32(truncatingIfNeeded: d))
            steps[vector] = SIMD4(
                UInt32(truncatingIfNeeded: a >> 32), UInt32(truncatingIfNeeded: b >> 32),
                UInt32(truncatingIfNeeded: c >> 32), UInt32(truncatingIfNeeded: d >> 32))
        }
        return vectors
    }

    /// The minima of the next four hashes over the block. Four, since so many vectors of minima and of masks fit in
    /// registers.
    private mutating func advance(_ vectors: Int, _ masks: ArraySlice<SIMD4<UInt32>>) -> SIMD4<Float> {
        let at = masks.startIndex
        let (c0, c1, c2, c3) = (masks[at], masks[at + 1], masks[at + 2], masks[at + 3])
        let most = SIMD4<Float>(repeating: .infinity)
        var (m0, m1, m2, m3) = (most, most, most, most)
        for vector in 0..<vectors {
            let step = steps[vector]
            var hash = hashes[vector]
            Self.lower(&m0, &hash, step, c0)
            Self.lower(&m1, &hash, step, c1)
            Self.lower(&m2, &hash, step, c2)
            Self.lower(&m3, &hash, step, c3)
            hashes[vector] = hash
        }
        return SIMD4(Self.lowest(m0), Self.lowest(m1), Self.lowest(m2), Self.lowest(m3))
    }

    /// As `min()` of the vector, which is a call.
    @inline(__always)
    private static func lowest(_ values: SIMD4<Float>) -> Float {
        let (first, second) = (values.x < values.y ? values.x : values.y, values.z < values.w ? values.z : values.w)
        return first < second ? first : second
    }

    @inline(__always)
    private static func lower(
        _ minimum: inout SIMD4<Float>, _ hash: inout SIMD4<UInt32>, _ step: SIMD4<UInt32>, _ mask: SIMD4<UInt32>
    ) {
        let bits = hash ^ mask
        let value = SIMD4<Float>(
            Float(bitPattern: bits.x), Float(bitPattern: bits.y), Float(bitPattern: bits.z), Float(bitPattern: bits.w))
        minimum.replace(with: value, where: value .< minimum)
        hash &+= step
    }
}
