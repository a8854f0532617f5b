import Foundation
import InkSupport

/// Notes how far a pass of document stages came, so that another run goes on there when this one is killed.
///
/// The places are chosen by the bytes of the input alone: compressed files have a part's end at each of them, so that
/// a resumed run writes the same bytes. That what was written by then is on the disk is waited for beside the work; a
/// place that comes before that wait is over is not noted. Not for use from several tasks at once.
final class PassJournal {
    /// Where an earlier run came to.
    let start: PassCheckpoint?
    private let file: URL
    private let sink: FileSink
    private let spacing: Int
    private var bytes = 0
    private let recorder = Recorder()

    /// - Parameters:
    ///   - file: where the checkpoint is kept.
    ///   - start: the checkpoint that is there.
    ///   - sink: what the pass writes to.
    ///   - spacing: bytes of input between two places.
    init(_ file: URL, from start: PassCheckpoint?, sink: FileSink, spacing: Int) {
        self.file = file
        self.start = start
        self.sink = sink
        self.spacing = spacing
    }

    /// A note that is under way ends before its files are left to others.
    deinit { try? finish() }

    /// Whether a place has come, after a batch of so many bytes.
    func isDue(_ batchBytes: Int) -> Bool {
        bytes += batchBytes
        guard bytes >= spacing else { return false }
        bytes = 0
        return true
    }

    /// Notes that everything before a place was written.
    /// - Throws: `InputError` (`.run`), for instance when the disk is full.
    func note(_ position: InputPosition, _ reports: [StageReport]) throws {
        let checkpoint = PassCheckpoint(position: position, lengths: try sink.mark(), reports: reports)
        let (file, unfinished) = (file, sink.unfinished)
        try recorder.start {
            for part in unfinished { try PartialFile.sync(part) }
            try AtomicFile.write(checkpoint.text, to: file)
        }
    }

    /// Waits for the last note.
    /// - Throws: as `note(_:_:)`.
    func finish() throws { try recorder.finish() }

    /// Does one thing at a time on a thread of its own. Every access to what changes holds the lock.
    private final class Recorder: @unchecked Sendable {
        private let lock = NSLock()
        /// Work that no thread has begun yet, and the thread that is asked to.
        private var waiting: (@Sendable () throws -> Void)?
        private var helper: HelperThreads?
        private var isBusy = false
        private var failure: (any Error)?

        /// Does the work, unless other work is not done yet.
        /// - Throws: what earlier work threw.
        func start(_ work: @escaping @Sendable () throws -> Void) throws {
            let mayStart = try lock.withLock {
                if let failure { throw failure }
                if isBusy { return false }
                (isBusy, waiting) = (true, work)
                return true
            }
            guard mayStart else { return }
            let helper = HelperThreads(1) { [self] in workOff() }
            lock.withLock { self.helper = helper }
        }

        /// Does what no thread has begun.
        private func workOff() {
            let work = lock.withLock {
                defer { waiting = nil }
                return waiting
            }
            guard let work else { return }
            let result = Result { try work() }
            lock.withLock {
                isBusy = false
                if case .failure(let error) = result { failure = error }
            }
        }

        func finish() throws {
            lock.withLock { helper }?.close()
            workOff()
            try lock.withLock {
                if let failure { throw failure }
            }
        }
    }
}
