import Foundation
import InkSupport

/// Finds near duplicates: documents that share a band of their MinHash signatures are compared, and those that agree
/// are connected to groups.
struct NearDuplicates {
    let signatures: MinHashSignatures
    /// Whether candidates are compared by all their shingles instead of by their signatures.
    let isExact: Bool

    /// The groups, and how many candidates were compared for them.
    struct Found {
        var groups = DuplicateGroups()
        var comparedPairs = 0
        var agreeingPairs = 0
    }

    /// What a thread makes of a batch; documents are counted from 0.
    private struct Sketches: Sendable {
        var count: Int
        /// Under all minima: documents with the same ones need not be compared.
        var same: (entries: KeyEntries, ends: [Int])
        var bands: (entries: KeyEntries, ends: [Int])
        var evidence: [UInt64]
        /// Words of each document's evidence where they differ.
        var lengths: [Int]
    }

    /// What a thread works with.
    private struct Worker {
        var hasher: MinHasher
        var shingles: Shingles
    }

    func find(_ input: DocumentInput, _ context: StageContext) throws -> Found {
        var found = Found()
        let same = KeyTable(in: context.workFolder, name: "same", .bits128, memory: context.memoryLimit / 8)
        let bands = KeyTable(in: context.workFolder, name: "band", .bits64, memory: context.memoryLimit / 2)
        let evidence = try CandidateEvidence(signatures, isExact: isExact, in: context.workFolder)
        let search = self
        try input.forEachBatch(
            "dedup: signatures", context,
            makeWorker: {
                Worker(
                    hasher: search.signatures.makeHasher(),
                    shingles: Shingles(length: search.signatures.shingleLength))
            },
            transform: { batch, worker in search.sketch(batch, &worker) },
            consume: { sketches in
                let first = try found.groups.addDocuments(sketches.count)
                try same.add(sketches.same, firstDocument: first)
                try bands.add(sketches.bands, firstDocument: first)
                try evidence.append(sketches.evidence, lengths: sketches.lengths)
            })
        var repeated = DocumentSet(capacity: found.groups.count)
        try same.forEachGroup(threads: context.threads) { group in
            for document in group.others {
                found.groups.unite(group.first, document)
                repeated.insert(document)
            }
        }
        try bands.forEachGroup(threads: context.threads, skipping: repeated) { group in
            try connect(group.documents, evidence, &found)
        }
        return found
    }

    private func sketch(_ batch: DocumentInput.Batch, _ worker: inout Worker) -> Sketches {
        let count = batch.documents.count
        var (same, bands) = (KeyEntries(.bits128), KeyEntries(.bits64))
        same.reserve(count)
        bands.reserve(count * signatures.banding.bands)
        var evidence: [UInt64] = []
        var lengths: [Int] = []
        for (index, document) in batch.documents.enumerated() {
            let number = UInt32(truncatingIfNeeded: index)
            let minima = worker.hasher.minima(of: document.utf8)
            var whole = Fingerprint(high: 1, low: 2)
            for band in 0..<signatures.banding.bands {
                let key = signatures.bandKey(band, of: minima)
                bands.append(key, number)
                whole.add(key)
            }
            for minimum in minima[(signatures.banding.bands * signatures.banding.rows)...] {
                whole.add(UInt64(minimum))
            }
            same.append(whole, number)
            if isExact {
                let set = worker.shingles.sortedSet(document.utf8)
                evidence += set
                lengths.append(set.count)
            } else {
                signatures.appendPackedSignature(of: minima, to: &evidence)
            }
        }
        return Sketches(
            count: count, same: same.partitioned(level: 0), bands: bands.partitioned(level: 0), evidence: evidence,
            lengths: lengths)
    }

    /// Connects those of some candidates that agree. Two that are connected already are not compared: the groups are
    /// those of all comparisons, whatever the order of the bands.
    private func connect(
        _ candidates: ArraySlice<UInt32>, _ evidence: CandidateEvidence, _ found: inout Found
    ) throws {
        var parts: [[UInt32]] = []
        for candidate in candidates {
            var joined: [Int] = []
            for (index, part) in parts.enumerated() {
                var isJoined = found.groups.first(of: part[0]) == found.groups.first(of: candidate)
                for other in part where !isJoined {
                    isJoined = try evidence.agree(candidate, other)
                    found.comparedPairs += 1
                    if isJoined { found.agreeingPairs += 1 }
                }
                guard isJoined else { continue }
                found.groups.unite(part[0], candidate)
                joined.append(index)
            }
            guard let target = joined.first else {
                parts.append([candidate])
                continue
            }
            parts[target].append(candidate)
            for index in joined.dropFirst().reversed() { parts[target] += parts.remove(at: index) }
        }
    }
}

extension Fingerprint {
    /// Takes in a further part of what it stands for.
    fileprivate mutating func add(_ part: UInt64) {
        high = Hash64.of(part, seed: high)
        low = Hash64.mix(part ^ low) &+ low
    }
}
