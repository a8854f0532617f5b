import Foundation
import InkSupport

/// One pass of a pipeline over its documents, with the files that it keeps.
///
///     documents.jsonl      what the next pass reads; the last pass writes the result itself
///     checkpoint.json      how far a pass of document stages came, while it is not done
///     done.json            what the stages did; it is there when the documents are whole
struct PipelinePass {
    /// What is done to the documents.
    enum Work {
        /// Stages that share a pass.
        case documents([any DocumentStage])
        case corpus(any CorpusStage)
    }

    let work: Work
    let folder: URL
    /// Where the documents go.
    let target: URL
    let format: DocumentFormat
    /// Where the removed documents go; nil where they are not kept.
    let rejected: URL?

    private var checkpoint: URL { folder.appending(path: "checkpoint.json") }
    private var done: URL { folder.appending(path: "done.json") }

    /// What the stages did when the pass is done, otherwise nil.
    /// - Throws: `InputError` for a file that cannot be read.
    func finishedReports() throws -> [StageReport]? {
        done.exists ? try StageReport.list(contentsOf: done) : nil
    }

    /// Runs the pass, from where an earlier run came to.
    /// - Parameters:
    ///   - context: its work folder is one of the pass's own.
    ///   - spacing: bytes of input between two checkpoints.
    /// - Returns: what the stages did, and how many documents an earlier run had taken through them.
    /// - Throws: what the stages throw.
    func run(
        _ input: DocumentInput, _ context: StageContext, spacing: Int
    ) throws -> (reports: [StageReport], resumedDocuments: Int) {
        for folder in [folder, rejected?.deletingLastPathComponent()] {
            try folder.map { try SystemError.makeFolder($0) }
        }
        var context = context
        context.workFolder = folder.appending(path: "work")
        let reports: [StageReport]
        var start: PassCheckpoint?
        switch work {
        case .documents(let stages):
            start = try earlierCheckpoint(input, stages)
            let sink = try FileSink(
                resumable: target, format: format, rejected: rejected, at: start?.lengths ?? FileSink.Lengths())
            let journal = PassJournal(checkpoint, from: start, sink: sink, spacing: spacing)
            reports = try DocumentPass(stages).run(input, sink, context, journal: journal)
            try sink.commit()
        case .corpus(let stage):
            let sink = try FileSink(target, format: format, rejected: rejected)
            reports = try StageRun.run(.corpus(stage), input, sink: sink, context)
            try sink.commit()
        }
        try AtomicFile.write(StageReport.text(of: reports), to: done)
        try? FileManager.default.removeItem(at: checkpoint)
        return (reports, start?.reports.first?.documentsIn ?? 0)
    }

    /// Where an earlier run came to, as far as its files are there.
    private func earlierCheckpoint(_ input: DocumentInput, _ stages: [any DocumentStage]) throws -> PassCheckpoint? {
        guard let found = try PassCheckpoint(contentsOf: checkpoint, input: input, stages: stages.map(\.name)) else {
            return nil
        }
        return FileSink.holds(found.lengths, target, rejected: rejected) ? found : nil
    }
}

extension StageReport {
    /// Reports as the text of a file.
    static func text(of reports: [StageReport]) -> String {
        JSONValue.array(reports.map(\.json)).serialized() + "\n"
    }

    /// Reads what `text(of:)` wrote.
    /// - Throws: `InputError` for a file that cannot be read or holds something else.
    static func list(contentsOf url: URL) throws -> [StageReport] {
        guard case .array(let values) = try JSONValue(contentsOf: url, limit: WholeFile.settingsLimit) else {
            throw InputError(at: url.path, "the field has the wrong kind of value", expected: "an array")
        }
        return try values.map { try StageReport(json: $0, at: url.path) }
    }
}
