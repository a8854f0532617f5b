import Foundation
import InkSupport

/// Takes exactly so many documents of a corpus, without replacement, every set of them equally likely; order is kept.
///
/// The input is read twice: once to count the documents, once to take those whose number has a small enough hash. So
/// memory does not grow with the corpus or the sample (Mengzi's global sampling over all shards).
public struct SampleStage: CorpusStage {
    /// How much to take.
    public enum Amount: Hashable, Sendable {
        case documents(Int)
        /// A part of the documents, from 0 to 1; the number is rounded.
        case share(Double)
    }

    public let amount: Amount
    public var name: String { Self.kind.name }

    public static let kind = StageKind(
        "sample", "take documents at random, without replacement",
        settings: [
            StageSetting("documents", "n", "how many are taken"),
            StageSetting("share", "0 to 1", "the share that is taken, instead of a number"),
        ]
    ) { settings in
        let documents: Int? = try settings.value("documents")
        let share: Double? = try settings.value("share")
        if let documents, documents < 0 {
            throw settings.outOfRange("documents", expected: "0 or more", found: "\(documents)")
        }
        if let share, !(0...1).contains(share) {
            throw settings.outOfRange("share", expected: "0 to 1", found: "\(share)")
        }
        switch (documents, share) {
        case (let documents?, nil): return .corpus(SampleStage(.documents(documents)))
        case (nil, let share?): return .corpus(SampleStage(.share(share)))
        default:
            throw settings.outOfRange("documents", expected: "either documents or share", found: "both or none")
        }
    }

    public init(_ amount: Amount) { self.amount = amount }

    public func run(
        _ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext
    ) throws -> StageReport {
        try input.requireFiles(for: name)
        let start = ProcessInfo.processInfo.systemUptime
        var available = 0
        try input.forEachBatch(
            "\(name): count", context, makeWorker: { () }, transform: { batch, _ in batch.documents.count },
            consume: { available += $0 })
        let wanted: Int
        switch amount {
        case .documents(let count): wanted = count
        case .share(let share): wanted = Int((share * Double(available)).rounded())
        }
        guard wanted <= available else {
            throw InputError(
                at: "\(name): documents", "the corpus has fewer documents than the sample should have",
                expected: "\(wanted) or more", found: "\(available)")
        }
        let seed = Hash64.of(Array(name.utf8), seed: context.seed)
        let threshold = HashThreshold(taking: wanted, of: available, seed: seed)
        var report = StageReport(stage: name)
        var number = 0
        try input.forEachBatch(name, context, makeWorker: { () }, transform: { batch, _ in batch }) { batch in
            report.tally.merge(batch.problems)
            var (encoded, count) = ([UInt8](), 0)
            var rejected = batch.unreadable
            report.documentsIn += batch.documents.count + rejected.count
            for document in batch.documents {
                report.bytesIn += document.utf8.count
                if threshold.takes(number) {
                    output.format.append(document, to: &encoded)
                    report.bytesOut += document.utf8.count
                    count += 1
                } else {
                    report.tally.countRemoval(of: document, "not-sampled")
                    rejected.append(RejectedDocument(document, stage: name, rule: "not-sampled"))
                }
                number += 1
            }
            report.documentsOut += count
            try output.write(encoded, count: count)
            try output.reject(rejected)
        }
        report.facts = JSONObject([
            "available": .integer(available), "taken": .integer(wanted),
            "share": .float(available == 0 ? 0 : Double(wanted) / Double(available)),
        ])
        report.seconds = ProcessInfo.processInfo.systemUptime - start
        return report
    }
}

extension DocumentInput {
    /// Refuses standard input for a stage that reads its input more than once.
    func requireFiles(for stage: String) throws {
        guard files.contains(where: { $0.url == nil }) else { return }
        throw InputError(
            .usage, at: stage, "the stage reads its input twice, which standard input does not allow",
            remedy: "write it to a file first")
    }
}
