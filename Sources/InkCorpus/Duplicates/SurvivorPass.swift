import InkSupport

/// The pass that writes the first document of each group and rejects the others, naming the one that stayed.
struct SurvivorPass {
    let rule: String

    /// Largest groups that the report names.
    private static let shownGroups = 10

    private struct Outcome: Sendable {
        var batch: DocumentInput.Batch
        var encoded: [UInt8] = []
        /// Where each document's bytes end.
        var ends: [Int] = []
    }

    /// - Parameter groups: over the documents in the order of the input.
    func run(
        _ groups: inout DuplicateGroups, _ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext
    ) throws -> StageReport {
        var report = StageReport(stage: DedupStage.stageName)
        let summary = groups.summary(shown: Self.shownGroups)
        var largest = [(text: String, id: String)](repeating: ("", ""), count: summary.largest.count)
        // Ids of the first documents, in their order.
        let survivors =
            output.takesRejected ? try ScratchRecords<UInt8>(in: context.workFolder, name: "survivors") : nil
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
                var removed = 0
                var rejected = outcome.batch.unreadable
                var start = 0
                for (document, end) in zip(outcome.batch.documents, outcome.ends) {
                    guard Int(number) < groups.count else { throw Self.inputChanged }
                    let first = groups.first(of: number)
                    report.bytesIn += document.utf8.count
                    if first == number {
                        kept += outcome.encoded[start..<end]
                        report.bytesOut += document.utf8.count
                        if summary.firsts.contains(number) {
                            let id = Array(document.id.utf8)
                            try survivors?.append(id, lengths: [id.count])
                            for (place, group) in summary.largest.enumerated() where group.first == number {
                                largest[place] = (StageTally.beginning(of: document), document.id)
                            }
                        }
                    } else {
                        removed += 1
                        report.tally.countRemoval(of: document, rule)
                        if let survivors {
                            let id = try survivors.read(summary.firsts.rank(of: first))
                            rejected.append(
                                RejectedDocument(
                                    document, stage: report.stage, rule: rule,
                                    detail: String(decoding: id, as: UTF8.self)))
                        }
                    }
                    number += 1
                    start = end
                }
                let count = outcome.batch.documents.count
                report.documentsIn += count + outcome.batch.unreadable.count
                report.documentsOut += count - removed
                report.tally.merge(outcome.batch.problems)
                try output.write(kept, count: count - removed)
                try output.reject(rejected)
            })
        guard Int(number) == groups.count else { throw Self.inputChanged }
        report.facts["groups"] = .integer(summary.groups)
        report.facts["largestGroup"] = .integer(summary.largest.first?.size ?? 0)
        report.facts["largestGroups"] = .array(
            zip(summary.largest, largest).map { group, first in
                .record([
                    "text": .string(first.text), "documents": .integer(group.size), "first": .string(first.id),
                ])
            })
        report.facts["duplicateShare"] = .float(
            groups.count == 0 ? 0 : Double(summary.duplicates) / Double(groups.count))
        return report
    }

    private static var inputChanged: InputError {
        InputError(
            .run, at: DedupStage.stageName, "the input changed while it was read",
            expected: "the same documents in each pass",
            remedy: "copy the input first, or wait until nothing writes to it")
    }
}
