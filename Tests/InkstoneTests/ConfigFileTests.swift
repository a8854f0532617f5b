import Foundation
import InkTestSupport
import Testing

/// `--config run.yaml`: what a value may look like.
@Suite struct ConfigFileTests {
    private static let pairs = (0..<8).map { "今天天气第\($0)次很好\t天气不错\t\($0 % 2)\n" }.joined()

    private func run(_ yaml: String, in folder: URL) throws -> Program.Outcome {
        try Data(Self.pairs.utf8).write(to: folder.appending(path: "pairs.tsv"))
        let common = """
            model: nano
            train: pairs.tsv
            dev: pairs.tsv
            threads: 1
            epochs: 1
            output: run

            """
        try Data((common + yaml).utf8).write(to: folder.appending(path: "run.yaml"))
        return try Program.run("finetune", "--config", "run.yaml", in: folder)
    }

    /// A list, a map, and one value of a flag that may be repeated.
    @Test(arguments: [
        ("task: similarity\ntask-option: [objective=cosent, pooling=cls]\n", ["cosent", "cls"]),
        ("task: similarity\ntask-option: {objective: cosent, pooling: cls}\n", ["cosent", "cls"]),
        ("task: similarity\ntask-option:\n  - pooling=cls\n", ["cls"]),
        ("task: similarity\ntask-option: pooling=cls\nlearning-rate: 1e-4\n", ["cls"]),
    ])
    func aRepeatableFlagTakesAList(_ yaml: String, _ values: [String]) throws {
        try withTemporaryFolder { folder in
            let outcome = try run(yaml, in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let text = try String(contentsOf: folder.appending(path: "run/inkstone.json"), encoding: .utf8)
            for value in values { #expect(text.contains("\"\(value)\"")) }
        }
    }

    @Test(arguments: [
        ("seed: [1, 2]\n", "takes one value"), ("learning-rate: fast\n", "learning-rate"),
        ("test:\n", "has no value"),
        ("batch-size: 3.0\n", "batch-size"), ("force: 3\n", "switched on or off"),
        ("task-option: [[a=b]]\n", "no single value"), ("save-every: .nan\n", "save-every"),
    ])
    func whatCannotBeMeantIsRefused(_ yaml: String, _ said: String) throws {
        try withTemporaryFolder { folder in
            let outcome = try run(yaml, in: folder)
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains(said), "\(outcome.errors)")
        }
    }

    @Test(arguments: ["yes", "true", "on"]) func aSwitchIsWrittenAsPeopleDo(_ word: String) throws {
        try withTemporaryFolder { folder in
            try FileManager.default.createDirectory(
                at: folder.appending(path: "run"), withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: folder.appending(path: "run/notes.txt"))
            #expect(try run("task: similarity\nforce: \(word)\n", in: folder).code == 0)
        }
    }

    /// A stage's setting that takes a list takes one value.
    @Test func oneValueWhereAListIsTaken() throws {
        try withTemporaryFolder { folder in
            try Data("这是一个测试文档内容\n".utf8).write(to: folder.appending(path: "texts.txt"))
            try Data("另一句话\t1\n".utf8).write(to: folder.appending(path: "dev.tsv"))
            for value in ["dev.tsv", "[dev.tsv]"] {
                let outcome = try Program.run("corpus", "contamination", "texts.txt", "--evaluation", value, in: folder)
                #expect(outcome.code == 0, "\(outcome.errors)")
            }
            try Data("input: texts.txt\noutput: out\nstages: [{contamination: {evaluation: dev.tsv}}]\n".utf8)
                .write(to: folder.appending(path: "plan.yaml"))
            #expect(try Program.run("corpus", "run", "plan.yaml", in: folder).code == 0)
        }
    }

    @Test func exportedTitlesReplaceNothing() throws {
        try withTemporaryFolder { folder in
            let own = folder.appending(path: "titles/train.txt")
            try FileManager.default.createDirectory(
                at: own.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: own)
            let outcome = try Program.run("quickstart", "--export-titles", "titles", in: folder)
            #expect(outcome.code == 2 && outcome.errors.contains("--force"))
            #expect(try Data(contentsOf: own) == Data("mine".utf8))
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "titles/dev.txt").path))
            #expect(try Program.run("quickstart", "--export-titles", "titles", "--force", in: folder).code == 0)
            #expect(try Data(contentsOf: own) != Data("mine".utf8))
        }
    }
}
