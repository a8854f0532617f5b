import Foundation
import InkSupport

/// Finds training text that overlaps with evaluation files by n-grams (GLaM, section 7.1; GPT-3, appendix C), and removes
/// it where asked to.
public struct ContaminationStage: CorpusStage {
    static let stageName: String = "contamination"
    static let rule = "contamination"

    /// What becomes of a document that overlaps.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        /// It stays as it is.
        case report
        case removeDocument = "remove-document"
        /// It stays without the n-grams that overlap.
        case removeSpan = "remove-span"
    }

    public static let kind = StageKind(
        stageName, "find text that stands in evaluation files, and remove it",
        settings: [
            StageSetting("evaluation", "[file, …]", "evaluation files: TSV, CSV, JSON, JSONL or text"),
            StageSetting("ngram", "n", "Chinese characters or words in an n-gram (usual: 13)"),
            StageSetting(
                "minimum-overlap", "0 to 1",
                "share of an evaluation text's n-grams that counts (usual: 0, any; 0.3 spares set phrases)"),
            StageSetting(
                "action", Action.allCases.map(\.rawValue).joined(separator: "|"),
                "what happens to what is found (usual: report)"),
        ]
    ) { settings in
        .corpus(try ContaminationStage(&settings))
    }

    public let name = ContaminationStage.stageName
    /// TSV, CSV, JSONL, JSON or plain text by their names; `.json` may also have one record a line.
    public var evaluation: [String]
    /// Units in an n-gram: a Chinese character or a word in Latin letters.
    public var gramLength: Int
    /// Share of an evaluation text's n-grams that a document has to hold; at 0 one n-gram is enough. An n-gram that
    /// several texts have counts for the first.
    public var minimumOverlap: Double
    public var action: Action

    public init(
        evaluation: [String], gramLength: Int = 13, minimumOverlap: Double = 0, action: Action = .report
    ) {
        self.evaluation = evaluation
        self.gramLength = gramLength
        self.minimumOverlap = minimumOverlap
        self.action = action
    }

    /// - Throws: `InputError` (`.usage`) for a setting that is unknown, missing or impossible.
    public init(_ settings: inout StageSettings) throws {
        let paths: [String] = try settings.required("evaluation")
        evaluation = paths.map { settings.input($0).path }
        if evaluation.isEmpty { throw settings.outOfRange("evaluation", expected: "a file or more", found: "none") }
        gramLength = try settings.whole("ngram", default: 13, in: 1...1000)
        minimumOverlap = try settings.value("minimum-overlap", default: 0)
        guard minimumOverlap >= 0, minimumOverlap <= 1 else {
            throw settings.outOfRange("minimum-overlap", expected: "0 to 1", found: "\(minimumOverlap)")
        }
        let name = try settings.value("action", default: Action.report.rawValue)
        guard let action = Action(rawValue: name) else {
            throw settings.outOfRange(
                "action", expected: Action.allCases.map(\.rawValue).joined(separator: ", "), found: name)
        }
        self.action = action
    }

    public func check() throws {
        for path in evaluation { try EvaluationFile(path).forEachText { _, _ in } }
    }

    /// What became of a batch.
    private struct Outcome: Sendable {
        var encoded: [UInt8] = []
        var count = 0
        var rejected: [RejectedDocument]
        var report: StageReport
        var slots: [Int] = []
        var findings: [ContaminationSummary.Finding] = []
    }

    public func run(
        _ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext
    ) throws -> StageReport {
        let start = ProcessInfo.processInfo.systemUptime
        let files = evaluation.map(EvaluationFile.init)
        let index = try EvaluationIndex(files, gramLength: gramLength, memory: context.memoryLimit)
        var summary = ContaminationSummary(index, minimumOverlap: minimumOverlap)
        var report = StageReport(stage: name)
        let (stage, format) = (self, output.format)
        try input.forEachBatch(
            name, context, makeWorker: { ContaminationMatcher(index, minimumOverlap: stage.minimumOverlap) },
            transform: { batch, matcher in stage.process(batch, &matcher, index, format) },
            consume: { outcome in
                try output.write(outcome.encoded, count: outcome.count)
                try output.reject(outcome.rejected)
                report.add(outcome.report)
                summary.add(slots: outcome.slots, findings: outcome.findings)
            })
        report.facts["ngram"] = .integer(gramLength)
        report.facts["files"] = try summary.report(&report.warnings)
        report.seconds = ProcessInfo.processInfo.systemUptime - start
        return report
    }

    private func process(
        _ batch: DocumentInput.Batch, _ matcher: inout ContaminationMatcher, _ index: EvaluationIndex,
        _ format: DocumentFormat
    ) -> Outcome {
        var outcome = Outcome(rejected: batch.unreadable, report: StageReport(stage: name))
        outcome.report.tally = batch.problems
        outcome.report.documentsIn = batch.documents.count + batch.unreadable.count
        for var document in batch.documents {
            let before = document
            outcome.report.bytesIn += document.utf8.count
            if let match = matcher.match(document.utf8) {
                outcome.slots += match.slots
                if !match.items.isEmpty {
                    outcome.findings.append(finding(match, in: document))
                    if !treat(&document, match, &outcome.report.tally) {
                        outcome.report.tally.countRemoval(of: before, Self.rule)
                        outcome.rejected.append(
                            RejectedDocument(
                                before, stage: name, rule: Self.rule, detail: index.location(match.items[0])))
                        continue
                    }
                }
            }
            outcome.report.bytesOut += document.utf8.count
            outcome.count += 1
            format.append(document, to: &outcome.encoded)
        }
        outcome.report.documentsOut = outcome.count
        return outcome
    }

    private func finding(
        _ match: ContaminationMatcher.Match, in document: Document
    ) -> ContaminationSummary.Finding {
        let text = match.spans.first.map { String(decoding: document.utf8[$0].prefix(300), as: UTF8.self) } ?? ""
        return ContaminationSummary.Finding(document: document.id, items: match.items, text: String(text.prefix(80)))
    }

    /// - Returns: whether the document stays.
    private func treat(
        _ document: inout Document, _ match: ContaminationMatcher.Match, _ tally: inout StageTally
    ) -> Bool {
        let before = document
        switch action {
        case .removeDocument: return false
        case .report: tally.count(Self.rule, changes: match.spans.count)
        case .removeSpan:
            var kept: [UInt8] = []
            var position = 0
            for span in match.spans {
                kept += document.utf8[position..<span.lowerBound]
                position = span.upperBound
            }
            kept += document.utf8[position...]
            var units = TextUnits()
            units.take(kept)
            if units.hashes.isEmpty { return false }
            tally.count(
                Self.rule, changes: match.spans.count, removedBytes: document.utf8.count - kept.count)
            document.utf8 = kept
        }
        if tally.wantsExample(Self.rule, id: document.id) {
            tally.example(
                Self.rule, id: document.id, before: finding(match, in: before).text,
                after: action == .report ? nil : "")
        }
        return true
    }
}
