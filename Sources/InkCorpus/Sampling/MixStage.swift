import Foundation
import InkSupport

/// Mixes sources by weight into one corpus in a random order; small sources may be repeated a few times.
///
/// The input is read twice: once to see what each source holds, once to take documents. Of a source's last, partial
/// epoch those documents are taken whose number has a small enough hash, so the choice is exact and without replacement.
public struct MixStage: CorpusStage {
    /// How much the mixture should hold.
    public enum Total: Hashable, Sendable {
        case documents(Int)
        /// Bytes of text; reached to within one document of each source, or 1/65536 of the source.
        case bytes(Int)
    }

    /// By `Document.source`; a source without a weight is left out.
    public let weights: [String: Double]
    /// The most times that a source may be repeated; 1 where nothing is said.
    public let epochs: [String: Double]
    public let total: Total
    public var name: String { Self.kind.name }

    public static let kind = StageKind(
        "mix", "mix sources by weight, shuffled",
        settings: [
            StageSetting("weights", "{source: x, …}", "the share of each source; one without a weight is left out"),
            StageSetting("epochs", "{source: x, …}", "the most times that a source is repeated (usual: 1)"),
            StageSetting("documents", "n", "documents of the mixture"),
            StageSetting("bytes", "n", "bytes of text of the mixture, instead of documents"),
        ]
    ) { settings in
        let weights: [String: Double] = try settings.required("weights")
        let epochs: [String: Double] = try settings.value("epochs", default: [:])
        let documents: Int? = try settings.value("documents")
        let bytes: Int? = try settings.value("bytes")
        if weights.isEmpty { throw settings.outOfRange("weights", expected: "at least one source", found: "none") }
        for (source, weight) in weights.sorted(by: { $0.key < $1.key }) {
            try NumberCheck.require(
                weight, in: 1e-100...1e100, at: "\(settings.location): weights: \(source)")
        }
        for (name, value) in [("documents", documents), ("bytes", bytes)] {
            guard let value else { continue }
            try NumberCheck.require(value, in: 1...largestTotal, at: "\(settings.location): \(name)")
        }
        for (source, epochs) in epochs.sorted(by: { $0.key < $1.key }) {
            guard weights[source] != nil else {
                throw settings.outOfRange("epochs: \(source)", expected: "a source with a weight", found: source)
            }
            guard epochs > 0, epochs <= 1e6 else {
                throw settings.outOfRange("epochs: \(source)", expected: "above 0, to 1000000", found: "\(epochs)")
            }
        }
        switch (documents, bytes) {
        case (let documents?, nil):
            return .corpus(MixStage(weights: weights, epochs: epochs, total: .documents(documents)))
        case (nil, let bytes?):
            return .corpus(MixStage(weights: weights, epochs: epochs, total: .bytes(bytes)))
        default:
            throw settings.outOfRange(
                "documents", expected: "either documents or bytes, above 0",
                found: [documents.map { "documents: \($0)" }, bytes.map { "bytes: \($0)" }].compactMap { $0 }
                    .joined(separator: ", "))
        }
    }

    /// The most documents or bytes of a mixture, more than any disk holds: shares of it are exact.
    private static let largestTotal = 1_000_000_000_000_000

    /// Sources without a weight that a message names.
    private static let namedSources = 10

    public init(weights: [String: Double], epochs: [String: Double] = [:], total: Total) {
        self.weights = weights
        self.epochs = epochs
        self.total = total
    }

    public func run(
        _ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext
    ) throws -> StageReport {
        try input.requireFiles(for: name)
        let start = ProcessInfo.processInfo.systemUptime
        let names = weights.keys.sorted()
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        var sources = names.map {
            MixSource(name: $0, weight: weights[$0] ?? 0, epochs: epochs[$0] ?? 1, seed: context.seed)
        }
        var others: Set<String> = []
        try input.forEachBatch(
            "\(name): count", context, makeWorker: { () },
            transform: { batch, _ in
                var weighted: [(source: Int, bytes: Int)] = []
                var others: Set<String> = []
                for document in batch.documents {
                    if let number = numbers[document.source] {
                        weighted.append((number, document.utf8.count))
                    } else {
                        others.insert(document.source)
                    }
                }
                return (weighted: weighted, others: others)
            },
            consume: { batch in
                for document in batch.weighted { sources[document.source].add(bytes: document.bytes) }
                if others.count < Self.namedSources { others.formUnion(batch.others) }
            })
        let warnings = try MixSource.plan(
            &sources, total, name, others: others.sorted().prefix(Self.namedSources).joined(separator: ", "))
        let shuffle = try ExternalShuffle(
            name, totalBytes: sources.reduce(0) { $0 + $1.plannedBytes }, memoryLimit: context.memoryLimit,
            folder: context.workFolder)
        var report = StageReport(stage: name)
        try take(input, output, context, numbers, &sources, shuffle, &report)
        try shuffle.drain { try output.write($0, count: $1) }
        report.warnings = warnings
        report.facts = JSONObject(["sources": .array(sources.map(\.facts))])
        report.seconds = ProcessInfo.processInfo.systemUptime - start
        return report
    }

    /// A document ready to be written.
    private struct Taken: Sendable {
        var source: Int?
        var document: Document
        var encoded: [UInt8]
    }

    private func take(
        _ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext, _ numbers: [String: Int],
        _ sources: inout [MixSource], _ shuffle: ExternalShuffle, _ report: inout StageReport
    ) throws {
        let format = output.format
        try input.forEachBatch(
            name, context, makeWorker: { () },
            transform: { batch, _ in
                let documents = batch.documents.map { document in
                    let source = numbers[document.source]
                    var encoded: [UInt8] = []
                    if source != nil { format.append(document, to: &encoded) }
                    return Taken(source: source, document: document, encoded: encoded)
                }
                return (documents, batch.problems, batch.unreadable)
            },
            consume: { documents, problems, unreadable in
                report.tally.merge(problems)
                report.documentsIn += unreadable.count
                var rejected = unreadable
                for taken in documents {
                    let bytes = taken.document.utf8.count
                    report.documentsIn += 1
                    report.bytesIn += bytes
                    let copies = taken.source.map { sources[$0].next(bytes: bytes) } ?? 0
                    guard let source = taken.source, copies > 0 else {
                        let rule = taken.source == nil ? "no-weight" : "not-taken"
                        report.tally.countRemoval(of: taken.document, rule)
                        rejected.append(RejectedDocument(taken.document, stage: name, rule: rule))
                        continue
                    }
                    report.documentsOut += copies
                    report.bytesOut += copies * bytes
                    for copy in 0..<copies {
                        try shuffle.add(taken.encoded[...], key: sources[source].key(copy: copy))
                    }
                }
                try output.reject(rejected)
            })
    }
}
