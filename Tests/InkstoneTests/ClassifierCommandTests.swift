import Foundation
import InkCheckpoint
import InkTestSupport
import Testing

/// finetune, evaluate, predict, estimate: a run from files to answers, on the tiny model of the fixtures.
@Suite("Commands around a classifier")
struct ClassifierCommandTests {
    private static let train = [
        "股市午后小幅上涨\t财经", "两队打平\t体育", "基金三千\t财经", "球迷主场失望\t体育", "取利\t财经", "女队夜场\t体育",
    ]

    /// A folder with train.txt, dev.txt and class.txt.
    private func withData(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let text = Self.train.joined(separator: "\n") + "\n"
            try text.write(to: folder.appending(path: "train.txt"), atomically: true, encoding: .utf8)
            try "股市上涨\t0\n两队打平主场\t1\n".write(
                to: folder.appending(path: "dev.txt"), atomically: true, encoding: .utf8)
            try "财经\n体育\n".write(to: folder.appending(path: "class.txt"), atomically: true, encoding: .utf8)
            try body(folder)
        }
    }

    private let arguments = [
        "finetune", "--model", "nano-model", "--train", "train.txt", "--dev", "dev.txt", "--labels", "class.txt",
        "--output", "run", "--epochs", "4", "--batch-size", "2", "--learning-rate", "0.003", "--threads", "1",
    ]

    /// A copy of the fixture without its head.
    private func makeModel(in folder: URL) throws {
        let model = folder.appending(path: "nano-model")
        try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
        for name in ["vocab.txt", "config.json", "tokenizer_config.json"] {
            try FileManager.default.copyItem(
                at: URL(filePath: "\(Models.bert)/\(name)"), to: model.appending(path: name))
        }
        try HeadlessModel.write(from: Models.bert, to: model)
    }

    @Test func fromTitlesToAnswers() throws {
        try withData { folder in
            try makeModel(in: folder)
            let outcome = try Program.run(arguments + ["--test", "dev.txt"], in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("weighted avg"))
            #expect(outcome.output.contains("gold \\ predicted"))
            #expect(outcome.errors.contains("step 12/12 100%"))
            for name in ["config.json", "model.safetensors", "vocab.txt", "inkstone.json", "metrics.jsonl"] {
                #expect(FileManager.default.fileExists(atPath: folder.appending(path: "run/\(name)").path), "\(name)")
            }

            // Order is kept, a blank line too, and a tab in a text does not shift the columns.
            let answers = try Program.run(
                "predict", "--model", "run", "--top-k", "2", "--tab", "space", input: "股市上涨\n\n两队\t打平\n", in: folder)
            #expect(answers.code == 0)
            let rows = answers.lines.map { $0.components(separatedBy: "\t") }
            #expect(rows.map(\.count) == [5, 1, 5])
            #expect(rows[0][0] == "股市上涨")
            #expect(rows[2][0] == "两队 打平")
            #expect(Set([rows[0][1], rows[0][3]]) == ["财经", "体育"])
            let shares = [rows[0][2], rows[0][4]].compactMap(Double.init)
            #expect(shares.count == 2 && shares[0] >= shares[1] && abs(shares[0] + shares[1] - 1) < 1e-5)

            let json = try Program.run("predict", "--model", "run", "--format", "jsonl", "股市上涨", in: folder)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(object["label"] as? String == rows[0][1])

            let evaluation = try Program.run("evaluate", "--model", "run", "--data", "dev.txt", "--json", in: folder)
            #expect(evaluation.code == 0)
            let result = try #require(
                try JSONSerialization.jsonObject(with: Data(evaluation.output.utf8)) as? [String: Any])
            let metrics = try #require(result["metrics"] as? [String: Any])
            #expect(metrics["labels"] as? [String] == ["财经", "体育"])
            let measures = try #require(metrics["measures"] as? [String: Any])
            #expect(measures["accuracy"] as? Double != nil && metrics["loss"] as? Double != nil)
        }
    }

    /// Stopped by a signal or killed, and resumed, a run ends with the very values of one that was never stopped.
    @Test(arguments: [SIGTERM, SIGINT, SIGKILL])
    func stoppedAndResumed(signal: Int32) throws {
        try withData { folder in
            try makeModel(in: folder)
            let long = arguments + ["--epochs", "60", "--eval-every", "45", "--save-every", "0.01"]
            let whole = try Program.run(long + ["--output", "whole"], in: folder)
            #expect(whole.code == 0, "\(whole.errors)")

            let (process, _, _, stderr) = try Program.process(long, in: folder)
            try process.run()
            var errors = ""
            while !errors.contains("step 1/180"), process.isRunning {
                errors += String(decoding: stderr.fileHandleForReading.availableData, as: UTF8.self)
            }
            kill(process.processIdentifier, signal)
            errors += String(decoding: try stderr.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            if signal == SIGKILL {
                #expect(process.terminationReason == .uncaughtSignal)
            } else {
                #expect(process.terminationReason == .exit)
                #expect(process.terminationStatus == 1)
                #expect(errors.contains("--resume"), "\(errors)")
            }

            #expect(try Program.run(long, in: folder).code == 2)
            let resumed = try Program.run(long + ["--resume"], in: folder)
            #expect(resumed.code == 0, "\(resumed.errors)")
            if signal != SIGKILL { #expect(!resumed.errors.contains("step 1/180")) }
            for name in ["model.safetensors", "last/state.safetensors"] {
                let weights = try ["run", "whole"].map {
                    try Checkpoint(contentsOf: folder.appending(path: "\($0)/\(name)"))
                }
                #expect(weights[0].entries.map(\.key) == weights[1].entries.map(\.key))
                for entry in weights[0].entries where entry.type == .f32 {
                    #expect(try weights[0].tensor(entry.key).values == weights[1].tensor(entry.key).values)
                }
            }
        }
    }

    @Test func anExistingRunIsKept() throws {
        try withData { folder in
            let run = folder.appending(path: "run")
            try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
            try "mine".write(to: run.appending(path: "notes.txt"), atomically: true, encoding: .utf8)
            try makeModel(in: folder)
            let outcome = try Program.run(arguments, in: folder)
            #expect(outcome.code == 2)
            #expect(outcome.errors.contains("--force"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: run.path) == ["notes.txt"])
            let resumed = try Program.run(arguments + ["--resume"], in: folder)
            #expect(resumed.code == 2)
            #expect(try Program.run(arguments + ["--resume", "--force"], in: folder).code == 2)
        }
    }

    @Test func badDataIsNamedByLine() throws {
        try withData { folder in
            try makeModel(in: folder)
            try "股市上涨\t0\n两队打平\t娱乐\n".write(
                to: folder.appending(path: "dev.txt"), atomically: true, encoding: .utf8)
            let outcome = try Program.run(arguments, in: folder)
            #expect(outcome.code == 3)
            #expect(outcome.errors.contains("dev.txt:2: "))
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "run").path))
        }
    }

    @Test func settingsFromAFile() throws {
        try withData { folder in
            try makeModel(in: folder)
            let config = """
                # a run
                model: nano-model
                train: train.txt
                dev: dev.txt
                labels: class.txt
                output: run
                epochs: 50
                batch-size: 2
                learning-rate: 3e-3
                force: false
                """
            try config.write(to: folder.appending(path: "run.yaml"), atomically: true, encoding: .utf8)
            let outcome = try Program.run(
                "finetune", "--config", "run.yaml", "--epochs", "1", "--threads", "1", in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
            // Six texts in batches of two, once: the command line won.
            #expect(outcome.errors.contains("step 3/3"))
        }
    }

    @Test(arguments: [
        ("epochs: 3\nbatch_size: 2\n", "run.yaml:2: batch_size", "batch-size"),
        ("epoch: 3\n", "run.yaml:1: epoch", "epochs"),
        ("epochs: many\n", "run.yaml", "--epochs"),
        ("force: perhaps\n", "run.yaml:1: force", "true or false"),
        ("epochs: [1, 2]\n", "run.yaml:1: epochs", "one value"),
        ("- epochs\n", "run.yaml", "flag: value"),
        ("epochs: 1\n  bad: : x\n", "run.yaml", "no valid YAML"),
        ("zzz: 1\n", "run.yaml:1: zzz", "learning-rate"),
    ])
    func badSettings(yaml: String, place: String, hint: String) throws {
        try withTemporaryFolder { folder in
            try yaml.write(to: folder.appending(path: "run.yaml"), atomically: true, encoding: .utf8)
            let outcome = try Program.run("finetune", "--config", "run.yaml", in: folder)
            #expect(outcome.code == 2)
            #expect(outcome.errors.hasPrefix("error: \(place)"), "\(outcome.errors)")
            #expect(outcome.errors.contains(hint), "\(outcome.errors)")
        }
    }

    @Test func estimateBeforeTheRun() throws {
        try withData { folder in
            try makeModel(in: folder)
            let flags = ["--json"] + arguments.dropFirst()
            let outcome = try Program.run(["estimate"] + flags, in: folder)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            #expect(object["steps"] as? Int == 12)
            #expect(object["trainingTexts"] as? Int == 6)
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "run").path))
        }
    }

    /// Whoever types a title gets its answer before typing the next one.
    @Test func predictAnswersWhileThePipeIsOpen() throws {
        let (process, stdin, stdout, _) = try Program.process(["predict", "--model", Models.bert])
        try process.run()
        for text in ["股市上涨", "两队打平"] {
            try stdin.fileHandleForWriting.write(contentsOf: Data("\(text)\n".utf8))
            let answer = String(decoding: stdout.fileHandleForReading.availableData, as: UTF8.self)
            #expect(answer.hasPrefix(text + "\t"))
            #expect(answer.hasSuffix("\n"))
        }
        try stdin.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func aModelWithoutHeadCannotPredict() throws {
        try withTemporaryFolder { folder in
            try makeModel(in: folder)
            let outcome = try Program.run("predict", "--model", "nano-model", "字", in: folder)
            #expect(outcome.code == 3)
            #expect(outcome.errors.contains("finetune"))
        }
    }
}
