import Foundation
import InkTestSupport
import Testing

/// Limits of the shell: what the system refuses is an error, never a signal.
@Suite("Refused limits", .timeLimit(.minutes(3)))
struct RefusedLimitsTests {
    private static func run(_ limits: String, _ arguments: String, in folder: URL) throws -> (code: Int32, text: String)
    {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", "ulimit -c 0; \(limits); exec \"$0\" \(arguments)", try Program.url().path]
        process.currentDirectoryURL = folder
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return (code, String(decoding: said, as: UTF8.self))
    }

    private static func corpus(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let texts = (0..<300).map { "第\($0)座山上有一座小庙，庙里住着三个和尚，天天念经。" }
            try Data((texts.joined(separator: "\n") + "\n").utf8).write(to: folder.appending(path: "t.txt"))
            let packed = try run("true", "corpus clean t.txt --output t.jsonl.gz --threads 1", in: folder)
            #expect(packed.code == 0, "\(packed.text)")
            try body(folder)
        }
    }

    @Test("Few descriptors are an error that names the limit")
    func descriptors() throws {
        try Self.corpus { folder in
            var refused = 0
            for limit in [4, 5, 6, 7, 8, 10, 12, 16, 24] {
                let run = try Self.run(
                    "ulimit -n \(limit)", "corpus clean t.jsonl.gz --output o.jsonl.gz --force", in: folder)
                #expect((0...3).contains(run.code), "\(limit): \(run.code) \(run.text.prefix(300))")
                if run.code != 0 {
                    refused += 1
                    let isNamed = run.text.contains("too many open files") || run.text.contains("cannot")
                    #expect(isNamed, "\(limit): \(run.text.prefix(300))")
                }
            }
            #expect(refused > 0)
            let enough = try Self.run("ulimit -n 24", "corpus clean t.jsonl.gz --output o.jsonl.gz --force", in: folder)
            #expect(enough.code == 0, "\(enough.text)")
        }
    }

    @Test("A model that the memory does not hold is refused with its size")
    func memory() throws {
        try Self.corpus { folder in
            let run = try Self.run(
                "ulimit -v 700000",
                "corpus quality train --positive t.txt --negative t.txt --bits 26 --output q --threads 1",
                in: folder)
            #expect(run.code == 1, "\(run.code) \(run.text.prefix(300))")
            #expect(run.text.contains("ulimit -v") && run.text.contains("--bits"), "\(run.text.prefix(300))")
        }
    }
}
