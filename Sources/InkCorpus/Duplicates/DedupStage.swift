import Foundation
import InkSupport

/// Removes documents, or lines, that stand in the corpus already. Of a group of duplicates the first document stays.
///
/// Keys of documents, signatures and ids are partitioned on disk where they need more than the context's memory. What is
/// held for each document are four bytes for its group and two bits, and for a moment four bytes for each group of two
/// or more; for each repeated line, eight bytes.
public struct DedupStage: CorpusStage {
    static let stageName: String = "dedup"

    /// What makes two documents duplicates.
    public enum Method: Hashable, Sendable {
        /// Equal texts.
        case exact
        /// Equal sums of the MD5 digests of their three longest sentences (ERNIE 3.0).
        case ernie3
        /// Similar sets of shingles; candidates are compared by all their shingles where `verifiesExactly`.
        case near(MinHashSignatures, verifiesExactly: Bool)
        /// No document is: lines of at least so many characters that stand in more than so many documents go.
        case lines(minimumLength: Int, maximumDocuments: Int)
        /// As `lines`, for paragraphs: lines up to an empty one.
        case paragraphs(minimumLength: Int, maximumDocuments: Int)
    }

    public static let kind = StageKind(
        stageName, "remove documents and lines that stand in the corpus more than once", settings: settings
    ) { settings in
        .corpus(try DedupStage(&settings))
    }

    public let name = DedupStage.stageName
    public var method: Method

    public init(_ method: Method) { self.method = method }

    /// - Throws: `InputError` (`.usage`) for a setting that is unknown or impossible.
    public init(_ settings: inout StageSettings) throws {
        let name = try settings.value("method", default: "exact")
        switch name {
        case "exact": method = .exact
        case "ernie3": method = .ernie3
        case "near":
            let verify = try settings.value("verify", default: "signature")
            guard ["signature", "exact"].contains(verify) else {
                throw settings.outOfRange("verify", expected: "signature or exact", found: verify)
            }
            method = .near(try MinHashSignatures(&settings), verifiesExactly: verify == "exact")
        case "lines", "paragraphs":
            let length = try settings.whole("minimum-length", default: 20, in: 1...1_000_000)
            let documents = try settings.whole("maximum-documents", default: 3, in: 1...Int(UInt32.max))
            method =
                name == "lines"
                ? .lines(minimumLength: length, maximumDocuments: documents)
                : .paragraphs(minimumLength: length, maximumDocuments: documents)
        default: throw settings.outOfRange("method", expected: "exact, ernie3, near, lines or paragraphs", found: name)
        }
    }

    public func run(
        _ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext
    ) throws -> StageReport {
        let start = ProcessInfo.processInfo.systemUptime
        var report: StageReport
        switch method {
        case .exact:
            let search = EqualDocuments { DocumentFingerprints.exact($0.utf8[...]) }
            var groups = try search.groups(input, context)
            report = try SurvivorPass(rule: "exact-duplicate").run(&groups, input, output, context)
        case .ernie3:
            let search = EqualDocuments { DocumentFingerprints.longestSentences($0.utf8) }
            var groups = try search.groups(input, context)
            report = try SurvivorPass(rule: "ernie3-duplicate").run(&groups, input, output, context)
        case .near(let signatures, let isExact):
            var found = try NearDuplicates(signatures: signatures, isExact: isExact).find(input, context)
            report = try SurvivorPass(rule: "near-duplicate").run(&found.groups, input, output, context)
            report.facts["bands"] = .integer(signatures.banding.bands)
            report.facts["rows"] = .integer(signatures.banding.rows)
            report.facts["comparedPairs"] = .integer(found.comparedPairs)
            report.facts["verifiedShare"] = .float(
                found.comparedPairs == 0 ? 1 : Double(found.agreeingPairs) / Double(found.comparedPairs))
        case .lines(let length, let documents):
            report = try takeOut(
                RepeatedLines(unit: .line, minimumLength: length, maximumDocuments: documents), input, output, context)
        case .paragraphs(let length, let documents):
            report = try takeOut(
                RepeatedLines(unit: .paragraph, minimumLength: length, maximumDocuments: documents), input, output,
                context)
        }
        report.facts["method"] = .string(methodName)
        report.seconds = ProcessInfo.processInfo.systemUptime - start
        return report
    }

    private var methodName: String {
        switch method {
        case .exact: "exact"
        case .ernie3: "ernie3"
        case .near: "near"
        case .lines: "lines"
        case .paragraphs: "paragraphs"
        }
    }

    private func takeOut(
        _ lines: RepeatedLines, _ input: DocumentInput, _ output: any DocumentSink, _ context: StageContext
    ) throws -> StageReport {
        let repeated = try lines.find(input, context)
        let reports = try DocumentPass([RepeatedLineFilter(lines, repeated: repeated)]).run(input, output, context)
        var report = reports[1]
        report.documentsIn = reports[0].documentsIn
        report.tally.merge(reports[0].tally)
        report.facts["repeated\(lines.unit == .line ? "Lines" : "Paragraphs")"] = .integer(repeated.count)
        return report
    }
}

extension MinHashSignatures {
    /// From the settings `shingle`, `permutations`, `threshold` and `miss-weight`.
    /// - Throws: `InputError` (`.usage`) for a value out of range.
    public init(_ settings: inout StageSettings) throws {
        let shingle = try settings.whole("shingle", default: 5, in: 1...64)
        let permutations = try settings.whole("permutations", default: 128, in: 8...1024)
        guard permutations % 8 == 0 else {
            throw settings.outOfRange("permutations", expected: "a multiple of 8", found: "\(permutations)")
        }
        let threshold = try settings.value("threshold", default: 0.8)
        guard threshold > 0, threshold <= 1 else {
            throw settings.outOfRange("threshold", expected: "above 0, at most 1", found: "\(threshold)")
        }
        let missWeight = try settings.value("miss-weight", default: 0.9)
        guard missWeight >= 0, missWeight <= 1 else {
            throw settings.outOfRange("miss-weight", expected: "0 to 1", found: "\(missWeight)")
        }
        self.init(shingleLength: shingle, permutations: permutations, threshold: threshold, missWeight: missWeight)
    }
}

extension StageSettings {
    /// A whole number in a range.
    /// - Throws: `InputError` (`.usage`) for another type and out of the range.
    mutating func whole(_ name: String, default usual: Int, in range: ClosedRange<Int>) throws -> Int {
        let value = try value(name, default: usual)
        guard range.contains(value) else {
            throw outOfRange(name, expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
        return value
    }
}
