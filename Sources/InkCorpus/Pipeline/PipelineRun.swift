import Foundation
import InkSupport

/// A pipeline at work in its folder.
///
/// Document stages that follow each other share a pass. A pass writes its documents under a temporary name; when they
/// are whole, and only then, `done.json` says so. A run that was killed goes on behind the last finished pass, within a
/// pass of document stages at its last checkpoint; and as every stage gives the same result for the same input, it ends
/// with the same bytes as one that was never stopped.
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
        /// Documents that an earlier run had taken through a pass that it did not finish.
        public var resumedDocuments: Int
        /// Wall time of this process's part.
        public var seconds: Double
        /// The process that wrote into the folder and ended without giving it back; nil where there is none.
        public var earlierProcess: FolderLock.Holder?
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

    private var passes: [PipelinePass] {
        var works: [PipelinePass.Work] = []
        var names: [[String]] = []
        for stage in plan.stages {
            switch (works.last, stage) {
            case (.documents(let earlier)?, .document(let stage)):
                works[works.count - 1] = .documents(earlier + [stage])
                names[names.count - 1].append(stage.name)
                continue
            case (_, .document(let stage)): works.append(.documents([stage]))
            case (_, .corpus(let stage)): works.append(.corpus(stage))
            }
            names.append([stage.name])
        }
        return works.enumerated().map { index, work in
            let name = String(format: "%02d-", index + 1) + names[index].joined(separator: "-")
            let folder = plan.output.appending(path: "passes/\(name)")
            let isLast = index == works.count - 1
            return PipelinePass(
                work: work, folder: folder, target: isLast ? documents : folder.appending(path: "documents.jsonl"),
                format: isLast ? plan.outputFormat : .jsonl,
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
        try OutputFolder.check(plan.output)
        try SystemError.makeFolder(plan.output)
        let lock = try FolderLock(plan.output)
        defer { lock.release() }
        try prepare(replaces: replaces)
        let passes = passes
        if finished.exists {
            let reports = try StageReport.list(contentsOf: finished)
            return Outcome(
                reports: reports, documents: documents, resumedPasses: passes.count, resumedDocuments: 0, seconds: 0,
                earlierProcess: lock.previous)
        }
        var reports: [StageReport] = []
        var input = plan.input
        var resumed = (passes: 0, documents: 0)
        var context = StageContext(
            threads: threads, seed: plan.seed, workFolder: plan.output, progress: progress, isInterrupted: isInterrupted
        )
        context.interruptionRemedy = "start it again: it goes on where it was"
        for (index, pass) in passes.enumerated() {
            if let earlier = try pass.finishedReports() {
                reports += earlier
                resumed.passes += 1
            } else {
                let (done, documents) = try pass.run(input, context, spacing: plan.checkpointBytes)
                reports += done
                resumed.documents += documents
            }
            // A later pass that was done has its input no more.
            if !plan.keepsIntermediate, index > 0 {
                try? FileManager.default.removeItem(at: passes[index - 1].target)
            }
            input = DocumentInput(
                files: [.init(pass.target, format: .jsonl)], maximumDocumentBytes: plan.input.maximumDocumentBytes)
        }
        let seconds = ProcessInfo.processInfo.systemUptime - start
        let report = CorpusReport(
            name: plan.name, stages: reports, settings: plan.settings, seconds: resumed == (0, 0) ? seconds : nil,
            peakMemory: ProcessMemory.peakBytes())
        try report.write(to: plan.output.appending(path: "report.html"))
        try AtomicFile.write(report.json.serialized() + "\n", to: plan.output.appending(path: "report.json"))
        try AtomicFile.write(StageReport.text(of: reports), to: finished)
        if !plan.keepsIntermediate { try? FileManager.default.removeItem(at: plan.output.appending(path: "passes")) }
        return Outcome(
            reports: reports, documents: documents, resumedPasses: resumed.passes, resumedDocuments: resumed.documents,
            seconds: seconds, earlierProcess: lock.previous)
    }

    private func prepare(replaces: Bool) throws {
        let folder = plan.output
        let identity = plan.identity.serialized() + "\n"
        let mark = folder.appending(path: "pipeline.json")
        let contents = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0 != FolderLock.fileName
        }
        if let earlier = try? WholeFile.read(mark, limit: WholeFile.tableLimit) {
            if earlier == Array(identity.utf8) { return }
            guard replaces else {
                throw InputError(
                    .usage, at: folder.path, "the folder holds a run with other settings or other input files",
                    remedy: "replace it with --force, or give another output")
            }
            for name in ["finished.json", "passes", "rejected", "report.html", "report.json"] {
                try? FileManager.default.removeItem(at: folder.appending(path: name))
            }
            for name in contents where name.hasPrefix("documents.") || name.hasPrefix(".documents.") {
                try? FileManager.default.removeItem(at: folder.appending(path: name))
            }
        } else if !contents.isEmpty {
            throw InputError(
                .usage, at: folder.path, "the output folder is not empty, and holds no run of a pipeline",
                remedy: "give another output")
        }
        try AtomicFile.write(identity, to: mark)
    }
}
