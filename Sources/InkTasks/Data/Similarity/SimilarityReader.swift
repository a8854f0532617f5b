import Foundation
import InkSupport

/// Two texts and how alike they are.
public struct SimilarityExample: Equatable, Codable, Sendable {
    /// The first text.
    public var first: String
    /// The second text.
    public var second: String
    /// A score (0…5 in STS-B) or a label (0 and 1 in LCQMC): higher is more alike.
    public var score: Double
    /// The 1-based line it came from.
    public var line: Int

    public init(first: String, second: String, score: Double, line: Int) {
        self.first = first
        self.second = second
        self.score = score
        self.line = line
    }
}

/// What a file of scored pairs holds.
public struct SimilarityData: Equatable, Codable, Sendable {
    /// The pairs in the order of the file.
    public var examples: [SimilarityExample]
    /// The smallest and the largest score.
    public var scores: ClosedRange<Double>
    /// What was odd, and what was made of it.
    public var oddities: [DataOddity]
}

/// Reads pairs with scores: `text<TAB>text<TAB>score`, columns under a header, CSV or JSON. In a file without any
/// score all pairs belong together and have the score 1.
public struct SimilarityReader: Sendable {
    /// Names of the columns or keys to read.
    public var columns: TextColumns

    /// The names that similarity sets use.
    public static let standardColumns = TextColumns(
        text: [], label: ["score", "similarity", "label"], pairs: TextColumns.standard.pairs)

    public init(columns: TextColumns = SimilarityReader.standardColumns) { self.columns = columns }

    /// Reads a whole file. Throws `InputError` naming file and line.
    public func read(contentsOf url: URL) throws -> SimilarityData {
        var format = try TextFormat.detect(url)
        if format == .plain { format = .tsv }
        let records = TextRecords(try LineReader(contentsOf: url), format, columns, expectsPairs: true)
        var examples: [SimilarityExample] = []
        var unscored = 0
        while let record = try records.next() {
            let location = "\(records.name):\(record.line)"
            if let second = record.pair, record.labels.isEmpty, examples.count == unscored {
                unscored += 1
                examples.append(SimilarityExample(first: record.text, second: second, score: 1, line: record.line))
                continue
            }
            guard let second = record.pair, let label = record.labels.first, unscored == 0 else {
                throw InputError(
                    at: location, "the record is not a pair of texts with a score",
                    expected: "text<TAB>text<TAB>score", found: Excerpt.of(record.text))
            }
            guard let score = Double(label.value.trimmed), score.isFinite else {
                throw InputError(
                    at: location, "the score is not a number", expected: "a score such as 3.5, or a label 0 or 1",
                    found: Excerpt.of(label.value))
            }
            examples.append(SimilarityExample(first: record.text, second: second, score: score, line: record.line))
        }
        let scores = examples.map(\.score)
        guard let least = scores.min(), let most = scores.max() else {
            throw InputError(at: url.path, "the file has no pair", expected: "text<TAB>text<TAB>score")
        }
        return SimilarityData(examples: examples, scores: least...most, oddities: records.counter.oddities)
    }
}
