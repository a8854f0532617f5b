import Foundation
import InkSupport
import InkText

/// `stats`: counts a corpus and passes every document on as it is.
///
/// Facts: documents, bytes, characters, sentences and lines; sources; the share of exact duplicates; the most frequent
/// characters; numbers found in `meta`; and for a tokenizer its tokens for each character and what it does not know.
/// Histograms: `length` (bucket n holds documents of 2^n to 2^(n+1) − 1 characters, bucket 0 the empty ones too) and
/// `chinese` (twentieths of the characters that are no white space).
public struct CorpusStatistics: CorpusStage {
    public static let kind = StageKind(
        "stats", "count documents, characters, sources, duplicates, unknown tokens",
        settings: [StageSetting("tokenizer", "folder", "of a checkpoint: whose vocabulary is measured")]
    ) { settings in
        let folder: String? = try settings.value("tokenizer")
        return .corpus(CorpusStatistics(tokenizer: try folder.map { try Tokenizers.open(settings.input($0)) }))
    }

    public let name = "stats"
    /// Whose vocabulary is measured.
    let tokenizer: (any Tokenizer)?

    /// - Parameter tokenizer: measured on the corpus; nil for none.
    public init(tokenizer: (any Tokenizer)? = nil) { self.tokenizer = tokenizer }

    /// Bytes of a table's entry, with the room that a hash table leaves.
    private static let entryBytes = 48

    public func run(_ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext) throws -> StageReport {
        let start = ProcessInfo.processInfo.systemUptime
        let (format, tokenizer) = (output.format, tokenizer)
        var report = StageReport(stage: name)
        var totals = CorpusCounts()
        var duplicates = DuplicateCounter(limit: context.memoryLimit / 2 / Self.entryBytes)
        try input.forEachBatch(
            name, context, makeWorker: { CorpusCounter(tokenizer) },
            transform: { batch, counter in
                var encoded: [UInt8] = []
                for document in batch.documents {
                    counter.count(document)
                    format.append(document, to: &encoded)
                }
                return (encoded: encoded, counts: counter.take(), problems: batch.problems, lost: batch.unreadable)
            },
            consume: { result in
                try output.write(result.encoded, count: result.counts.documents)
                try output.reject(result.lost)
                for hash in result.counts.hashes { duplicates.add(hash) }
                totals.merge(result.counts)
                report.tally.merge(result.problems)
                report.documentsIn += result.counts.documents + result.lost.count
            })
        report.documentsOut = totals.documents
        report.bytesIn = totals.bytes
        report.bytesOut = totals.bytes
        report.tally.merge(totals.tally)
        report.facts = totals.facts
        report.facts["duplicates"] = duplicates.json
        if let tokenizer { report.facts["vocabulary"] = totals.coverage(of: tokenizer) }
        report.seconds = ProcessInfo.processInfo.systemUptime - start
        return report
    }
}

extension DuplicateCounter {
    /// The share, and how it was found.
    var json: JSONValue {
        .record([
            "share": share.map { .float($0) }, "method": .string(isExact ? "exact" : "estimated from a sample"),
            "countedDocuments": .integer(counted), "countedDuplicates": .integer(duplicates),
        ])
    }
}
