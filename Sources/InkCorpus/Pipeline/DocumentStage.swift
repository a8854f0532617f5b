/// A stage that looks at one document at a time: cleaning, filters, scores.
///
/// What it does with a document depends on that document and the stage's settings alone, never on its neighbours, the
/// order or the number of threads; so any split of a corpus gives the same result.
public protocol DocumentStage: Sendable {
    /// The name in reports and pipelines, `clean`.
    var name: String { get }
    /// What one thread works with: the buffers that it uses again and again.
    func makeWorker() throws -> any DocumentWorker
    /// What a user should hear of the settings, whatever the documents.
    var warnings: [String] { get }
}

extension DocumentStage {
    public var warnings: [String] { [] }
}

/// One thread's part in a `DocumentStage`.
public protocol DocumentWorker: AnyObject {
    /// Changes the document in place, counts what was done under each rule's name, and says whether it stays. A document
    /// that leaves is counted under its rule by the caller.
    func process(_ document: inout Document, _ tally: inout StageTally) throws -> Verdict
}

/// A stage that has to know the whole corpus before it can decide: de-duplication, sampling, shards, statistics.
public protocol CorpusStage: Sendable {
    /// The name in reports and pipelines, `dedup`.
    var name: String { get }
    /// Looks at the files that the stage reads beside the documents, so that a pipeline need not run for hours first.
    /// - Throws: `InputError` for one that `run` would refuse.
    func check() throws
    /// Reads the input, as often as it needs to, and writes the documents that stay, in their order. A stage whose
    /// result is no corpus (shards, statistics) writes its files itself and every document to `output`.
    func run(_ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext) throws -> StageReport
}

extension CorpusStage {
    public func check() throws {}
}

/// Takes the documents that a stage keeps and those that it removes, in order.
public protocol DocumentSink: AnyObject {
    /// How documents are written.
    var format: DocumentFormat { get }
    /// Takes `count` documents that stay, already written with `format.append(_:to:)`: workers encode, the sink stores.
    func write(_ encoded: [UInt8], count: Int) throws
    /// Takes documents that leave, with the reason.
    func reject(_ documents: [RejectedDocument]) throws
    /// Whether anything is done with the documents that leave, so that they need not be gathered in vain.
    var takesRejected: Bool { get }
}

extension DocumentSink {
    public var takesRejected: Bool { true }
}

/// A document that left the corpus, and why.
public struct RejectedDocument: Hashable, Sendable {
    public var document: Document
    public var stage: String
    public var rule: String
    public var detail: String?

    public init(_ document: Document, stage: String, rule: String, detail: String? = nil) {
        self.document = document
        self.stage = stage
        self.rule = rule
        self.detail = detail
    }
}
