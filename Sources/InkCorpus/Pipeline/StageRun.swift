import Foundation
import InkSupport

/// Stages at work: those that look at one document at a time in one pass, or one that needs the whole corpus.
public enum StageRun {
    /// Runs stages that belong together.
    /// - Parameter stages: document stages in order, or a single corpus stage.
    /// - Returns: a report for reading and for each stage.
    /// - Throws: what the stages throw. `workFolder` of the context is made and removed here.
    static func run(
        _ stages: [StageKind.Stage], _ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext
    ) throws -> [StageReport] {
        let folder = context.workFolder
        try? FileManager.default.removeItem(at: folder)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw InputError(.run, at: folder.path, "the work folder cannot be made", found: "\(error)")
        }
        defer { try? FileManager.default.removeItem(at: folder) }
        if stages.count == 1, case .corpus(let stage) = stages[0] {
            return [try stage.run(input, output, context)]
        }
        let documentStages = stages.compactMap { stage in
            if case .document(let stage) = stage { stage } else { nil }
        }
        return try DocumentPass(documentStages).run(input, output, context)
    }

    /// Runs one stage over files, for what it writes and reports itself.
    /// - Returns: a report for reading and for the stage.
    public static func run(
        _ stage: StageKind.Stage, _ input: DocumentInput, _ sink: DiscardingSink, _ context: StageContext
    ) throws -> [StageReport] {
        try requireFiles(stage, input)
        return try run([stage], input, sink, context)
    }

    /// Runs one stage from files, or standard input, to a file or standard output.
    /// - Returns: a report for reading and for the stage.
    /// - Throws: `InputError` for a stage that has to read its input several times when that is standard input, and what
    ///   the stage throws; the output file then does not exist, or is as it was.
    public static func run(
        _ stage: StageKind.Stage, _ input: DocumentInput, _ sink: FileSink, _ context: StageContext
    ) throws -> [StageReport] {
        try requireFiles(stage, input)
        let reports = try run([stage], input, sink, context)
        try sink.commit()
        return reports
    }

    private static func requireFiles(_ stage: StageKind.Stage, _ input: DocumentInput) throws {
        guard case .corpus = stage, input.files.contains(where: { $0.url == nil }) else { return }
        throw InputError(
            .usage, at: stage.name, "the stage reads its input several times, which standard input does not allow",
            remedy: "write the documents to a file first, and give that")
    }
}

/// Takes documents and keeps none.
public final class DiscardingSink: DocumentSink {
    public let format = DocumentFormat.lines

    public init() {}

    public func write(_ encoded: [UInt8], count: Int) {}

    public func reject(_ documents: [RejectedDocument]) {}
}
