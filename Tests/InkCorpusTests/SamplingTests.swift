import Foundation
import InkCorpus
import InkSupport
import Testing

/// Keeps what a stage writes.
final class CollectingSink: DocumentSink {
    let format = DocumentFormat.lines
    private(set) var lines: [String] = []
    private(set) var rejected: [RejectedDocument] = []
    private(set) var count = 0

    func write(_ encoded: [UInt8], count: Int) throws {
        lines += String(decoding: encoded, as: UTF8.self).split(separator: "\n").map(String.init)
        self.count += count
    }

    func reject(_ documents: [RejectedDocument]) throws { rejected += documents }
}

/// A folder with one file of lines for each source, removed at the end.
final class SourceFolder {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    private var files: [DocumentInput.File] = []

    init(_ sources: [(name: String, lines: [String])]) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, lines) in sources {
            let url = folder.appending(path: "\(name).txt")
            try Data(lines.joined(separator: "\n").utf8).write(to: url)
            files.append(.init(url, format: .lines))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var input: DocumentInput { DocumentInput(files: files) }

    func context(threads: Int = 2, seed: UInt64 = 1, memoryLimit: Int = 256 << 20) -> StageContext {
        StageContext(threads: threads, seed: seed, workFolder: folder, memoryLimit: memoryLimit)
    }
}

@Suite struct SeededPermutationTests {
    @Test(arguments: [0, 1, 2, 3, 4, 5, 16, 17, 1000, 4096, 4097])
    func everyNumberComesOnce(count: Int) {
        for seed in 0..<3 as Range<UInt64> {
            let order = SeededPermutation(count: count, seed: seed)
            #expect((0..<count).map { order[$0] }.sorted() == Array(0..<count))
        }
    }

    @Test func placesAreUniform() {
        // Of 10 numbers each comes first about 1000 times in 10 000 seeds; 5 standard deviations are 150.
        var first = [Int](repeating: 0, count: 10)
        for seed in 0..<10_000 as Range<UInt64> { first[SeededPermutation(count: 10, seed: seed)[0]] += 1 }
        for number in first { #expect(abs(number - 1000) < 150) }
    }

    @Test func largeDomainsNeedNoTable() {
        let order = SeededPermutation(count: 1 << 40 + 7, seed: 3)
        let places = (0..<1000).map { order[$0 * 1_000_003] }
        #expect(Set(places).count == 1000)
        #expect(places.allSatisfy { (0..<order.count).contains($0) })
    }
}

@Suite struct SampleStageTests {
    private func sample(_ amount: SampleStage.Amount, of count: Int, seed: UInt64 = 1, threads: Int = 2) throws -> [Int]
    {
        let files = try SourceFolder([("a", (0..<count).map(String.init))])
        let sink = CollectingSink()
        let report = try SampleStage(amount).run(files.input, sink, files.context(threads: threads, seed: seed))
        #expect(report.documentsIn == count)
        #expect(report.documentsOut == sink.count)
        #expect(sink.rejected.count == count - sink.count)
        return sink.lines.compactMap { Int($0) }
    }

    @Test func sizesAreExactAndOrderStays() throws {
        for wanted in [0, 1, 7, 499, 500] {
            let taken = try sample(.documents(wanted), of: 500)
            #expect(taken.count == wanted)
            #expect(taken == Set(taken).sorted())
        }
        #expect(try sample(.share(0.25), of: 300).count == 75)
    }

    @Test func seedsDecideAndThreadsDoNot() throws {
        let one = try sample(.documents(100), of: 1000, threads: 1)
        #expect(try sample(.documents(100), of: 1000, threads: 4) == one)
        #expect(try sample(.documents(100), of: 1000, seed: 2) != one)
    }

    @Test func everyDocumentIsEquallyLikely() throws {
        // 100 samples of 8 of 20: each document about 40 times; 5 standard deviations are 25.
        var taken = [Int](repeating: 0, count: 20)
        for seed in 0..<100 as Range<UInt64> {
            for number in try sample(.documents(8), of: 20, seed: seed) { taken[number] += 1 }
        }
        for number in taken { #expect(abs(number - 40) < 25) }
    }

    @Test func badSettingsAreRefused() throws {
        #expect(throws: InputError.self) { try sample(.documents(11), of: 10) }
        for values in [["documents": "1", "share": "0.5"], [:], ["documents": "-1"], ["share": "1.5"]] {
            var object = JSONObject()
            for (name, value) in values { object[name] = .number(value) }
            #expect(throws: InputError.self) { try SampleStage.kind.make(StageSettings(object, location: "test")) }
        }
    }
}

@Suite struct MixStageTests {
    @Test func allocationsSumToTheTotal() {
        let sources = [1.0, 1, 1].map { MixAllocation.Source(weight: $0, capacity: 1000) }
        #expect(MixAllocation.divide(100, among: sources) == [34, 33, 33])
        let uneven = [(5.0, 10), (3, 1000), (2, 1000)].map { MixAllocation.Source(weight: $0, capacity: $1) }
        // The first can give 10 of its 50; the missing 40 go to the others as 24 and 16.
        #expect(MixAllocation.divide(100, among: uneven) == [10, 54, 36])
        #expect(MixAllocation.divide(5000, among: uneven) == [10, 1000, 1000])
        let tiny = [(1e-9, 5), (1, 100)].map { MixAllocation.Source(weight: $0, capacity: $1) }
        #expect(MixAllocation.divide(50, among: tiny) == [1, 49])
    }

    private func mix(
        _ weights: [String: Double], epochs: [String: Double] = [:], total: MixStage.Total, threads: Int = 2,
        memoryLimit: Int = 256 << 20
    ) throws -> (lines: [String], report: StageReport) {
        let files = try SourceFolder([
            ("news", (0..<100).map { "n\($0)" }), ("books", (0..<10).map { "b\($0)" }),
            ("junk", (0..<5).map { "j\($0)" }),
        ])
        let sink = CollectingSink()
        let report = try MixStage(weights: weights, epochs: epochs, total: total).run(
            files.input, sink, files.context(threads: threads, memoryLimit: memoryLimit))
        #expect(report.documentsOut == sink.count)
        return (sink.lines, report)
    }

    @Test func weightsAndEpochsDecide() throws {
        let (lines, report) = try mix(["news": 1, "books": 1], epochs: ["books": 2.5], total: .documents(50))
        let counts = Dictionary(grouping: lines) { $0.first }.mapValues(\.count)
        #expect(counts == ["n": 25, "b": 25])
        // 25 of 10 documents are two epochs and a half: no document more than three times, none less than twice.
        let times = Dictionary(grouping: lines.filter { $0.hasPrefix("b") }) { $0 }.mapValues(\.count)
        #expect(times.count == 10 && Set(times.values) == [2, 3])
        #expect(Dictionary(grouping: lines.filter { $0.hasPrefix("n") }) { $0 }.values.allSatisfy { $0.count == 1 })
        #expect(report.tally.rules["no-weight"]?.documents == 5)
        #expect(report.tally.rules["not-taken"]?.documents == 75)
    }

    @Test func aSourceRepeatsNoMoreThanItMay() throws {
        let (lines, report) = try mix(["news": 1, "books": 1], total: .documents(60))
        let counts = Dictionary(grouping: lines) { $0.first }.mapValues(\.count)
        #expect(counts == ["n": 50, "b": 10])
        #expect(report.warnings.count == 1)
    }

    @Test func bytesAreKeptTo() throws {
        let (_, report) = try mix(["news": 2, "books": 1], total: .bytes(60))
        #expect((52...60).contains(report.bytesOut))
    }

    @Test func orderIsAShuffleWhateverTheThreadsAndMemory() throws {
        let whole = try mix(["news": 10, "books": 1], total: .documents(110)).lines
        #expect(whole.sorted() == ((0..<100).map { "n\($0)" } + (0..<10).map { "b\($0)" }).sorted())
        #expect(whole.prefix(100).contains { $0.hasPrefix("b") })
        #expect(try mix(["news": 10, "books": 1], total: .documents(110), threads: 1, memoryLimit: 60).lines == whole)
    }

    @Test func unknownSourcesAreRefused() {
        #expect(throws: InputError.self) { try mix(["nothing": 1], total: .documents(1)) }
    }
}
