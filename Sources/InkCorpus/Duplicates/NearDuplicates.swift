import Foundation
import InkSupport

/// Finds near duplicates: documents that share a band of their MinHash signatures are compared, and those that agree
/// are connected to groups.
struct NearDuplicates {
    let signatures: MinHashSignatures
    /// Whether candidates are compared by all their shingles instead of by their signatures.
    let isExact: Bool

    /// What a thread makes of a document.
    private struct Sketch: Sendable {
        /// Of all minima: documents with the same one need not be compared.
        var whole: Fingerprint
        var bands: [UInt64]
        var evidence: [UInt8]
    }

    /// What a thread works with.
    private struct Worker {
        var hasher: MinHasher
        var shingles: Shingles
    }

    func groups(_ input: DocumentInput, _ context: StageContext) throws -> DuplicateGroups {
        var groups = DuplicateGroups()
        let same = KeyTable(in: context.workFolder, name: "same", memory: context.memoryLimit / 8)
        let bands = KeyTable(in: context.workFolder, name: "band", memory: context.memoryLimit / 2)
        let evidence = try CandidateEvidence(signatures, isExact: isExact, in: context.workFolder)
        let search = self
        try input.forEachBatch(
            "dedup: signatures", context,
            makeWorker: {
                Worker(
                    hasher: search.signatures.makeHasher(),
                    shingles: Shingles(length: search.signatures.shingleLength))
            },
            transform: { batch, worker in batch.documents.map { search.sketch($0, &worker) } },
            consume: { sketches in
                for sketch in sketches {
                    let document = try groups.addDocument()
                    try same.add(sketch.whole, document)
                    for key in sketch.bands { try bands.add(Fingerprint(high: key, low: 0), document) }
                    try evidence.append(sketch.evidence)
                }
            })
        var isRepeated = [Bool](repeating: false, count: groups.count)
        try same.forEachGroup { group in
            for document in group.documents.dropFirst() {
                groups.unite(group.documents[0], document)
                isRepeated[Int(document)] = true
            }
        }
        try bands.forEachGroup { group in
            try connect(group.documents.filter { !isRepeated[Int($0)] }, evidence, &groups)
        }
        return groups
    }

    private func sketch(_ document: Document, _ worker: inout Worker) -> Sketch {
        let minima = worker.hasher.minima(of: document.utf8)
        let whole = minima.reduce(into: Fingerprint(high: 1, low: 2)) { whole, minimum in
            let bits = UInt64(minimum)
            whole = Fingerprint(high: Hash64.of(bits, seed: whole.high), low: Hash64.of(bits, seed: whole.low))
        }
        let evidence =
            isExact
            ? CandidateEvidence.encode(worker.shingles.sortedSet(document.utf8))
            : CandidateEvidence.encode(signatures.signature(of: minima))
        return Sketch(whole: whole, bands: signatures.bandKeys(of: minima), evidence: evidence)
    }

    /// Connects those of some candidates that agree. Two that are connected already are not compared: the groups are
    /// those of all comparisons, whatever the order of the bands.
    private func connect(
        _ candidates: [UInt32], _ evidence: CandidateEvidence, _ groups: inout DuplicateGroups
    ) throws {
        var parts: [[UInt32]] = []
        for candidate in candidates {
            var joined: [Int] = []
            for (index, part) in parts.enumerated() {
                if try groups.first(of: part[0]) == groups.first(of: candidate)
                    || part.contains(where: { try evidence.agree(candidate, $0) })
                {
                    groups.unite(part[0], candidate)
                    joined.append(index)
                }
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
