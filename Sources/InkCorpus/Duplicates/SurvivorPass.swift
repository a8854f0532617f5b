import InkSupport

/// The pass that writes the first document of each group and rejects the others, naming the one that stayed.
struct SurvivorPass {
    let rule: String

    private struct Outcome: Sendable {
        var batch: DocumentInput.Batch
        var encoded: [UInt8] = []
        /// Where each document's bytes end.
        var ends: [Int] = []
    }

    /// - Parameters:
    ///   - groups: over the documents in the order of the input.
    ///   - sizes: the groups of two or more, by their first document.
    func run(
        _ groups: inout DuplicateGroups, sizes: [UInt32: Int], _ input: DocumentInput, _ output: any DocumentSink,
        _ context: StageContext
    ) throws -> StageReport {
        var report = StageReport(stage: DedupStage.stageName)
        var survivors: [UInt32: String] = [:]
        var number: UInt32 = 0
        let format = output.format
        try input.forEachBatch(
            "dedup: write", context, makeWorker: {},
            transform: { batch, _ in
                var outcome = Outcome(batch: batch)
                for document in batch.documents {
                    format.append(document, to: &outcome.encoded)
                    outcome.ends.append(outcome.encoded.count)
                }
                return outcome
            },
            consume: { outcome in
                var kept: [UInt8] = []
                var rejected = outcome.batch.unreadable
                var start = 0
                for (document, end) in zip(outcome.batch.documents, outcome.ends) {
                    guard Int(number) < groups.count else { throw Self.inputChanged }
                    let first = groups.first(of: number)
                    report.bytesIn += document.utf8.count
                    if first == number {
                        kept += outcome.encoded[start..<end]
                        report.bytesOut += document.utf8.count
                        if sizes[number] != nil { survivors[number] = document.id }
                    } else {
                        report.tally.countRemoval(of: document, rule)
                        rejected.append(
                            RejectedDocument(document, stage: report.stage, rule: rule, detail: survivors[first]))
                    }
                    number += 1
                    start = end
                }
                let count = outcome.batch.documents.count + outcome.batch.unreadable.count
                report.documentsIn += count
                report.documentsOut += count - rejected.count
                report.tally.merge(outcome.batch.problems)
                try output.write(kept, count: count - rejected.count)
                try output.reject(rejected)
            })
        guard Int(number) == groups.count else { throw Self.inputChanged }
        return report
    }

    private static var inputChanged: InputError {
        InputError(
            .run, at: DedupStage.stageName, "the input changed while it was read",
            expected: "the same documents in each pass",
            remedy: "copy the input first, or wait until nothing writes to it")
    }
}
