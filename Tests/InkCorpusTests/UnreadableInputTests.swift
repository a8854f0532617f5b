import Foundation
import InkCorpus
import InkSupport
import Testing

/// Records that are no documents: told with their number, first place and reason, and never a result without documents.
@Suite struct UnreadableInputTests {
    private static let poems = [#"{"nr": 1, "题": "静夜思", "诗": "床前明月光，疑是地上霜。"}"#, #"{"nr": 2, "诗": "举头望明月"}"#]

    private func shop(_ lines: [String]) throws -> PipelineWorkshop {
        let shop = try PipelineWorkshop(lines: ["一行"])
        try shop.write("in.jsonl", Array(lines.joined(separator: "\n").utf8))
        return shop
    }

    /// Every kind of stage: one document at a time, several passes, and those that write no documents.
    @Test(arguments: ["clean", "dedup", "filter", "stats", #"{"sample": {"share": 0.5}}"#])
    func noDocumentAtAllIsAnError(stage: String) throws {
        let shop = try shop(Self.poems)
        let error = #expect(throws: InputError.self) {
            try PipelineRun(shop.plan("[\(stage.hasPrefix("{") ? stage : "\"\(stage)\"")]", input: #""in.jsonl""#))
                .run()
        }
        #expect(error?.kind == .data && error?.location == "in.jsonl:1")
        #expect(error?.problem == "expected a string in `text`, found the fields nr, 题, 诗")
        #expect(error?.found == "none of the 2 records can be read")
        #expect(error?.remedy?.contains("--text-field 诗") == true)
    }

    @Test func theTextMayStandInAnotherField() throws {
        let shop = try shop(Self.poems)
        let plan = try shop.plan(#"["clean", "dedup"]"#, input: #""in.jsonl""#, more: #", "text-field": "诗""#)
        #expect(try PipelineRun(plan).run().reports.last?.documentsOut == 2)
        let kept = try shop.lines("out/documents.jsonl")
        #expect(kept.map { $0["text"] } == [.string("床前明月光，疑是地上霜。"), .string("举头望明月")])
        #expect(kept[0]["meta"].flatMap { JSONObject($0) }?["题"] == .string("静夜思"))
    }

    @Test(arguments: [#""clean""#, #"{"dedup": {"method": "lines"}}"#, #"{"mix": {"weights": {"in": 1}, "bytes": 6}}"#])
    func someAreCountedWithPlaceAndReason(stage: String) throws {
        let shop = try shop([#"{"text": "好"}"#, "{\"text\": ", #"{"text": 3}"#, #"{"text": "的"}"#])
        let report = try PipelineRun(shop.plan("[\(stage)]", input: #""in.jsonl""#)).run().reports[0]
        #expect(report.documentsIn == 4)
        #expect(report.warnings.count == 1)
        #expect(
            report.warnings.first?.hasPrefix(
                "2 of 4 records could not be read and are left out; first in.jsonl:2: invalid JSON (byte 8)") == true,
            "\(report.warnings)")
        #expect(try String(decoding: shop.contents("out/report.html"), as: UTF8.self).contains("first in.jsonl:2"))
    }

    @Test func theFirstPlaceIsThatOfTheInputWhateverTheOrder() throws {
        let shop = try PipelineWorkshop(lines: ["一行"])
        let record = #"{"text": "\#(String(repeating: "好", count: 200_000))"}"#
        for name in ["b.jsonl", "a.jsonl"] {
            try shop.write(name, Array([record, record, "{", record, "}"].joined(separator: "\n").utf8))
        }
        let plan = try shop.plan(#"["clean"]"#, input: #"["b.jsonl", "a.jsonl"]"#)
        let warning = try PipelineRun(plan, threads: 3).run().reports[0].warnings.first
        #expect(warning?.hasPrefix("4 of 10 records could not be read and are left out; first b.jsonl:3:") == true)
    }

    @Test func anArrayIsToldFromRecords() throws {
        let shop = try shop(["\u{FEFF}[", #"{"text": "一"},"#, #"{"text": "二"}"#, "]"])
        let error = #expect(throws: InputError.self) {
            try PipelineRun(shop.plan(#"["clean"]"#, input: #""in.jsonl""#)).run()
        }
        #expect(error?.problem == "is one JSON array" && error?.kind == .data)
    }

    @Test func aTableIsNoRecords() throws {
        let shop = try shop(["文本,类", "山上有庙,1", "庙里有人,0"])
        let error = #expect(throws: InputError.self) {
            try PipelineRun(shop.plan(#"["clean"]"#, input: #""in.jsonl""#)).run()
        }
        #expect(error?.location == "in.jsonl:1" && error?.problem.contains("文本,类") == true)
        #expect(error?.remedy?.contains("--format lines") == true)
    }

    @Test func samplesAndLexiconsSayItToo() throws {
        let shop = try shop([#"{"text": "好好好"}"#, "{"])
        let input = DocumentInput(files: try InputFiles.find([shop.folder.appending(path: "in.jsonl").path]))
        let told = Told()
        var context = StageContext(threads: 1, workFolder: shop.folder)
        context.warn = told.add
        var sample = DocumentSample()
        try sample.add(input, "read", context)
        var lexicon = LexiconFromCorpus()
        lexicon.words.minimumFrequency = 1
        _ = try lexicon.build(input, context)
        #expect(sample.count == 1 && told.lines.count == 2)
        #expect(told.lines.allSatisfy { $0.hasPrefix("1 of 2 records could not be read") })
    }

    private final class Told: @unchecked Sendable {
        private let lock = NSLock()
        private var all: [String] = []

        var lines: [String] { lock.withLock { all } }
        var add: @Sendable (String) -> Void { { line in self.lock.withLock { self.all.append(line) } } }
    }
}
