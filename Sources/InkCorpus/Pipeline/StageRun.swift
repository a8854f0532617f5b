import Foundation
import InkSupport

/// One stage at work, over files or a pipe.
public enum StageRun {
    /// Runs one stage.
    /// - Returns: a report for reading, where the stage leaves that to others, and for the stage.
    /// - Throws: what the stages throw. `workFolder` of the context is made and removed here.
    static func run(
        _ stage: StageKind.Stage, _ input: DocumentInput, sink: any DocumentSink, _ context: StageContext
    ) throws -> [StageReport] {
        let folder = context.workFolder
        try? FileManager.default.removeItem(at: folder)
        try SystemError.makeFolder(folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        switch stage {
        case .corpus(let stage):
            let files = try input.copyingStandardInput(to: folder, isInterrupted: context.isInterrupted)
            try FilePurpose.requireFiles(files, for: stage.name)
            var report = try stage.run(files, sink, context)
            report.warnings = ReadingProblems(of: report).warnings + report.warnings
            return [report]
        case .document(let stage): return try DocumentPass([stage]).run(input, sink, context)
        }
    }

    /// Runs one stage over files, or standard input, for what it writes and reports itself.
    /// - Returns: a report for reading and for the stage.
    /// - Throws: as over files to a file.
    public static func run(
        _ stage: StageKind.Stage, _ input: DocumentInput, _ sink: DiscardingSink, _ context: StageContext
    ) throws -> [StageReport] {
        try run(stage, input, sink: sink, context)
    }

    /// Runs one stage from files, or standard input, to a file or standard output.
    /// - Returns: a report for reading and for the stage.
    /// - Throws: `InputError` for a stage that has to read its input several times when that is a named pipe, and what
    ///   the stage throws; the output file then does not exist, or is as it was.
    public static func run(
        _ stage: StageKind.Stage, _ input: DocumentInput, _ sink: FileSink, _ context: StageContext
    ) throws -> [StageReport] {
        let reports = try run(stage, input, sink: sink, context)
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
