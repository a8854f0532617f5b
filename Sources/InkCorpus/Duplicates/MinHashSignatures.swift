import InkSupport

/// MinHash signatures of documents over shingles of code points, and the keys under which near duplicates meet.
public struct MinHashSignatures: Hashable, Sendable {
    /// Code points in a shingle.
    public let shingleLength: Int
    /// Minima in a signature, a multiple of 8.
    public let permutations: Int
    /// The Jaccard similarity from which documents count as near duplicates.
    public let threshold: Double
    public let banding: MinHashBanding

    /// - Parameters:
    ///   - shingleLength: 1 to 64.
    ///   - permutations: a multiple of 8, 8 to 1024.
    ///   - threshold: above 0, at most 1.
    ///   - missWeight: what a missed pair counts against a false candidate when the bands are chosen, 0 to 1;
    ///     mostly misses count, since candidates are compared anyway.
    public init(
        shingleLength: Int = 5, permutations: Int = 128, threshold: Double = 0.8, missWeight: Double = 0.9
    ) {
        self.shingleLength = shingleLength
        self.permutations = permutations
        self.threshold = threshold
        banding = MinHashBanding(threshold: threshold, permutations: permutations, missWeight: missWeight)
    }

    /// What a thread computes minima with.
    public func makeHasher() -> MinHasher { MinHasher(shingleLength: shingleLength, permutations: permutations) }

    /// The key of each band: documents with an equal key are candidates. Keys of different bands differ.
    /// - Parameter minima: of `MinHasher`.
    public func bandKeys(of minima: [UInt32]) -> [UInt64] {
        (0..<banding.bands).map { bandKey($0, of: minima) }
    }

    /// The key of one band.
    func bandKey(_ band: Int, of minima: [UInt32]) -> UInt64 {
        var key = UInt64(band)
        for place in (band * banding.rows)..<((band + 1) * banding.rows) {
            key = (key ^ UInt64(minima[place])) &* 0x9E37_79B9_7F4A_7C15
            key ^= key >> 29
        }
        return Hash64.mix(key)
    }

    /// The signature that is compared: the low bits of each minimum. Two minima that differ agree in them once in 256
    /// times, which moves the estimate by less than a thousandth at a similarity of 0.8.
    public func signature(of minima: [UInt32]) -> [UInt8] { minima.map { UInt8(truncatingIfNeeded: $0) } }

    /// Places of a signature in a word of the packed form.
    static let placesInWord = 8

    /// Writes the signature behind others, eight places in a word.
    func appendPackedSignature(of minima: [UInt32], to words: inout [UInt64]) {
        for start in stride(from: 0, to: minima.count, by: Self.placesInWord) {
            var word: UInt64 = 0
            for place in start..<(start + Self.placesInWord) { word = word << 8 | UInt64(minima[place] & 0xFF) }
            words.append(word)
        }
    }

    /// Places of two signatures that have to agree for a near duplicate.
    public var requiredAgreement: Int { Int((threshold * Double(permutations) - 1e-9).rounded(.up)) }

    /// Whether two signatures tell a near duplicate.
    public func agree(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        zip(one, other).count { $0 == $1 } >= requiredAgreement
    }

    /// As `agree`, for packed signatures.
    func agree(packed one: [UInt64], _ other: [UInt64]) -> Bool {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        var different = 0
        for index in 0..<min(one.count, other.count) {
            let bits = one[index] ^ other[index]
            // The highest bit of a byte tells whether any was set; the product adds the bytes up in the highest.
            let marks = ((bits & low) &+ low | bits) & ~low
            different += Int(((marks >> 7) &* 0x0101_0101_0101_0101) >> 56)
        }
        return permutations - different >= requiredAgreement
    }
}
