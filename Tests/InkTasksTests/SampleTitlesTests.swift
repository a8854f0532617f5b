import InkTasks
import Testing

@Suite("Bundled sample titles")
struct SampleTitlesTests {
    @Test("Label names stand in the order of their ids")
    func labelOrder() {
        #expect(
            SampleTitles.labels == [
                "finance", "realty", "stocks", "education", "science", "society", "politics", "sports", "game",
                "entertainment",
            ])
    }

    @Test("Every class has enough titles", arguments: zip(SampleTitles.Split.allCases, [120, 30, 30]))
    func counts(split: SampleTitles.Split, minimum: Int) {
        var counts = [Int](repeating: 0, count: SampleTitles.labels.count)
        for row in SampleTitles.rows(split) { counts[row.label] += 1 }
        for (name, count) in zip(SampleTitles.labels, counts) {
            #expect(count >= minimum, "\(name) in \(split.rawValue)")
        }
    }

    @Test("Classes take turns", arguments: zip(SampleTitles.Split.allCases, [120, 30, 30]))
    func interleaving(split: SampleTitles.Split, rounds: Int) {
        let classCount = SampleTitles.labels.count
        let labels = SampleTitles.rows(split).prefix(rounds * classCount).map(\.label)
        #expect(labels == (0..<rounds * classCount).map { $0 % classCount })
    }

    @Test("Titles are clean single lines of 6 to 32 characters", arguments: SampleTitles.Split.allCases)
    func form(split: SampleTitles.Split) {
        for row in SampleTitles.rows(split) {
            #expect((6...32).contains(row.text.count), "\(row.text)")
            #expect(row.text.first != " " && row.text.last != " ", "\(row.text)")
            #expect(!row.text.contains("  "), "\(row.text)")
            let isPrintable = row.text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace || $0 == " " }
            #expect(isPrintable, "\(row.text)")
        }
    }

    @Test("No title occurs twice, nor nearly so, within or across splits")
    func nearDuplicates() {
        let titles = SampleTitles.Split.allCases.flatMap { SampleTitles.rows($0).map(\.text) }
        #expect(Set(titles).count == titles.count)

        // Overlaps are counted through an index from bigram to the earlier titles that hold it: all pairs one by one
        // would take minutes without optimization.
        var holders: [UInt64: [Int]] = [:]
        var bigramCounts: [Int] = []
        for (index, title) in titles.enumerated() {
            let bigrams = Self.bigrams(of: title)
            var shared: [Int: Int] = [:]
            for bigram in bigrams {
                for other in holders[bigram, default: []] { shared[other, default: 0] += 1 }
                holders[bigram, default: []].append(index)
            }
            for (other, overlap) in shared {
                let union = bigrams.count + bigramCounts[other] - overlap
                let jaccard = Double(overlap) / Double(union)
                #expect(jaccard < 0.6, "\(title) / \(titles[other])")
            }
            bigramCounts.append(bigrams.count)
        }
    }

    @Test("The file form holds the rows", arguments: SampleTitles.Split.allCases)
    func fileForm(split: SampleTitles.Split) {
        let lines = SampleTitles.tsv(split).split(separator: "\n", omittingEmptySubsequences: false)
        let rows = SampleTitles.rows(split)
        #expect(lines.count == rows.count + 1)
        #expect(lines.last == "")
        for (line, row) in zip(lines, rows) {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            #expect(fields == [Substring(row.text), Substring(String(row.label))])
        }
    }

    /// The distinct pairs of neighbouring code points.
    private static func bigrams(of text: String) -> Set<UInt64> {
        let scalars = text.unicodeScalars.map { UInt64($0.value) }
        return Set(zip(scalars, scalars.dropFirst()).map { $0 << 32 | $1 })
    }
}
