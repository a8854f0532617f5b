import Foundation
import InkSupport

/// What candidates are compared by, kept in a file: signatures, or whole sets of shingles.
final class CandidateEvidence {
    private let signatures: MinHashSignatures
    private let file: ScratchFile
    /// Where each document's set begins, and where the last ends; empty for signatures, which are of one length.
    private var offsets: [Int]
    private let isExact: Bool
    /// The document that was asked for last, which is mostly compared with several others.
    private var latest: (document: UInt32, bytes: [UInt8])?

    init(_ signatures: MinHashSignatures, isExact: Bool, in folder: URL) throws {
        self.signatures = signatures
        self.isExact = isExact
        offsets = isExact ? [0] : []
        file = try ScratchFile(folder.appending(path: "candidates"))
    }

    /// Adds what the next document is compared by.
    func append(_ bytes: [UInt8]) throws {
        try file.append(bytes)
        if isExact { offsets.append(file.count) }
    }

    /// Whether two documents are near duplicates.
    func agree(_ one: UInt32, _ other: UInt32) throws -> Bool {
        let first: [UInt8]
        if let latest, latest.document == one {
            first = latest.bytes
        } else {
            first = try bytes(one)
            latest = (one, first)
        }
        let second = try bytes(other)
        if isExact {
            return Shingles.jaccard(Self.decode(first), Self.decode(second)) >= signatures.threshold
        }
        return signatures.agree(Self.decode(first), Self.decode(second))
    }

    private func bytes(_ document: UInt32) throws -> [UInt8] {
        if isExact {
            let start = offsets[Int(document)]
            return try file.read(at: start, count: offsets[Int(document) + 1] - start)
        }
        let count = 2 * signatures.permutations
        return try file.read(at: Int(document) * count, count: count)
    }

    /// Numbers as bytes, the lowest first.
    static func encode<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * Number.bitWidth / 8)
        for number in numbers {
            for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
            }
        }
        return bytes
    }

    private static func decode<Number: FixedWidthInteger>(_ bytes: [UInt8]) -> [Number] {
        let width = Number.bitWidth / 8
        return stride(from: 0, to: bytes.count, by: width).map { start in
            (0..<width).reduce(Number(0)) { $0 | Number(bytes[start + $1]) << Number(8 * $1) }
        }
    }
}
