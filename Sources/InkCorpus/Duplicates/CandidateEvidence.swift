import Foundation

/// What candidates are compared by, kept in a file: signatures, or whole sets of shingles.
final class CandidateEvidence {
    private let signatures: MinHashSignatures
    private let records: ScratchRecords
    private let isExact: Bool
    /// The documents that were asked for last, each in the place of its number's last bits: candidates are compared
    /// with several others. Long records are read again.
    private var latest = [(document: UInt32, bytes: [UInt8])?](repeating: nil, count: 4096)
    private static let longestKept = 4096

    init(_ signatures: MinHashSignatures, isExact: Bool, in folder: URL) throws {
        self.signatures = signatures
        self.isExact = isExact
        records = try ScratchRecords(in: folder, name: "candidates", length: isExact ? nil : signatures.permutations)
    }

    /// Adds what the next documents are compared by.
    func append(_ bytes: [UInt8], lengths: [Int]) throws { try records.append(bytes, lengths: lengths) }

    /// Whether two documents are near duplicates.
    func agree(_ one: UInt32, _ other: UInt32) throws -> Bool {
        let (first, second) = (try bytes(one), try bytes(other))
        if isExact {
            return Shingles.jaccard(Self.decode(first), Self.decode(second)) >= signatures.threshold
        }
        return signatures.agree(first, second)
    }

    private func bytes(_ document: UInt32) throws -> [UInt8] {
        let place = Int(document) % latest.count
        if let latest = latest[place], latest.document == document { return latest.bytes }
        let bytes = try records.read(Int(document))
        if bytes.count <= Self.longestKept { latest[place] = (document, bytes) }
        return bytes
    }

    /// A set of shingles as bytes, the lowest of each first.
    static func encode(_ shingles: [UInt64]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 * shingles.count)
        for shingle in shingles {
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: shingle >> UInt64(shift)))
            }
        }
        return bytes
    }

    private static func decode(_ bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: 8).map { start in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        }
    }
}
