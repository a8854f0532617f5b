import Foundation
import InkTestSupport
import Testing

/// Files that may not grow stand for a disk that is full: the system refuses the write in the same way.
@Suite struct FullDiskTests {
    private static let limit = "trap '' XFSZ; ulimit -f 60; exec \"$@\""

    private func makeCorpus(in folder: URL) throws {
        var state: UInt64 = 5
        var text = ""
        for _ in 0..<3000 {
            let letters = (0..<30).compactMap { _ -> Unicode.Scalar? in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Unicode.Scalar(0x4E00 + UInt32(state >> 40) % 6000)
            }
            text += String(String.UnicodeScalarView(letters)) + "\n"
        }
        try Data(text.utf8).write(to: folder.appending(path: "in.txt"))
    }

    /// Runs the program with files of at most some 60 kB.
    private func runLimited(_ arguments: [String], in folder: URL) throws -> Program.Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", Self.limit, "sh", try Program.url().path] + arguments
        process.currentDirectoryURL = folder
        let pipes = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (pipes.0, pipes.1)
        try process.run()
        let output = try pipes.0.fileHandleForReading.readToEnd() ?? Data()
        let errors = try pipes.1.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Program.Outcome(
            code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self))
    }

    @Test(arguments: [
        (["clean", "in.txt", "--output", "out.jsonl", "--force"], "out.jsonl"),
        (["clean", "in.txt", "--output", "out.jsonl.gz", "--force"], "out.jsonl.gz"),
        (["filter", "--min-characters", "99", "in.txt", "--output", "x.jsonl", "--rejected", "r.jsonl"], "r.jsonl"),
        (["dedup", "in.txt", "--output", "out.jsonl", "--force"], "out.jsonl"),
        (
            ["mix", "--weights", "{in: 1}", "--documents", "3000", "in.txt", "--output", "out.jsonl", "--force"],
            "shuffle"
        ),
    ])
    func nothingHalfWrittenIsLeft(arguments: [String], named: String) throws {
        try withTemporaryFolder { folder in
            try makeCorpus(in: folder)
            for name in ["out.jsonl", "out.jsonl.gz"] {
                try Data("earlier".utf8).write(to: folder.appending(path: name))
            }
            let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            let outcome = try runLimited(["corpus"] + arguments, in: folder)
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains(named) && outcome.errors.contains("error: "))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
            for name in ["out.jsonl", "out.jsonl.gz"] {
                #expect(try Data(contentsOf: folder.appending(path: name)) == Data("earlier".utf8))
            }
        }
    }

    @Test func aPipelineGoesOnWhenThereIsSpace() throws {
        try withTemporaryFolder { folder in
            try makeCorpus(in: folder)
            for name in ["whole", "full"] {
                let text = "input: in.txt\noutput: \(name)\nstages: [clean, {dedup: {method: exact}}]\n"
                try Data(text.utf8).write(to: folder.appending(path: "\(name).yaml"))
            }
            #expect(try Program.run("corpus", "run", "whole.yaml", in: folder).code == 0)
            let full = try runLimited(["corpus", "run", "full.yaml"], in: folder)
            #expect(full.code == 1)
            #expect(full.errors.contains("documents.jsonl: cannot write the file"))
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "full/documents.jsonl").path))
            #expect(try Program.run("corpus", "run", "full.yaml", in: folder).code == 0)
            #expect(
                try Data(contentsOf: folder.appending(path: "full/documents.jsonl"))
                    == Data(contentsOf: folder.appending(path: "whole/documents.jsonl")))
        }
    }
}
