import Foundation
import InkSupport

/// What a stage may use.
public struct StageContext: Sendable {
    /// Threads that work on documents.
    public var threads: Int
    /// Seed of everything random.
    public var seed: UInt64
    /// An empty folder for files that the stage needs while it runs; removed afterwards.
    public var workFolder: URL
    /// Bytes that a stage's tables may take in memory; what needs more is partitioned on disk.
    public var memoryLimit: Int
    /// Told of the bytes read.
    public var progress: CorpusProgress
    /// Asked between blocks; when true, the stage ends with an error.
    public var isInterrupted: @Sendable () -> Bool
    /// Told what was left out of an input, where no report says it: a count, the first place, the remedy.
    public var warn: @Sendable (String) -> Void = { _ in }
    /// What whoever interrupted the work is told to do.
    public var interruptionRemedy = "start it again: it begins from the start, and no unfinished file was left"

    public init(
        threads: Int = ProcessInfo.processInfo.activeProcessorCount, seed: UInt64 = 1, workFolder: URL,
        memoryLimit: Int = 256 << 20, progress: CorpusProgress = CorpusProgress(),
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) {
        self.threads = max(1, threads)
        self.seed = seed
        self.workFolder = workFolder
        self.memoryLimit = memoryLimit
        self.progress = progress
        self.isInterrupted = isInterrupted
    }
}
