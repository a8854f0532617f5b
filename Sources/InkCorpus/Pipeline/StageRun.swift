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
            let files = try input.copyingStandardInput(to: folder, isInterrupted: context.isInterrupted)
            return [try stage.run(files, output, context)]
        }
        let documentStages = stages.compactMap { stage in
            if case .document(let stage) = stage { stage } else { nil }
        }
        return try DocumentPass(documentStages).run(input, output, context)
    }

    /// Runs one stage over files, or standard input, for what it writes and reports itself.
    /// - Returns: a report for reading and for the stage.
    public static func run(
        _ stage: StageKind.Stage, _ input: DocumentInput, _ sink: DiscardingSink, _ context: StageContext
    ) throws -> [StageReport] {
        return try run([stage], input, sink, context)
    }

    /// Runs one stage from files, or standard input, to a file or standard output.
    /// - Returns: a report for reading and for the stage.
    /// - Throws: what the stage throws; the output file then does not exist, or is as it was.
    public static func run(
        _ stage: StageKind.Stage, _ input: DocumentInput, _ sink: FileSink, _ context: StageContext
    ) throws -> [StageReport] {
        let reports = try run([stage], input, sink, context)
        try sink.commit()
        return reports
    }
}

/// Takes documents and keeps none.
public final class DiscardingSink: DocumentSink {
    public let format = DocumentFormat.lines
    public let takesRejected = false

    public init() {}

    public func write(_ encoded: [UInt8], count: Int) {}

    public func reject(_ documents: [RejectedDocument]) {}
}
