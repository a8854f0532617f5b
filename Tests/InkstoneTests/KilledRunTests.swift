import Foundation
import InkTestSupport
import Testing

/// The program, killed at several moments and started again.
@Suite struct KilledRunTests {
    /// Files of a few lines each, so that there are many places at which a run can go on.
    private func writeCorpus(to folder: URL) throws {
        let words = ["天气", "城市", "河流", "书籍", "音乐", "老师", "机器", "问题", "方法", "时间", "历史", "语言"]
        var state: UInt64 = 7
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for file in 0..<60 {
            var text = ""
            for line in 0..<40 {
                if line % 7 == 0 { text += "短\n" }
                text += (0..<(3 + next(20))).map { _ in words[next(words.count)] }.joined() + "，见 http://a.b/c 。\n"
            }
            try Data(text.utf8).write(to: folder.appending(path: "part-\(100 + file).txt"))
        }
    }

    private func plan(_ output: String, in folder: URL) throws -> String {
        let text = """
            input: texts
            output: \(output)
            compression: gz
            checkpoint-bytes: 4096
            stages:
              - filter: {min-characters: 4}
              - clean
              - dedup: {method: exact}
              - filter: {min-characters: 6}
            """
        let name = "\(output).yaml"
        try Data(text.utf8).write(to: folder.appending(path: name))
        return name
    }

    /// Runs until it ends by itself or the time is over; then it is killed.
    private func run(_ plan: String, in folder: URL, seconds: Double) throws -> Int32 {
        let (process, stdin, stdout, stderr) = try Program.process(["corpus", "run", plan], in: folder)
        try process.run()
        try stdin.fileHandleForWriting.close()
        let limit = Date(timeIntervalSinceNow: seconds)
        while process.isRunning, Date() < limit { usleep(5000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        _ = (try stdout.fileHandleForReading.readToEnd(), try stderr.fileHandleForReading.readToEnd())
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    @Test func aRunThatWasKilledEndsWithTheSameBytes() throws {
        try withTemporaryFolder { folder in
            let texts = folder.appending(path: "texts")
            try FileManager.default.createDirectory(at: texts, withIntermediateDirectories: true)
            try writeCorpus(to: texts)
            let start = Date()
            #expect(try run(plan("whole", in: folder), in: folder, seconds: 600) == 0)
            let whole = Date().timeIntervalSince(start)
            let killed = try plan("killed", in: folder)
            for moment in [0.31, 0.07, 0.22, 0.38, 0.15, 0.27] {
                let code = try run(killed, in: folder, seconds: moment * whole)
                #expect(code == 0 || code == -SIGKILL)
            }
            #expect(try run(killed, in: folder, seconds: 600) == 0)
            for name in ["documents.jsonl.gz", "rejected/01-filter-clean.jsonl", "rejected/02-dedup.jsonl"] {
                #expect(
                    try Data(contentsOf: folder.appending(path: "killed/\(name)"))
                        == Data(contentsOf: folder.appending(path: "whole/\(name)")))
            }
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder.appending(path: "killed").path)
            #expect(!names.contains { $0.hasSuffix(".partial") || $0.hasPrefix("passes") })
        }
    }
}
