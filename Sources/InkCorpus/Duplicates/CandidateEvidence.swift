import Foundation

/// What candidates are compared by, kept in a file: signatures, or whole sets of shingles.
final class CandidateEvidence {
    private let signatures: MinHashSignatures
    private let records: ScratchRecords<UInt64>
    private let isExact: Bool
    /// The documents that were asked for last, each in the place of its number's last bits: candidates are compared
    /// with several others. Long records are read again.
    private var latest: [(document: UInt32, words: [UInt64])]
    private static let places = 1 << 14
    private static let longestKept = 256

    init(_ signatures: MinHashSignatures, isExact: Bool, in folder: URL) throws {
        self.signatures = signatures
        self.isExact = isExact
        latest = [(document: UInt32, words: [UInt64])](repeating: (0, []), count: Self.places)
        let length = isExact ? nil : signatures.permutations / MinHashSignatures.placesInWord
        records = try ScratchRecords(in: folder, name: "candidates", length: length)
    }

    /// Adds what the next documents are compared by: packed signatures, or ascending sets of shingles.
    /// - Parameter lengths: of the sets.
    func append(_ words: [UInt64], lengths: [Int]) throws { try records.append(words, lengths: lengths) }

    /// Whether two documents are near duplicates.
    func agree(_ one: UInt32, _ other: UInt32) throws -> Bool {
        let (first, second) = (try words(one), try words(other))
        return isExact
            ? Shingles.jaccard(first, second) >= signatures.threshold : signatures.agree(packed: first, second)
    }

    private func words(_ document: UInt32) throws -> [UInt64] {
        let place = Int(document) % Self.places
        if latest[place].document == document, !latest[place].words.isEmpty { return latest[place].words }
        let words = try records.read(Int(document))
        if words.count <= Self.longestKept { latest[place] = (document, words) }
        return words
    }
}
