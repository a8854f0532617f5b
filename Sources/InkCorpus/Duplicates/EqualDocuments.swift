import InkSupport

/// Finds documents with the same fingerprint.
struct EqualDocuments {
    let fingerprint: @Sendable (Document) -> Fingerprint

    func groups(_ input: DocumentInput, _ context: StageContext) throws -> DuplicateGroups {
        var groups = DuplicateGroups()
        let table = KeyTable(in: context.workFolder, name: "equal", .bits128, memory: context.memoryLimit / 2)
        let fingerprint = fingerprint
        try input.forEachBatch(
            "dedup: fingerprints", context, makeWorker: {},
            transform: { batch, _ in
                var entries = KeyEntries(.bits128)
                for (index, document) in batch.documents.enumerated() {
                    entries.append(fingerprint(document), UInt32(truncatingIfNeeded: index))
                }
                return entries.partitioned(level: 0)
            },
            consume: { part in
                try table.add(part, firstDocument: groups.addDocuments(part.entries.count))
            })
        try table.forEachGroup(threads: context.threads) { group in
            for document in group.others { groups.unite(group.first, document) }
        }
        return groups
    }
}
