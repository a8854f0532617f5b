import Foundation
import InkSupport

/// The documents of some files, in order, to be read as often as a stage needs.
public struct DocumentInput: Sendable {
    /// One file, or standard input.
    public struct File: Hashable, Sendable {
        /// Nil for standard input, which can be read once only.
        public var url: URL?
        public var format: DocumentFormat

        public init(_ url: URL?, format: DocumentFormat) {
            self.url = url
            self.format = format
        }

        /// The name in messages and in the ids of documents that have none.
        var name: String { url?.lastPathComponent ?? "stdin" }
    }

    public var files: [File]
    /// A longer document is skipped and counted.
    public var maximumDocumentBytes: Int

    /// The field of a JSONL record that holds the text.
    public var textField: String

    public init(files: [File], maximumDocumentBytes: Int = 16 << 20, textField: String = "text") {
        self.files = files
        self.maximumDocumentBytes = maximumDocumentBytes
        self.textField = textField
    }

    /// Documents that stood together in a file, as many as one thread takes at a time.
    public struct Batch: Sendable {
        public var documents: [Document]
        /// How many batches come before this one.
        public internal(set) var number = 0
        /// Bytes of the input in it.
        var bytes = 0
        /// Where the next batch begins.
        var end = InputPosition()
        /// What was wrong with the input here: records that could not be read, bytes that were no UTF-8.
        public var problems: StageTally
        /// The records that could not be read.
        public var unreadable: [RejectedDocument]
    }

    /// Bytes of blocks that each thread, and all together at least, may have in hand: very long documents do not fill
    /// the memory.
    private static let bytesInFlight = (perThread: 3 << 20, atLeast: 32 << 20)

    /// Reads all documents, several batches at a time, and hands the results over in the order of the input.
    ///
    /// Batches are cut at the same places whatever the number of threads.
    /// - Parameters:
    ///   - title: what the progress line says.
    ///   - start: the end of a batch of an earlier reading of the same files.
    ///   - makeWorker: called once for each thread.
    ///   - transform: runs on any thread.
    ///   - consume: runs on the caller's thread, in the order of the input.
    /// - Returns: what was wrong with the input that was read.
    /// - Throws: what the closures throw; `InputError` for a file that cannot be read, an archive that is cut off or an
    ///   input of which no document can be read, and (`.run`) when the run was interrupted.
    @discardableResult
    public func forEachBatch<Worker, Result: Sendable>(
        _ title: String, _ context: StageContext, from start: InputPosition = InputPosition(),
        makeWorker: @escaping @Sendable () throws -> Worker,
        transform: @escaping @Sendable (Batch, inout Worker) throws -> Result, consume: (Result) throws -> Void
    ) throws -> ReadingProblems {
        let reader = BlockReader(self, from: start)
        func requireGoingOn() throws {
            guard context.isInterrupted() else { return }
            throw InputError(.run, at: title, "interrupted", remedy: context.interruptionRemedy)
        }
        defer { context.progress.finish() }
        if start != InputPosition() {
            context.progress.begin("\(title): to where it was stopped", totalBytes: reader.totalBytes)
            while try reader.skipToStart() {
                try requireGoingOn()
                context.progress.update(bytesRead: reader.bytesRead)
            }
        }
        context.progress.begin(title, totalBytes: reader.totalBytes, from: reader.bytesRead)
        var problems = ReadingProblems()
        try OrderedWork.run(
            threads: context.threads,
            next: {
                try requireGoingOn()
                let block = try reader.next()
                context.progress.update(bytesRead: reader.bytesRead)
                return block
            },
            size: \.bytes.count,
            memory: max(Self.bytesInFlight.atLeast, context.threads * Self.bytesInFlight.perThread),
            makeWorker: makeWorker,
            work: { block, worker in
                var batch = DocumentDecoder.decode(block)
                (batch.number, batch.bytes, batch.end) = (block.end.batches - 1, block.bytes.count, block.end)
                let found = ReadingProblems(documents: batch.documents.count, batch.problems)
                return (problems: found, result: try transform(batch, &worker))
            },
            consume: { done in
                problems.merge(done.problems)
                try consume(done.result)
            })
        // Of what was read before only the caller knows.
        if start == InputPosition() { try problems.requireDocuments() }
        return problems
    }
}
