import Foundation
import InkCorpus
import InkSupport
import InkText
import Testing

@Suite struct CorpusStatisticsTests {
    /// Keeps nothing but the bytes.
    private final class MemorySink: DocumentSink {
        let format = DocumentFormat.jsonl
        var bytes: [UInt8] = []
        var count = 0
        func write(_ encoded: [UInt8], count: Int) throws {
            bytes += encoded
            self.count += count
        }
        func reject(_ documents: [RejectedDocument]) throws {}
    }

    private static let documents: [Document] = (0..<300).map { index in
        let words = ["砚台\n很旧。", "Ink on paper. 好！", "🖌 毛笔", "墨", "墨", ""]
        let text = String(repeating: words[index % 6] + "宣纸", count: 1 + index % 7)
        return Document(
            text: text, id: "\(index)", source: index % 3 == 0 ? "书" : "b",
            meta: JSONObject([
                "score": .float(Double(index % 11) / 10), "word": .string("x"), "year": .integer(1900 + index),
            ]))
    }

    private func run(
        _ documents: [Document], stage: CorpusStatistics = CorpusStatistics(), threads: Int = 2,
        memoryLimit: Int = 256 << 20
    ) throws -> (report: StageReport, sink: MemorySink, written: [UInt8]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var written: [UInt8] = []
        for document in documents { DocumentFormat.jsonl.append(document, to: &written) }
        let url = folder.appending(path: "a.jsonl")
        try Data(written).write(to: url)
        let sink = MemorySink()
        let report = try stage.run(
            DocumentInput(files: [.init(url, format: .jsonl)]), sink,
            StageContext(threads: threads, workFolder: folder, memoryLimit: memoryLimit))
        return (report, sink, written)
    }

    private func integer(_ name: String, _ object: JSONObject) -> Int? { object[name].flatMap(Int.init) }

    @Test func countsAreThoseOfTheText() throws {
        let (report, sink, written) = try run(Self.documents)
        #expect(sink.bytes == written)
        let texts = Self.documents.map(\.text)
        let scalars = texts.flatMap(\.unicodeScalars)
        #expect(report.documentsIn == 300 && report.documentsOut == 300)
        #expect(integer("documents", report.facts) == 300)
        #expect(integer("bytes", report.facts) == texts.reduce(0) { $0 + $1.utf8.count })
        #expect(integer("characters", report.facts) == scalars.count)
        let lines = texts.flatMap { $0.split(separator: "\n") }
        #expect(integer("lines", report.facts) == lines.count)
        #expect(integer("differentCharacters", report.facts) == Set(scalars).count)
        let visible = scalars.filter { !$0.properties.isWhitespace }
        let share = Double(visible.filter(\.properties.isIdeographic).count) / Double(visible.count)
        #expect(report.facts["chineseShare"].flatMap(Double.init) == share)
        var lengths: [Int: Int] = [:]
        for text in texts { lengths[Int(log2(Double(text.unicodeScalars.count))), default: 0] += 1 }
        #expect(report.tally.histograms["length"] == lengths)
        #expect(report.tally.histograms["chinese"]?.values.reduce(0, +) == 300)
        let duplicates = try #require(report.facts["duplicates"].flatMap(JSONObject.init))
        #expect(integer("countedDuplicates", duplicates) == 300 - Set(texts).count)
        #expect(duplicates["method"] == .string("exact"))
    }

    @Test func sourcesAndCharactersAreRanked() throws {
        let (report, _, _) = try run(Self.documents)
        let sources = try #require(report.facts["sources"].flatMap([JSONObject].init))
        for source in sources {
            let name = source["source"].flatMap(String.init)
            let own = Self.documents.filter { $0.source == name }
            #expect(integer("documents", source) == own.count)
            #expect(integer("characters", source) == own.reduce(0) { $0 + $1.text.unicodeScalars.count })
        }
        #expect(sources.count == 2)
        let first = try #require(report.facts["frequentCharacters"].flatMap([JSONObject].init)?.first)
        let count = Self.documents.flatMap(\.text.unicodeScalars).filter { $0 == "宣" }.count
        #expect(first["character"] == .string("宣") && integer("count", first) == count)
    }

    @Test func scoresFallIntoFewBuckets() throws {
        let (report, _, _) = try run(Self.documents)
        let scores = try #require(report.facts["scores"].flatMap(JSONObject.init))
        #expect(scores.names == ["score", "year"])
        let unit: [Double] = (0..<300).map { Double($0 % 11) / 10 }
        let years: [Double] = (0..<300).map { Double(1900 + $0) }
        for (name, values) in [("score", unit), ("year", years)] {
            let score = try #require(scores[name].flatMap(JSONObject.init))
            let width = try #require(score["width"].flatMap(Double.init))
            let buckets = try #require(score["buckets"].flatMap([[Int]].init))
            #expect((10...20).contains(buckets.count))
            for bucket in buckets {
                let low = Double(bucket[0]) * width
                let inside = values.filter { $0 >= low && $0 < low + width }
                #expect(bucket[1] == inside.count)
            }
        }
    }

    @Test func threadsChangeNothing() throws {
        let many = (0..<8).flatMap { (round: Int) -> [Document] in
            Self.documents.map {
                // Several blocks of the input.
                Document(
                    text: String(repeating: $0.text, count: 10) + "\(round)", id: $0.id, source: "\(round % 5)")
            }
        }
        var one = try run(many, threads: 1).report
        var four = try run(many, threads: 4).report
        (one.seconds, four.seconds) = (0, 0)
        #expect(one == four)
    }

    @Test func littleMemoryGivesAnEstimate() throws {
        let many = (0..<6000).map { Document(text: "文\($0 % 4000)", id: "\($0)") }
        let report = try run(many, memoryLimit: 1000 * 96).report
        let duplicates = try #require(report.facts["duplicates"].flatMap(JSONObject.init))
        #expect(duplicates["method"] == .string("estimated from a sample"))
        let share = try #require(duplicates["share"].flatMap(Double.init))
        #expect(abs(share - 1.0 / 3) < 0.05)
    }

    @Test func vocabularyCoverage() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "墨", "纸", "。"]
        try Data(vocabulary.joined(separator: "\n").utf8).write(to: folder.appending(path: "vocab.txt"))
        var settings = StageSettings(JSONObject(["tokenizer": .string(folder.path)]), location: "test")
        guard case .corpus(let stage) = try CorpusStatistics.kind.make(settings) else { return }
        let statistics = try #require(stage as? CorpusStatistics)
        let report = try run(
            [Document(text: "墨纸笔。", id: "1"), Document(text: "笔 砚", id: "2")], stage: statistics
        ).report
        let coverage = try #require(report.facts["vocabulary"].flatMap(JSONObject.init))
        #expect(integer("tokens", coverage) == 6 && integer("unknownTokens", coverage) == 3)
        #expect(coverage["tokensPerCharacter"].flatMap(Double.init) == 6.0 / 7)
        let unknown = try #require(coverage["unknownCharacters"].flatMap([JSONObject].init))
        #expect(unknown.map { $0["character"] } == [.string("笔"), .string("砚")])
        settings = StageSettings(JSONObject(["tokeniser": .string("x")]), location: "test")
        #expect(throws: InputError.self) { try CorpusStatistics.kind.make(settings) }
    }
}
