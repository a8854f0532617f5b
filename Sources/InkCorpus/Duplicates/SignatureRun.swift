import InkSupport

/// Writes the MinHash signature of every document as a JSONL record, so that an engine that holds more than one machine
/// can join the bands (see Examples/spark): `{"id": "…", "bands": ["16 hexadecimal digits", …], "signature": [0 to 255,
/// …]}` on a line of its own. Documents that share a band and whose signatures agree in
/// `MinHashSignatures.requiredAgreement` places are near duplicates.
public enum SignatureRun {
    /// - Returns: what reading did.
    /// - Throws: `InputError` for input that cannot be read at all and for output that cannot be written.
    public static func run(
        _ signatures: MinHashSignatures, _ input: DocumentInput, _ output: OutputFile, _ context: StageContext
    ) throws -> StageReport {
        var report = StageReport(stage: "signatures")
        let problems = try input.forEachBatch(
            "signatures", context,
            makeWorker: { (hasher: signatures.makeHasher(), record: SignatureRecord(signatures)) },
            transform: { batch, worker in
                var bytes: [UInt8] = []
                var part = StageReport(stage: "signatures")
                for document in batch.documents {
                    worker.record.append(document, minima: worker.hasher.minima(of: document.utf8), to: &bytes)
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
        report.warnings = problems.warnings
        return report
    }
}
