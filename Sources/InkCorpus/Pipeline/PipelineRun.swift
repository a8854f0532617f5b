import Foundation
import InkSupport

/// A pipeline at work in its folder.
///
/// Document stages that follow each other share a pass. A pass writes its documents under a temporary name; when they
/// are whole, and only then, `done.json` says so. A run that was killed goes on behind the last finished pass, and as
/// every stage gives the same result for the same input, it ends with the same bytes as one that was never stopped.
///
///     pipeline.json         what the run is: settings and input files
///     documents.jsonl       the result
///     rejected/01-clean.jsonl   what left in each pass, and why
///     report.html, report.json
///     passes/               files between the passes, removed at the end
public struct PipelineRun: Sendable {
    /// What came of a run.
    public struct Outcome: Sendable {
        /// Of each stage, in order.
        public var reports: [StageReport]
        /// The documents that stayed.
        public var documents: URL
        /// Passes that an earlier run had finished.
        public var resumedPasses: Int
        /// Wall time of this process's part.
        public var seconds: Double
    }

    private let plan: PipelinePlan
    private let threads: Int
    private let progress: CorpusProgress
    private let isInterrupted: @Sendable () -> Bool

    public init(
        _ plan: PipelinePlan, threads: Int? = nil, progress: CorpusProgress = CorpusProgress(),
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
        self.plan = plan
        self.threads = threads ?? plan.threads ?? ProcessInfo.processInfo.activeProcessorCount
        self.progress = progress
        self.isInterrupted = isInterrupted
    }

    private struct Pass {
        let stages: [StageKind.Stage]
        let folder: URL
        let rejected: URL?
        var documents: URL { folder.appending(path: "documents.jsonl") }
        var done: URL { folder.appending(path: "done.json") }
    }

    private var passes: [Pass] {
        var groups: [[StageKind.Stage]] = []
        var joins = false
        for stage in plan.stages {
            if case .document = stage {
                if joins { groups[groups.count - 1].append(stage) } else { groups.append([stage]) }
                joins = true
            } else {
                groups.append([stage])
                joins = false
            }
        }
        return groups.enumerated().map { index, stages in
            let name = String(format: "%02d-", index + 1) + stages.map(\.name).joined(separator: "-")
            return Pass(
                stages: stages, folder: plan.output.appending(path: "passes/\(name)"),
                rejected: plan.keepsRejected ? plan.output.appending(path: "rejected/\(name).jsonl") : nil)
        }
    }

    private var documents: URL { plan.output.appending(path: "documents.\(plan.outputEnding)") }
    private var finished: URL { plan.output.appending(path: "finished.json") }

    /// Runs the pipeline, or what an earlier run left of it.
    /// - Parameter replaces: whether an earlier run with other settings in the folder may be replaced.
    /// - Throws: `InputError` when the folder holds something else, and what the stages throw.
    public func run(replaces: Bool = false) throws -> Outcome {
        let start = ProcessInfo.processInfo.systemUptime
        try prepare(replaces: replaces)
        let passes = passes
        if finished.exists {
            let reports = try Self.readReports(finished)
            return Outcome(reports: reports, documents: documents, resumedPasses: passes.count, seconds: 0)
        }
        var reports: [StageReport] = []
        var input = plan.input
        var resumed = 0
        for (index, pass) in passes.enumerated() {
            let isLast = index == passes.count - 1
            if pass.done.exists {
                reports += try Self.readReports(pass.done)
                resumed += 1
            } else {
                reports += try run(pass, input, isLast: isLast)
            }
            // A later pass that was done has its input no more.
            if !plan.keepsIntermediate, index > 0 {
                try? FileManager.default.removeItem(at: passes[index - 1].documents)
            }
            input = DocumentInput(
                files: [.init(pass.documents, format: .jsonl)], maximumDocumentBytes: plan.input.maximumDocumentBytes)
        }
        let seconds = ProcessInfo.processInfo.systemUptime - start
        let report = CorpusReport(
            name: plan.name, stages: reports, settings: plan.settings, seconds: resumed == 0 ? seconds : nil,
            peakMemory: ProcessMemory.peakBytes())
        try report.write(to: plan.output.appending(path: "report.html"))
        try AtomicFile.write(report.json.serialized() + "\n", to: plan.output.appending(path: "report.json"))
        try AtomicFile.write(Self.text(of: reports), to: finished)
        if !plan.keepsIntermediate { try? FileManager.default.removeItem(at: plan.output.appending(path: "passes")) }
        return Outcome(reports: reports, documents: documents, resumedPasses: resumed, seconds: seconds)
    }

    private func run(_ pass: Pass, _ input: DocumentInput, isLast: Bool) throws -> [StageReport] {
        let folders = [pass.folder] + (pass.rejected.map { [$0.deletingLastPathComponent()] } ?? [])
        for folder in folders { try Self.makeFolder(folder) }
        let sink = try FileSink(
            isLast ? documents : pass.documents, format: isLast ? plan.outputFormat : .jsonl, rejected: pass.rejected)
        let context = StageContext(
            threads: threads, seed: plan.seed, workFolder: pass.folder.appending(path: "work"), progress: progress,
            isInterrupted: isInterrupted)
        let reports = try StageRun.run(pass.stages, input, sink, context)
        try sink.commit()
        try AtomicFile.write(Self.text(of: reports), to: pass.done)
        return reports
    }

    private func prepare(replaces: Bool) throws {
        let folder = plan.output
        let identity = plan.identity.serialized() + "\n"
        let mark = folder.appending(path: "pipeline.json")
        if folder.exists, !folder.isFolder {
            throw InputError(.usage, at: folder.path, "is a file, not a folder", remedy: "give another output")
        }
        try Self.makeFolder(folder)
        let contents = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        if let earlier = try? String(contentsOf: mark, encoding: .utf8) {
            if earlier == identity { return }
            guard replaces else {
                throw InputError(
                    .usage, at: folder.path, "the folder holds a run with other settings or other input files",
                    remedy: "replace it with --force, or give another output")
            }
            for name in ["passes", "rejected", "report.html", "report.json", "finished.json"] {
                try? FileManager.default.removeItem(at: folder.appending(path: name))
            }
            for name in contents where name.hasPrefix("documents.") {
                try? FileManager.default.removeItem(at: folder.appending(path: name))
            }
        } else if !contents.isEmpty {
            throw InputError(
                .usage, at: folder.path, "the output folder is not empty, and holds no run of a pipeline",
                remedy: "give another output")
        }
        try AtomicFile.write(identity, to: mark)
    }

    private static func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw InputError(.run, at: folder.path, "the folder cannot be made", found: "\(error)")
        }
    }

    private static func text(of reports: [StageReport]) -> String {
        JSONValue.array(reports.map(\.json)).serialized() + "\n"
    }

    private static func readReports(_ url: URL) throws -> [StageReport] {
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw InputError(at: url.path, "the file cannot be read")
        }
        guard case .array(let values) = try JSONValue(parsing: Array(data), location: url.path) else {
            throw InputError(at: url.path, "the field has the wrong kind of value", expected: "an array")
        }
        return try values.map { try StageReport(json: $0, at: url.path) }
    }
}
