import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct CorpusReportTests {
    private static func stage() -> StageReport {
        var stage = StageReport(stage: "clean")
        stage.documentsIn = 1200
        stage.documentsOut = 900
        stage.bytesIn = 40_000_000
        stage.bytesOut = 30_000_000
        stage.seconds = 0.1 + 0.2
        stage.tally.count("html", documents: 3, changes: 7, removedBytes: 99)
        stage.tally.count("too short", documents: 300, changes: 300)
        stage.tally.count("url", documents: 0, changes: 0)
        for index in 0..<15 {
            stage.tally.example("html", id: "页:\(index)", before: "甲<b>乙</b>丙\(index)", after: "甲乙丙\(index)")
        }
        stage.tally.example("too short", id: "b", before: "\u{1}\"短\\", after: nil)
        stage.tally.record(bucket: 3, in: "length", count: 12)
        stage.tally.record(bucket: -2, in: "odd", count: 1)
        for bucket in 0..<20 {
            stage.tally.record(bucket: bucket, in: "score", count: 100)
            stage.tally.record(bucket: bucket, in: "score kept", count: 5 * bucket)
        }
        for index in 0..<15 { stage.tally.keep(id: "k\(index)", beginning: "留<下>\(index)") }
        stage.facts = JSONObject([
            "rate": .number("1e-3"), "duplicateShare": .float(0.25), "list": .strings(["<i>"]),
            "rows": .array([.record(["名": .string("a&b"), "count": .integer(12345)])]),
            "inner": .record(["threshold": .float(0.5)]),
        ])
        stage.warnings = ["<script>alert(1)</script>"]
        return stage
    }

    @Test func aStoredReportIsTheSame() throws {
        let stage = Self.stage()
        let text = stage.json.serialized()
        let read = try StageReport(json: JSONValue(parsing: text, location: "report"), at: "report")
        #expect(read == stage)
        #expect(read.json.serialized() == text)
        // What is counted afterwards goes on as if nothing had been stored.
        var (one, other) = (stage.tally, read.tally)
        for index in 20..<60 {
            one.example("html", id: "\(index)", before: "x", after: nil)
            other.example("html", id: "\(index)", before: "x", after: nil)
        }
        #expect(one == other)
    }

    @Test(arguments: [
        ("[]", "not a stage's report"), (#"{"stage": "a"}"#, "missing"),
        (#"{"stage": "a", "documentsIn": "1"}"#, "wrong type"), (#"{"stage": "a", "documentsIn": -1}"#, "out of range"),
    ])
    func damagedReportsAreRefused(_ text: String, _ problem: String) throws {
        let json = try JSONValue(parsing: text, location: "report")
        let error = #expect(throws: InputError.self) { try StageReport(json: json, at: "report") }
        #expect(error?.problem.contains(problem) == true)
    }

    @Test func damagedHistogramsAreRefused() throws {
        for buckets in ["[[1, 2], [1, 3]]", "[[1]]", "[[1, -2]]"] {
            let text = #"{"rules": {}, "histograms": {"length": \#(buckets)}}"#
            let json = try JSONValue(parsing: text, location: "tally")
            #expect(throws: InputError.self) { try StageTally(json: json, at: "tally") }
        }
    }

    private static let report = CorpusReport(
        name: "砚 <corpus>", stages: [StageReport(stage: "read"), stage()],
        settings: JSONObject(["seed": .integer(7)]), seconds: 12.5, peakMemory: 123_000_000)

    @Test func thePageHoldsEverythingEscaped() {
        let html = Self.report.html
        for rule in ["html", "too short", "url"] { #expect(html.contains("<th scope=\"row\">\(rule)</th>"), "\(rule)") }
        #expect(html.contains("甲<del><mark>&lt;b&gt;乙&lt;/b&gt;</mark></del>丙"))
        #expect(html.contains("甲<ins><mark>乙</mark></ins>丙"))
        #expect(html.contains("(removed)"))
        #expect(html.contains("kept: 10 examples") && html.contains("留&lt;下&gt;"))
        #expect(!html.contains("<script") && !html.contains("<b>乙") && !html.contains("<i>"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(html.contains("12\u{2009}345") && html.contains("25.00%") && html.contains("a&amp;b"))
        #expect(html.contains("<title>length</title>") && html.contains("<desc>1 bars from 8 to 8"))
        #expect(html.contains("Kept share by score") && html.contains("0.95: 95 of 100 kept (95.0%)"))
        #expect(!html.contains("http:") && !html.contains("https:"))
        #expect(html.contains("133.3"), "40 MB in 0.3 seconds")
        // Every element that is opened is closed.
        for element in ["table", "tr", "td", "th", "svg", "figure", "div", "section", "details", "span", "g", "text"] {
            let opened =
                html.components(separatedBy: "<\(element)>").count + html.components(separatedBy: "<\(element) ").count
            #expect(opened - 1 == html.components(separatedBy: "</\(element)>").count, "\(element)")
        }
    }

    @Test func aBarShowsWhatIsLeft() {
        var (read, inner) = (StageReport(stage: "read"), StageReport(stage: "read"))
        (read.documentsIn, read.documentsOut, inner.documentsIn) = (2400, 2400, 900)
        let html = CorpusReport(name: "r", stages: [read, Self.stage(), inner]).html
        #expect(html.contains("900<span class=\"bar\"><i style=\"width:37.5%\">"))
        #expect(html.components(separatedBy: "<th scope=\"row\">read</th>").count == 2, "only the first reading")
    }

    @Test func stagesOfSeveralMethodsAreToldApart() {
        var stage = StageReport(stage: "dedup")
        stage.facts["method"] = .string("near")
        let report = CorpusReport(name: "r", stages: [stage])
        #expect(report.text.contains("dedup (near)") && report.html.contains("1. dedup (near)"))
    }

    @Test func rowsInsideRowsAreUnfolded() {
        var stage = StageReport(stage: "contamination")
        let example = JSONValue.record(["text": .string("甲乙")])
        stage.facts = JSONObject([
            "files": .array([
                .record(["file": .string("a.txt"), "examples": .array([example, example])]),
                .record(["file": .string("b.txt"), "examples": .array([])]),
            ])
        ])
        let html = CorpusReport(name: "r", stages: [stage]).html
        #expect(html.contains("<summary>a.txt: 2 examples</summary>") && !html.contains("b.txt: 0"))
        #expect(html.contains("甲乙") && !html.contains("[{"))
    }

    @Test func theTerminalShowsTheMainTable() {
        let lines = Self.report.text.split(separator: "\n")
        #expect(lines[2].hasPrefix("clean") && lines[2].contains("25.00%"))
        #expect(lines.last?.hasPrefix("warning: clean:") == true)
        // Rules that did something, the busiest first.
        let rules = lines.filter { $0.hasPrefix("too short") || $0.hasPrefix("html") || $0.hasPrefix("url") }
        #expect(rules.map { $0.prefix(4) } == ["too ", "html"])
        #expect(lines.contains { $0.hasPrefix("  inner: threshold") && $0.hasSuffix(" 0.5") })
    }

    @Test func jsonHoldsTheStages() throws {
        let object = try #require(JSONObject(Self.report.json))
        let stages = try #require(object["stages"].flatMap([JSONObject].init))
        #expect(try StageReport(json: .object(stages[1]), at: "report") == Self.stage())
        #expect(object["seconds"].flatMap(Double.init) == 12.5)
    }
}
