import Foundation
import InkTestSupport
import Testing

/// `finetune` and the folder that it writes: locked, resumed without flags, killed anywhere.
@Suite struct RunFolderCommandTests {
    /// Titles of two classes by their words.
    private static func titles(_ count: Int, _ words: [[String]] = [["足球", "球队"], ["股票", "银行"]]) -> String {
        (0..<count).map { number in
            "\(words[number % 2][number / 2 % 2])消息第\(number)条今日\t\(["体育", "财经"][number % 2])\n"
        }.joined()
    }

    private static let run = [
        "finetune", "--model", "nano", "--train", "train.txt", "--dev", "dev.txt", "--threads", "1", "--max-length",
        "16",
        "--batch-size", "2", "--eval-every", "2", "--save-every", "0", "--output", "run",
    ]

    private func write(to folder: URL) throws {
        try Data(Self.titles(24).utf8).write(to: folder.appending(path: "train.txt"))
        try Data(Self.titles(4).utf8).write(to: folder.appending(path: "dev.txt"))
    }

    /// Starts the program, and kills it when `until` says so.
    private func kill(
        _ arguments: [String], in folder: URL, with signal: Int32 = SIGKILL, until: (Date) -> Bool
    ) throws -> (code: Int32, errors: String) {
        let (process, stdin, stdout, stderr) = try Program.process(arguments, in: folder)
        try process.run()
        try stdin.fileHandleForWriting.close()
        let start = Date()
        while process.isRunning, !until(start) { usleep(2000) }
        if process.isRunning { Foundation.kill(process.processIdentifier, signal) }
        _ = try stdout.fileHandleForReading.readToEnd()
        let errors = String(decoding: try stderr.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus, errors)
    }

    private func data(_ name: String, in folder: URL) throws -> Data {
        try Data(contentsOf: folder.appending(path: name))
    }

    @Test func aSecondRunBesideALivingOneIsRefused() throws {
        try withTemporaryFolder { folder in
            try write(to: folder)
            let (process, stdin, stdout, stderr) = try Program.process(
                Self.run + ["--epochs", "1000"], in: folder)
            try process.run()
            try stdin.fileHandleForWriting.close()
            let limit = Date(timeIntervalSinceNow: 120)
            let state = folder.appending(path: "run/last/state.safetensors").path
            while !FileManager.default.fileExists(atPath: state), Date() < limit { usleep(20_000) }
            for flags in [["--force"], ["--resume"], []] {
                let second = try Program.run(Self.run + ["--epochs", "1"] + flags, in: folder)
                #expect(second.code == 1, "\(flags)")
                #expect(second.errors.contains("another run, process \(process.processIdentifier), writes here"))
            }
            process.terminate()
            _ = (try stdout.fileHandleForReading.readToEnd(), try stderr.fileHandleForReading.readToEnd())
            process.waitUntilExit()
            #expect(process.terminationStatus == 1)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "run").path)
            #expect(!names.contains(".inkstone.lock"))
        }
    }

    /// The folder alone knows the run; from another place, so that relative paths would lead nowhere.
    @Test func resumeNeedsNoOtherFlags() throws {
        try withTemporaryFolder { folder in
            try write(to: folder)
            let flags = ["--epochs", "4", "--learning-rate", "1e-3", "--seed", "7"]
            var whole = Self.run + flags
            whole[whole.count - flags.count - 1] = "whole"
            #expect(try Program.run(whole, in: folder).code == 0)
            let metrics = folder.appending(path: "run/metrics.jsonl").path
            let killed = try kill(Self.run + flags, in: folder) { start in
                (FileManager.default.contents(atPath: metrics)?.count ?? 0) > 300
                    || Date().timeIntervalSince(start) > 120
            }
            #expect(killed.code == -SIGKILL)
            let place = folder.appending(path: "elsewhere")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            let other = try Program.run("finetune", "--resume", "--output", "../run", "--epochs", "5", in: place)
            #expect(other.code == 2 && other.errors.contains("differs in: epochs"))
            #expect(other.errors.contains("its lock is taken over"))
            let train = folder.appending(path: "train.txt")
            try Data(Self.titles(22).utf8).write(to: train)
            let changed = try Program.run("finetune", "--resume", "--output", "../run", in: place)
            #expect(changed.code == 2 && changed.errors.contains("has changed since the run began"))
            try FileManager.default.removeItem(at: train)
            let gone = try Program.run("finetune", "--resume", "--output", "../run", in: place)
            #expect(gone.code == 2 && gone.errors.contains("--train"))
            try write(to: place)
            let resumed = try Program.run(
                "finetune", "--resume", "--output", "../run", "--train", "train.txt", "--threads", "1", in: place)
            #expect(resumed.code == 0)
            for name in ["model.safetensors", "config.json", "vocab.txt"] {
                #expect(try data("run/\(name)", in: folder) == data("whole/\(name)", in: folder), "\(name)")
            }
        }
    }

    /// Whenever a run that replaces another is killed, what answers is the old run or the new one as a whole.
    @Test func killedAnywhereTheFolderHoldsOneRun() throws {
        try withTemporaryFolder { folder in
            try write(to: folder)
            let old = Self.run + ["--epochs", "1"]
            #expect(try Program.run(old, in: folder).code == 0)
            try Data("notes".utf8).write(to: folder.appending(path: "run/notes.txt"))
            let keep = folder.appending(path: "old")
            try FileManager.default.copyItem(at: folder.appending(path: "run"), to: keep)
            let oldModel = try data("old/model.safetensors", in: folder)
            // Another form: other texts make another vocabulary.
            let words = [["篮球", "赛场"], ["债券", "基金"]]
            try Data(Self.titles(24, words).utf8).write(to: folder.appending(path: "train.txt"))
            let new = Self.run + ["--epochs", "1", "--force", "--max-length", "12"]
            let start = Date()
            #expect(try Program.run(new.map { $0 == "run" ? "whole" : $0 }, in: folder).code == 0)
            let seconds = Date().timeIntervalSince(start)
            var seen: Set<String> = []
            for moment in 1...12 {
                let run = folder.appending(path: "run")
                try FileManager.default.removeItem(at: run)
                try FileManager.default.copyItem(at: keep, to: run)
                _ = try kill(new, in: folder) { Date().timeIntervalSince($0) > Double(moment) / 12 * seconds }
                let description = String(decoding: try data("run/inkstone.json", in: folder), as: UTF8.self)
                let isOld = try data("run/model.safetensors", in: folder) == oldModel
                seen.insert(isOld ? "old" : "new")
                #expect(description.contains("\"maxLength\" : \(isOld ? 16 : 12)"), "moment \(moment)")
                #expect(
                    try data("run/vocab.txt", in: folder)
                        == data(isOld ? "old/vocab.txt" : "whole/vocab.txt", in: folder))
                #expect(try data("run/notes.txt", in: folder) == Data("notes".utf8))
                let answer = try Program.run("predict", "--model", "run", "足球比赛", in: folder)
                #expect(answer.code == 0)
                guard moment % 4 == 0 else { continue }
                let resumed = try Program.run(new.filter { $0 != "--force" } + ["--resume"], in: folder)
                // Before the new run had said a word of itself, the old one is what there is.
                #expect(resumed.code == 0 || resumed.errors.contains("differs in"))
                if resumed.code == 0 {
                    #expect(
                        try data("run/model.safetensors", in: folder) == data("whole/model.safetensors", in: folder))
                }
            }
            #expect(seen == ["old", "new"])
        }
    }

    @Test(arguments: ["file", "full", "deep"]) func troubleWithTheOutputComesFirst(_ kind: String) throws {
        try withTemporaryFolder { folder in
            // The data would be refused too.
            try Data("no label\n".utf8).write(to: folder.appending(path: "train.txt"))
            try Data("no label\n".utf8).write(to: folder.appending(path: "dev.txt"))
            var arguments = Self.run
            switch kind {
            case "file": try Data().write(to: folder.appending(path: "run"))
            case "full":
                try FileManager.default.createDirectory(
                    at: folder.appending(path: "run/own"), withIntermediateDirectories: true)
            default:
                try Data().write(to: folder.appending(path: "a"))
                arguments[arguments.count - 1] = "a/b/c"
            }
            let outcome = try Program.run(arguments, in: folder)
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains(kind == "full" ? "is not empty" : "is a file, not a folder"))
        }
    }

    /// A disk that is full at the first save, and then has room: both ways lead on.
    @Test(arguments: [["--resume"], []]) func afterAFullDiskTheRunBeginsAgain(_ flags: [String]) throws {
        try withTemporaryFolder { folder in
            try write(to: folder)
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments =
                ["-c", "trap '' XFSZ; ulimit -f 60; exec \"$@\"", "sh", try Program.url().path] + Self.run
                + ["--epochs", "1"]
            process.currentDirectoryURL = folder
            let errors = Pipe()
            process.standardError = errors
            try process.run()
            let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 1 && text.contains("state.safetensors"))
            let again = try Program.run(Self.run + ["--epochs", "1"] + flags, in: folder)
            #expect(again.code == 0)
            #expect(again.errors.contains("saved nothing yet") == !flags.isEmpty)
        }
    }
}
