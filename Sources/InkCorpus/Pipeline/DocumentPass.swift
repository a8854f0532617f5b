import Foundation
import InkSupport

/// One pass over a corpus through stages that look at one document at a time.
public struct DocumentPass: Sendable {
    private let stages: [any DocumentStage]

    public init(_ stages: [any DocumentStage]) { self.stages = stages }

    /// What became of a batch.
    private struct Outcome: Sendable {
        var encoded: [UInt8] = []
        var count = 0
        var rejected: [RejectedDocument] = []
        /// Reading, then each stage.
        var reports: [StageReport]
        /// Bytes of the input, and where the next batch begins.
        var bytes: Int
        var end: InputPosition
    }

    /// Reads every document, takes it through the stages, and writes what stays.
    /// - Returns: what reading and each stage did.
    /// - Throws: `InputError` for input that cannot be read at all and for output that cannot be written.
    public func run(_ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext) throws -> [StageReport]
    {
        try run(input, output, context, journal: nil)
    }

    /// As above, from where the journal says that an earlier run came to, and noting how far this one comes.
    func run(
        _ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext, journal: PassJournal?
    ) throws -> [StageReport] {
        let (stages, format) = (stages, output.format)
        var reports = journal?.start?.reports ?? Self.emptyReports(stages)
        let start = ProcessInfo.processInfo.systemUptime - (reports.first?.seconds ?? 0)
        func setTime() {
            let seconds = ProcessInfo.processInfo.systemUptime - start
            for index in reports.indices { reports[index].seconds = seconds }
        }
        try input.forEachBatch(
            stages.map(\.name).joined(separator: ", "), context, from: journal?.start?.position ?? InputPosition(),
            makeWorker: { try stages.map { try $0.makeWorker() } },
            transform: { batch, workers in
                try Self.process(batch, stages, workers, format)
            },
            consume: { outcome in
                try output.write(outcome.encoded, count: outcome.count)
                try output.reject(outcome.rejected)
                for (index, report) in outcome.reports.enumerated() { reports[index].add(report) }
                guard let journal, journal.isDue(outcome.bytes) else { return }
                setTime()
                try journal.note(outcome.end, reports)
            })
        try journal?.finish()
        setTime()
        let problems = ReadingProblems(documents: reports[0].documentsOut, reports[0].tally)
        try problems.requireDocuments()
        reports[0].warnings += problems.warnings
        for (index, stage) in stages.enumerated() { reports[index + 1].warnings += stage.warnings }
        return reports
    }

    private static func emptyReports(_ stages: [any DocumentStage]) -> [StageReport] {
        [StageReport(stage: "read")] + stages.map { StageReport(stage: $0.name) }
    }

    private static func process(
        _ batch: DocumentInput.Batch, _ stages: [any DocumentStage], _ workers: [any DocumentWorker],
        _ format: DocumentFormat
    ) throws -> Outcome {
        var outcome = Outcome(
            rejected: batch.unreadable, reports: emptyReports(stages), bytes: batch.bytes, end: batch.end)
        outcome.encoded.reserveCapacity(batch.documents.reduce(0) { $0 + $1.utf8.count + 1 })
        outcome.reports[0].tally = batch.problems
        outcome.reports[0].documentsIn = batch.documents.count + batch.unreadable.count
        documents: for document in batch.documents {
            var document = document
            outcome.reports[0].documentsOut += 1
            outcome.reports[0].bytesIn += document.utf8.count
            outcome.reports[0].bytesOut += document.utf8.count
            for (index, worker) in workers.enumerated() {
                outcome.reports[index + 1].documentsIn += 1
                outcome.reports[index + 1].bytesIn += document.utf8.count
                let before = document
                let verdict = try worker.process(&document, &outcome.reports[index + 1].tally)
                guard case .remove(let rule, let detail) = verdict else {
                    outcome.reports[index + 1].documentsOut += 1
                    outcome.reports[index + 1].bytesOut += document.utf8.count
                    if outcome.reports[index + 1].documentsOut <= StageTally.exampleLimit {
                        outcome.reports[index + 1].tally.keep(document)
                    }
                    continue
                }
                outcome.reports[index + 1].tally.countRemoval(of: before, rule)
                outcome.rejected.append(
                    RejectedDocument(before, stage: stages[index].name, rule: rule, detail: detail))
                continue documents
            }
            format.append(document, to: &outcome.encoded)
            outcome.count += 1
        }
        return outcome
    }
}

extension StageReport {
    /// Adds the counts of another part of the corpus.
    mutating func add(_ other: StageReport) {
        documentsIn += other.documentsIn
        documentsOut += other.documentsOut
        bytesIn += other.bytesIn
        bytesOut += other.bytesOut
        tally.merge(other.tally)
    }
}

extension StageTally {
    /// Letters of a removed document that are shown.
    private static let shownLetters = 80

    /// Counts a document that a rule removed, with its beginning as an example.
    mutating func countRemoval(of document: Document, _ rule: String) {
        count(rule, removedBytes: document.utf8.count)
        guard wantsExample(rule, id: document.id) else { return }
        example(rule, id: document.id, before: Self.beginning(of: document), after: nil)
    }

    /// Offers a document that stays.
    mutating func keep(_ document: Document) { keep(id: document.id, beginning: Self.beginning(of: document)) }

    /// The beginning of a document's text, to be shown.
    static func beginning(of document: Document) -> String {
        let text = String(decoding: document.utf8.prefix(4 * shownLetters), as: UTF8.self)
        return String(text.prefix(shownLetters))
    }
}
