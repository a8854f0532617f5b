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
        (0..<banding.bands).map { band in
            var key = UInt64(band)
            for row in 0..<banding.rows {
                key = Hash64.of(UInt64(minima[band * banding.rows + row]), seed: key)
            }
            return key
        }
    }

    /// The signature that is compared: the low half of each minimum.
    public func signature(of minima: [UInt32]) -> [UInt16] { minima.map { UInt16(truncatingIfNeeded: $0) } }

    /// Places of two signatures that have to agree for a near duplicate.
    public var requiredAgreement: Int { Int((threshold * Double(permutations) - 1e-9).rounded(.up)) }

    /// Whether two signatures tell a near duplicate.
    public func agree(_ one: [UInt16], _ other: [UInt16]) -> Bool {
        var count = 0
        for index in one.indices where one[index] == other[index] { count += 1 }
        return count >= requiredAgreement
    }

    /// Writes the record of a document for another engine, on a line of its own:
    /// `{"id": "…", "bands": ["16 hexadecimal digits", …], "signature": [0 to 65535, …]}`. Documents that share a band
    /// and whose signatures agree in `requiredAgreement` places are near duplicates.
    public func appendRecord(of document: Document, using hasher: inout MinHasher, to bytes: inout [UInt8]) {
        let minima = hasher.minima(of: document.utf8)
        let digits = Array("0123456789abcdef".utf8)
        bytes += Array("{\"id\":".utf8)
        JSONString.append(Array(document.id.utf8), to: &bytes)
        bytes += Array(",\"bands\":[".utf8)
        for (band, key) in bandKeys(of: minima).enumerated() {
            if band > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(0x22)
            for shift in stride(from: 60, through: 0, by: -4) { bytes.append(digits[Int(key >> UInt64(shift) & 15)]) }
            bytes.append(0x22)
        }
        bytes += Array("],\"signature\":[".utf8)
        for (place, value) in signature(of: minima).enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += Array(String(value).utf8)
        }
        bytes += Array("]}\n".utf8)
    }
}
