import Foundation
import InkTestSupport
import Testing

/// Every flag that takes a value, of every verb, with numbers at the ends of what there is and with what is no number.
///
/// The flags are those that the parser knows, so that new ones are tried too. A value may be refused (2, 3), or the run
/// may fail for it (1) or go well (0), but the program never ends by a signal, and ends soon.
@Suite("Numeric flags", .timeLimit(.minutes(5)))
struct NumericFlagTests {
    private static let extremes = [
        "0", "-1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e308", "nan", "inf", "-inf",
        "1e-320", "", " 1", "1_000", "٣", "0x10",
    ]

    private struct Dump: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        struct Argument: Decodable {
            let kind: String
            let names: [Name]?
            let valueName: String?
        }
        struct Command: Decodable {
            let commandName: String
            let arguments: [Argument]?
            let subcommands: [Command]?
        }
        let command: Command
    }

    /// What a value is called where it is a number.
    private static let numberNames: Set = ["n", "x", "p", "share", "rate", "bits", "seconds"]

    /// Each verb's numeric flags, by its words.
    private static func numericFlags() throws -> [(verb: [String], flags: [String])] {
        let dump = try JSONDecoder().decode(
            Dump.self, from: Data(try Program.run("--experimental-dump-help").output.utf8))
        var found: [(verb: [String], flags: [String])] = []
        func visit(_ command: Dump.Command, _ words: [String]) {
            let flags = (command.arguments ?? []).filter { $0.kind == "option" }
                .filter { numberNames.contains($0.valueName ?? "") }
                .compactMap { $0.names?.first { $0.kind == "long" }?.name }
            if !flags.isEmpty { found.append((words, flags)) }
            for inner in command.subcommands ?? [] where inner.commandName != "help" {
                visit(inner, words + [inner.commandName])
            }
        }
        visit(dump.command, [])
        return found
    }

    /// The settings of the stages, which the parser does not know.
    private static func numericSettings() throws -> [(verb: [String], flags: [String])] {
        var found: [(verb: [String], flags: [String])] = []
        for line in try Program.run("corpus", "stages").lines {
            if !line.hasPrefix(" "), let name = line.split(separator: ":").first {
                found.append((["corpus", String(name)], []))
            } else if line.hasPrefix("  "), !line.hasPrefix("   ") {
                let words = line.split(separator: " ")
                if words.count > 1, ["n", "x", "0"].contains(words[1]) {
                    found[found.count - 1].flags.append(String(words[0]))
                }
            }
        }
        return found.filter { !$0.flags.isEmpty }
    }

    /// Arguments with which a verb runs in a moment.
    private static func usual(_ verb: [String], _ folder: URL) -> [String]? {
        let text = folder.appending(path: "t.txt").path
        let labelled = folder.appending(path: "l.txt").path
        let words = folder.appending(path: "d.txt").path
        let out = folder.appending(path: "out-\(UUID().uuidString)").path
        switch verb.joined(separator: " ") {
        case "finetune":
            return ["--model", "nano", "--train", labelled, "--dev", labelled, "--output", out, "--batch-size", "2"]
        case "estimate": return ["--model", "nano", "--train", labelled, "--dev", labelled]
        case "evaluate": return ["--model", Models.bert, "--data", labelled]
        case "predict", "tokenize", "fill-mask", "score": return ["--model", Models.bert, "今天[MASK]气"]
        case "encode": return ["--model", Models.bert, "--input", text, "--output", out + ".jsonl"]
        case "segment": return ["--dict", words, "山上有庙"]
        case "inspect": return [Models.bert]
        case "quickstart": return ["--export-titles", out]
        case "doctor": return []
        case "bench": return ["--measure", "tokenizer", "--shape", "nano"]
        case "corpus quality label": return [text, "--output", out]
        case "corpus quality train":
            return ["--positive", text, "--negative", labelled, "--output", out, "--bits", "8"]
        case "corpus quality evaluate": return ["--model", text, text]
        case "lexicon build": return [text, "--min-frequency", "1"]
        case "lexicon show": return [words]
        case "corpus run": return [folder.appending(path: "p.yaml").path, "--force"]
        case "corpus mix": return [text, "--weights", "{t: 1}", "--documents", "2"]
        case "corpus sample": return [text, "--share", "0.5"]
        case "corpus contamination": return [text, "--evaluation", "[\(labelled)]"]
        case "corpus shard": return [text, "--tokenizer", Models.bert, "--folder", out]
        case "corpus dedup": return [text, "--method", "near"]
        case "corpus score": return [text, "--model", folder.appending(path: "q.bin").path]
        case let name where name.hasPrefix("corpus "): return [text]
        default: return nil
        }
    }

    private static func prepare(_ folder: URL) throws {
        let lines = (0..<12).map { "山上有一座小庙，庙里住着\($0)个和尚，天天念经。" }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: folder.appending(path: "t.txt"))
        let labelled = (0..<12).map { "第\($0)条新闻\t\($0 % 2 == 0 ? "财经" : "体育")" }
        try Data((labelled.joined(separator: "\n") + "\n").utf8).write(to: folder.appending(path: "l.txt"))
        try Data("山上 3 n\n小庙 2 n\n".utf8).write(to: folder.appending(path: "d.txt"))
        let plan = "input: t.txt\noutput: run\nstages: [clean]\n"
        try Data(plan.utf8).write(to: folder.appending(path: "p.yaml"))
        let trained = try Program.run(
            "corpus", "quality", "train", "--positive", folder.appending(path: "t.txt").path, "--negative",
            folder.appending(path: "l.txt").path, "--output", folder.appending(path: "q.bin").path, "--bits", "8")
        #expect(trained.code == 0, "\(trained.errors)")
    }

    /// What training alone reads: the estimate, which takes no time, has the other flags of a run too.
    private static let training: Set = ["save-every", "learning-rate", "seed", "weight-decay", "warmup", "threads"]

    @Test func noValueTraps() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.prepare(folder)
        var runs: [[String]] = []
        let parsed = try Self.numericFlags()
        for (verb, flags) in parsed + (try Self.numericSettings()) {
            guard let usual = Self.usual(verb, folder) else {
                Issue.record("no way is known to run \(verb)")
                continue
            }
            for flag in flags where verb != ["finetune"] || Self.training.contains(flag) {
                for value in Self.extremes { runs.append(verb + usual + ["--\(flag)=\(value)"]) }
            }
        }
        #expect(parsed.count >= 15 && runs.count >= 900, "\(parsed.count) verbs, \(runs.count) runs")
        let queue = Queue(Self.interleaved(runs))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
                group.addTask {
                    while let arguments = queue.next() { Self.check(arguments, in: folder) }
                }
            }
        }
    }

    /// Every seventh run, so that each flag and each value has its turn; all of them with `INKSTONE_ALL_FLAGS=1`.
    private static func interleaved(_ runs: [[String]]) -> [[String]] {
        if ProcessInfo.processInfo.environment["INKSTONE_ALL_FLAGS"] != nil { return runs }
        return runs.enumerated().filter { $0.offset % 7 == 0 }.map(\.element)
    }

    private static func check(_ arguments: [String], in folder: URL) {
        do {
            let (process, _, _, errors) = try Program.process(arguments, in: folder)
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            let started = Date()
            try process.run()
            let said = try errors.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let text = String(decoding: said.prefix(400), as: UTF8.self)
            #expect(
                process.terminationReason == .exit && (0...3).contains(process.terminationStatus),
                "\(arguments.joined(separator: " ")): \(process.terminationStatus) \(text)")
            #expect(Date().timeIntervalSince(started) < 60, "\(arguments.joined(separator: " "))")
        } catch {
            Issue.record("\(arguments): \(error)")
        }
    }

    private final class Queue: @unchecked Sendable {
        private let lock = NSLock()
        private var rest: ArraySlice<[String]>

        init(_ runs: [[String]]) { rest = runs[...] }

        func next() -> [String]? { lock.withLock { rest.popFirst() } }
    }
}
