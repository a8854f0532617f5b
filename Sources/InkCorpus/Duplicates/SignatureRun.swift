import InkSupport

/// Writes the MinHash signature of every document as a JSONL record, so that an engine that holds more than one machine
/// can join the bands (see Examples/spark).
public enum SignatureRun {
    /// - Returns: what reading did.
    /// - Throws: `InputError` for input that cannot be read at all and for output that cannot be written.
    public static func run(
        _ signatures: MinHashSignatures, _ input: DocumentInput, _ output: OutputFile, _ context: StageContext
    ) throws -> StageReport {
        var report = StageReport(stage: "signatures")
        try input.forEachBatch(
            "signatures", context, makeWorker: { signatures.makeHasher() },
            transform: { batch, hasher in
                var bytes: [UInt8] = []
                var part = StageReport(stage: "signatures")
                for document in batch.documents {
                    signatures.appendRecord(of: document, using: &hasher, to: &bytes)
                    part.bytesIn += document.utf8.count
                }
                part.documentsIn = batch.documents.count + batch.unreadable.count
                part.documentsOut = batch.documents.count
                part.bytesOut = part.bytesIn
                part.tally = batch.problems
                return (bytes, part)
            },
            consume: { bytes, part in
                try output.write(bytes)
                report.add(part)
            })
        try output.commit()
        return report
    }
}
