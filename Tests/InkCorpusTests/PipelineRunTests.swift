import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct PipelineRunTests {
    private static let stages = #"[{"filter": {"min-characters": 4}}, "clean", {"dedup": {"method": "exact"}}]"#

    private static func lines(_ count: Int) -> [String] {
        (0..<count).map { number in
            number % 7 == 0
                ? "短" : "第\(number % (count / 2))篇文档说了一些话，内容各不相同。" + String(repeating: "甲乙", count: number % 5)
        }
    }

    @Test func stagesFollowEachOtherAndTheReasonsAreKept() throws {
        let shop = try PipelineWorkshop(lines: ["太短", "这是一篇足够长的文档。", "这是一篇足够长的文档。", "另一篇文档也足够长。"])
        let outcome = try PipelineRun(shop.plan(Self.stages), threads: 2).run()
        let texts = try shop.lines("out/documents.jsonl").compactMap { $0["text"] }
        #expect(texts == [.string("这是一篇足够长的文档。"), .string("另一篇文档也足够长。")])
        #expect(outcome.reports.map(\.stage).first == "read")
        #expect(outcome.reports.last?.documentsIn == 3)
        #expect(outcome.reports.last?.documentsOut == 2)
        let first = try shop.lines("out/rejected/01-filter-clean.jsonl")
        #expect(first.map { $0["id"] } == [.string("in.txt:1")])
        #expect(first.first?["stage"] == .string("filter"))
        let second = try shop.lines("out/rejected/02-dedup.jsonl")
        #expect(second.map { $0["id"] } == [.string("in.txt:3")])
    }

    @Test func aStoppedRunGoesOnAndEndsWithTheSameBytes() throws {
        let shop = try PipelineWorkshop(lines: Self.lines(20_000))
        _ = try PipelineRun(shop.plan(Self.stages, output: "whole"), threads: 2).run()
        // Stop after a growing number of questions: in the first pass, between passes, in the last one.
        for questions in [1, 2, 4] {
            let countdown = Countdown(questions)
            let stopped = PipelineRun(
                try shop.plan(Self.stages), threads: 2, isInterrupted: { countdown.isOver })
            #expect(throws: InputError.self) { try stopped.run() }
            #expect(!FileManager.default.fileExists(atPath: shop.output.appending(path: "documents.jsonl").path))
        }
        _ = try PipelineRun(shop.plan(Self.stages), threads: 1).run()
        #expect(try shop.contents("out/documents.jsonl") == shop.contents("whole/documents.jsonl"))
        for name in ["01-filter-clean.jsonl", "02-dedup.jsonl"] {
            #expect(try shop.contents("out/rejected/\(name)") == shop.contents("whole/rejected/\(name)"))
        }
    }

    /// Cleaned text holds them in another spelling.
    @Test func wordsThatNoCleanedTextHoldsAreWarnedOf() throws {
        let shop = try PipelineWorkshop(lines: ["这一篇说的是VIP客户的事情。", "这一篇说的是别的事情，很长。"])
        try shop.write("words.txt", Array("客户\nVIP\nＣＥＯ\n".utf8))
        let filter = #"{"filter": {"sensitive-words": "words.txt", "sensitive-limit": 1}}"#
        func warnings(_ stages: String, _ output: String) throws -> [String] {
            let outcome = try PipelineRun(shop.plan("[\(stages)]", output: output), threads: 1).run()
            return try #require(outcome.reports.first { $0.stage == "filter" }).warnings
        }
        let late = try warnings(#"{"clean": {"lowercase": true, "width": true}}, \#(filter)"#, "late")
        #expect(late.count == 1)
        #expect(late.first?.hasPrefix("2 of 3 sensitive words are never found") == true)
        #expect(late.first?.contains("the first \"VIP\", then \"vip\"") == true)
        #expect(try shop.lines("late/documents.jsonl").count == 2)
        #expect(try warnings(#"\#(filter), {"clean": {"lowercase": true}}"#, "early").isEmpty)
        #expect(try shop.lines("early/documents.jsonl").count == 1)
    }

    @Test func whatALateStageReadsIsLookedAtFirst() throws {
        let shop = try PipelineWorkshop(lines: Self.lines(10))
        let error = #expect(throws: InputError.self) {
            try shop.plan(#"["clean", {"contamination": {"evaluation": ["none.txt"]}}]"#)
        }
        #expect(error?.location.hasSuffix("/none.txt") == true)
        #expect(throws: InputError.self) { try shop.plan(#"["clean", {"shard": {"tokenizer": "x", "folder": "y"}}]"#) }
        #expect(!FileManager.default.fileExists(atPath: shop.output.path))
    }

    @Test func aFinishedRunIsNotDoneAgain() throws {
        let shop = try PipelineWorkshop(lines: Self.lines(100))
        let first = try PipelineRun(shop.plan(Self.stages)).run()
        let again = try PipelineRun(shop.plan(Self.stages)).run()
        #expect(again.resumedPasses == 2)
        #expect(again.reports == first.reports)
    }

    @Test func otherSettingsDoNotReplaceARun() throws {
        let shop = try PipelineWorkshop(lines: Self.lines(100))
        _ = try PipelineRun(shop.plan(Self.stages)).run()
        let other = try shop.plan(#"[{"filter": {"min-characters": 2}}]"#)
        let error = #expect(throws: InputError.self) { try PipelineRun(other).run() }
        #expect(error?.remedy?.contains("--force") == true)
        _ = try PipelineRun(other).run(replaces: true)
        #expect(!FileManager.default.fileExists(atPath: shop.output.appending(path: "rejected/02-dedup.jsonl").path))
    }

    @Test func someoneElsesFolderIsLeftAlone() throws {
        let shop = try PipelineWorkshop(lines: Self.lines(10))
        try FileManager.default.createDirectory(at: shop.output, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: shop.output.appending(path: "notes.txt"))
        #expect(throws: InputError.self) { try PipelineRun(shop.plan(Self.stages)).run(replaces: true) }
        #expect(try shop.contents("out/notes.txt") == Data("mine".utf8))
    }

    @Test(arguments: [
        (#"["cleen"]"#, "", "did you mean clean?"), (#"[{"clean": {"presett": "x"}}]"#, "", "did you mean preset?"),
        ("[]", "", nil), ("[3]", "", nil), (#"["clean"]"#, #", "seeds": 1"#, "did you mean seed?"),
        (#"["clean"]"#, #", "format": "xml""#, nil), (#"["clean"]"#, #", "compression": "rar""#, nil),
    ])
    func mistakesInThePlanAreNamed(stages: String, more: String, remedy: String?) throws {
        let shop = try PipelineWorkshop(lines: ["一"])
        let error = #expect(throws: InputError.self) { try shop.plan(stages, more: more) }
        #expect(error?.kind == .usage)
        #expect(error?.location.contains("plan.yaml") == true)
        #expect(error?.remedy == remedy)
    }

    @Test func compressedOutputIsReadBack() throws {
        guard
            FileManager.default.isExecutableFile(atPath: "/usr/bin/gzip")
                || FileManager.default.isExecutableFile(atPath: "/bin/gzip")
        else { return }
        let shop = try PipelineWorkshop(lines: Self.lines(1000))
        _ = try PipelineRun(shop.plan(Self.stages, output: "plain")).run()
        let outcome = try PipelineRun(shop.plan(Self.stages, more: #", "compression": "gz""#)).run()
        #expect(outcome.documents.lastPathComponent == "documents.jsonl.gz")
        let input = DocumentInput(files: [.init(outcome.documents, format: .jsonl)])
        var written: [UInt8] = []
        try input.forEachBatch(
            "read", StageContext(workFolder: shop.folder), makeWorker: { () },
            transform: { batch, _ in batch.documents }
        ) { documents in
            for document in documents { DocumentFormat.jsonl.append(document, to: &written) }
        }
        #expect(try Data(written) == shop.contents("plain/documents.jsonl"))
    }
}
