/// Finds documents with the same fingerprint.
struct EqualDocuments {
    let fingerprint: @Sendable (Document) -> Fingerprint

    func groups(_ input: DocumentInput, _ context: StageContext) throws -> DuplicateGroups {
        var groups = DuplicateGroups()
        let table = KeyTable(in: context.workFolder, name: "equal", memory: context.memoryLimit / 2)
        let fingerprint = fingerprint
        try input.forEachBatch(
            "dedup: fingerprints", context, makeWorker: {},
            transform: { batch, _ in batch.documents.map(fingerprint) },
            consume: { fingerprints in
                for fingerprint in fingerprints { try table.add(fingerprint, groups.addDocument()) }
            })
        try table.forEachGroup { group in
            for document in group.documents.dropFirst() { groups.unite(group.documents[0], document) }
        }
        return groups
    }
}
