import Foundation
import InkCorpus
import InkSupport
import Testing

/// A pass of document stages that is stopped goes on at its last checkpoint, and ends with the same bytes.
@Suite struct PassResumeTests {
    private static let stages = #"[{"filter": {"min-characters": 6, "max-characters": 1000}}, "clean"]"#
    private static let spacing = #", "checkpoint-bytes": 6000"#
    private static let archives = ["none", "gz", "xz", "zst"].filter { ending in
        let program = ["gz": "gzip", "xz": "xz", "zst": "zstd"][ending]
        return program.map { name in
            ["/usr/bin/", "/bin/", "/opt/homebrew/bin/"].contains {
                FileManager.default.isExecutableFile(atPath: $0 + name)
            }
        } ?? true
    }

    /// Many small files, and one of more than a block: two or more places at which a run can go on in each.
    private func makeShop() throws -> (shop: PipelineWorkshop, input: String) {
        let shop = try PipelineWorkshop(lines: ["第一个文件，只有一行。"])
        var maker = TextMaker(seed: 3)
        var names = ["in.txt"]
        for number in 0..<30 {
            let lines = (0..<20).map { line in
                line % 5 == 0 ? "短\(line)" : maker.characters(20 + maker.number(below: 40)) + " http://a.b/\(line) 。"
            }
            names.append("part\(number).txt")
            try shop.write(names[number + 1], Array((lines.joined(separator: "\n") + "\n").utf8))
        }
        let long = Array((maker.characters(60_000) + "。\n").utf8)
        names.append("long.txt")
        try shop.write("long.txt", [0xFF, 10] + (0..<7).flatMap { _ in long })
        return (shop, "[" + names.map { "\"\($0)\"" }.joined(separator: ", ") + "]")
    }

    private func strippedReport(_ shop: PipelineWorkshop, _ name: String) throws -> [StageReport] {
        let text = try shop.contents("\(name)/finished.json")
        guard case .array(let values) = try JSONValue(parsing: Array(text), location: name) else { return [] }
        return try values.map { value in
            var report = try StageReport(json: value, at: name)
            report.seconds = 0
            return report
        }
    }

    @Test(arguments: archives)
    func aStoppedPassGoesOnWhereItWas(compression: String) throws {
        let (shop, input) = try makeShop()
        let more = #", "compression": "\#(compression)""# + Self.spacing
        func run(_ output: String, questions: Int?) throws -> PipelineRun.Outcome {
            let countdown = questions.map { Countdown($0) }
            let plan = try shop.plan(Self.stages, input: input, output: output, more: more)
            return try PipelineRun(
                plan, threads: 2, isInterrupted: { countdown?.isOver ?? false }
            ).run()
        }
        let whole = try run("whole", questions: nil)
        #expect(whole.resumedDocuments == 0)
        var furthest = 0
        for questions in [14, 10, 12, 11, 13] {
            let error = #expect(throws: InputError.self) { try run("out", questions: questions) }
            #expect(error?.problem == "interrupted")
            #expect(!FileManager.default.fileExists(atPath: shop.output.appending(path: whole.name).path))
            // A kill leaves more behind the checkpoint than it notes.
            for name in [".\(whole.name).partial", "rejected/.01-filter-clean.jsonl.partial"] {
                let file = try FileHandle(forWritingTo: shop.output.appending(path: name))
                try file.seekToEnd()
                try file.write(contentsOf: Data("half a doc".utf8))
                try file.close()
            }
            let place = try shop.position("out/passes/01-filter-clean/checkpoint.json")
            #expect(place >= furthest)
            furthest = place
        }
        #expect(furthest >= 8)
        let resumed = try run("out", questions: nil)
        #expect(resumed.resumedDocuments > 0)
        for name in [whole.name, "rejected/01-filter-clean.jsonl"] {
            #expect(try shop.contents("out/\(name)") == shop.contents("whole/\(name)"))
        }
        #expect(try strippedReport(shop, "out") == strippedReport(shop, "whole"))
        let kept = try DocumentInputCount.of(resumed.documents)
        #expect(kept == resumed.reports.last?.documentsOut)
    }

    /// An archive is read up to the place; in a plain file that is a jump.
    @Test func aPassGoesOnInsideAnArchive() throws {
        let gzip = ["/usr/bin/gzip", "/bin/gzip"].first(where: FileManager.default.isExecutableFile)
        guard let gzip else { return }
        let (shop, _) = try makeShop()
        let process = Process()
        process.executableURL = URL(filePath: gzip)
        process.arguments = [shop.folder.appending(path: "long.txt").path]
        try process.run()
        process.waitUntilExit()
        func run(_ output: String, questions: Int?) throws -> PipelineRun.Outcome {
            let countdown = questions.map { Countdown($0) }
            let plan = try shop.plan(
                Self.stages, input: #"["in.txt", "long.txt.gz", "part0.txt", "part1.txt", "part2.txt"]"#,
                output: output, more: Self.spacing)
            return try PipelineRun(plan, threads: 1, isInterrupted: { countdown?.isOver ?? false }).run()
        }
        _ = try run("whole", questions: nil)
        // One thread has four batches in hand: the sixth question comes when two were written.
        #expect(throws: InputError.self) { try run("out", questions: 5) }
        let checkpoint = try JSONValue(
            parsing: Array(shop.contents("out/passes/01-filter-clean/checkpoint.json")), location: "checkpoint")
        let position = try JSONObject(checkpoint)?.value("position", JSONObject.self, at: "checkpoint")
        #expect(position?["file"] == .integer(1))
        #expect(try position?.value("offset", Int.self, at: "position") ?? 0 > 1 << 20)
        let outcome = try run("out", questions: nil)
        #expect(outcome.resumedDocuments > 0)
        for name in ["documents.jsonl", "rejected/01-filter-clean.jsonl"] {
            #expect(try shop.contents("out/\(name)") == shop.contents("whole/\(name)"))
        }
    }

    /// Killed between the names of the two files: what has its name already is taken up again.
    @Test func filesThatHaveTheirNamesAreTakenUpAgain() throws {
        let (shop, input) = try makeShop()
        func run(_ output: String, questions: Int?) throws {
            let countdown = questions.map { Countdown($0) }
            _ = try PipelineRun(
                shop.plan(Self.stages, input: input, output: output, more: Self.spacing),
                isInterrupted: { countdown?.isOver ?? false }
            ).run()
        }
        try run("whole", questions: nil)
        #expect(throws: InputError.self) { try run("out", questions: 20) }
        let folder = shop.output.appending(path: "rejected")
        try FileManager.default.moveItem(
            at: folder.appending(path: ".01-filter-clean.jsonl.partial"),
            to: folder.appending(path: "01-filter-clean.jsonl"))
        try run("out", questions: nil)
        for name in ["documents.jsonl", "rejected/01-filter-clean.jsonl"] {
            #expect(try shop.contents("out/\(name)") == shop.contents("whole/\(name)"))
        }
    }

    @Test(arguments: ["{}", "[", #"{"position":{"batches":1,"file":99,"offset":0,"line":1}}"#])
    func aDamagedCheckpointIsNamed(text: String) throws {
        let (shop, input) = try makeShop()
        let plan = try shop.plan(Self.stages, input: input, more: Self.spacing)
        let countdown = Countdown(20)
        #expect(throws: InputError.self) { try PipelineRun(plan, isInterrupted: { countdown.isOver }).run() }
        try shop.write("out/passes/01-filter-clean/checkpoint.json", Array(text.utf8))
        let error = #expect(throws: InputError.self) { try PipelineRun(plan).run() }
        #expect(error?.location.contains("checkpoint.json") == true)
    }

    /// One bit of a digit: another place, other counts, another checksum.
    @Test func aBitThatFlippedInACheckpointIsNoticed() throws {
        let (shop, input) = try makeShop()
        let plan = try shop.plan(Self.stages, input: input, more: Self.spacing)
        let countdown = Countdown(20)
        #expect(throws: InputError.self) { try PipelineRun(plan, isInterrupted: { countdown.isOver }).run() }
        let name = "out/passes/01-filter-clean/checkpoint.json"
        let whole = [UInt8](try shop.contents(name))
        let digits = whole.indices.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(whole[$0]) }
        for place in stride(from: 0, to: digits.count, by: 7).map({ digits[$0] }) {
            var damaged = whole
            damaged[place] ^= 1
            try shop.write(name, damaged)
            let error = #expect(throws: InputError.self, "byte \(place)") { try PipelineRun(plan).run() }
            #expect(error?.location.contains("checkpoint.json") == true)
        }
        try shop.write(name, whole)
        #expect(try PipelineRun(plan).run().resumedDocuments > 0)
    }

    /// Without the files that it speaks of, a checkpoint is worth nothing: the pass begins again.
    @Test func aPassWhoseFilesAreGoneBeginsAgain() throws {
        let (shop, input) = try makeShop()
        let countdown = Countdown(20)
        let plan = try shop.plan(Self.stages, input: input, more: Self.spacing)
        #expect(throws: InputError.self) {
            try PipelineRun(plan, isInterrupted: { countdown.isOver }).run()
        }
        try FileManager.default.removeItem(at: shop.output.appending(path: ".documents.jsonl.partial"))
        let outcome = try PipelineRun(plan).run()
        #expect(outcome.resumedDocuments == 0)
        #expect(try DocumentInputCount.of(outcome.documents) == outcome.reports.last?.documentsOut)
    }
}

extension PipelineRun.Outcome {
    fileprivate var name: String { documents.lastPathComponent }
}

extension PipelineWorkshop {
    /// The batches before the place that a checkpoint notes.
    fileprivate func position(_ path: String) throws -> Int {
        let value = try JSONValue(parsing: Array(contents(path)), location: path)
        return try JSONObject(value)?.value("position", JSONObject.self, at: path)?.value("batches", Int.self, at: path)
            ?? 0
    }
}

/// Counts the documents of a file.
private enum DocumentInputCount {
    static func of(_ url: URL) throws -> Int {
        var count = 0
        try DocumentInput(files: [.init(url, format: .jsonl)]).forEachBatch(
            "count", StageContext(workFolder: url.deletingLastPathComponent()), makeWorker: {},
            transform: { batch, _ in batch.documents.count }, consume: { count += $0 })
        return count
    }
}
