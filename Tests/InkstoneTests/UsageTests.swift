import Foundation
import InkTestSupport
import Testing

@Suite("The program")
struct UsageTests {
    static let verbs = [
        "quickstart", "tasks", "fill-mask", "score", "finetune", "estimate", "evaluate", "predict", "tokenize",
        "segment", "encode", "inspect",
        "models", "doctor", "bench",
    ]

    @Test(arguments: verbs)
    func helpHasAnExample(verb: String) throws {
        let help = try Program.run(verb, "--help")
        #expect(help.code == 0)
        #expect(help.output.contains("Example:\n  inkstone \(verb)"))
        #expect(help.errors.isEmpty)
    }

    @Test func modelsListsTheArchitectures() throws {
        let text = try Program.run("models")
        #expect(text.code == 0 && text.errors.isEmpty)
        let outcome = try Program.run("models", "--json")
        let list = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        let types = list.compactMap { $0["modelType"] as? String }
        #expect(types.count == list.count && types.prefix(3) == ["bert", "ernie", "nezha"])
        for type in types { #expect(text.output.contains("model_type \"\(type)\"")) }
        #expect(list.allSatisfy { ($0["examples"] as? [String])?.isEmpty == false })
    }

    @Test func versionAndVerbs() throws {
        let version = try Program.run("--version")
        #expect(version.code == 0)
        #expect(version.output.hasPrefix("inkstone "))
        let help = try Program.run("--help")
        for verb in Self.verbs { #expect(help.output.contains("  \(verb) ")) }
    }

    @Test(arguments: [
        ["brew"], ["tokenize"], ["predict", "--model"], ["tokenize", "--model", "x", "--jsn"],
        ["encode", "--model", "x", "--input", "y", "--output", "z.jsonl", "--pooling", "max"],
        ["predict", "--model", Models.bert, "--top-k", "0", "x"],
        ["predict", "--model", Models.bert, "--threads", "0"],
        ["finetune", "--model", "nano"],
        ["finetune", "--model", "titanic", "--train", "a", "--dev", "b", "--output", "c"],
        ["bench", "--measure", "beauty"],
    ])
    func wrongUsage(arguments: [String]) throws {
        let outcome = try Program.run(arguments)
        #expect(outcome.code == 2)
        #expect(outcome.errors.hasPrefix("error: "))
        #expect(outcome.output.isEmpty)
    }

    @Test func missingModelFolder() throws {
        let outcome = try Program.run("tokenize", "--model", "/nowhere/at-all", "字")
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("/nowhere/at-all"))
    }

    @Test func doctorChecksTheKernels() throws {
        let outcome = try Program.run("doctor")
        #expect(outcome.code == 0)
        for word in ["instruction set", "threads", "self-check", "product", "softmax", "layer norm", "attention"] {
            #expect(outcome.output.contains(word))
        }
        #expect(!outcome.output.contains("WRONG"))
    }

    @Test func sampleTitlesAsFiles() throws {
        try withTemporaryFolder { folder in
            let outcome = try Program.run("quickstart", "--export-titles", "titles", in: folder)
            #expect(outcome.code == 0)
            let labels = try String(contentsOf: folder.appending(path: "titles/class.txt"), encoding: .utf8)
            #expect(labels.split(separator: "\n").count == 10)
            for name in ["train.txt", "dev.txt", "test.txt"] {
                let text = try String(contentsOf: folder.appending(path: "titles/\(name)"), encoding: .utf8)
                #expect(text.split(separator: "\n").allSatisfy { $0.split(separator: "\t").count == 2 })
            }
        }
    }

    @Test func benchmarkProtocol() throws {
        try withTemporaryFolder { folder in
            let titles = folder.appending(path: "titles.txt").path
            try "股市午后小幅上涨\t0\n卫星成功入轨\t2\n".write(toFile: titles, atomically: true, encoding: .utf8)
            let request = """
                {"measure": "tokenize", "titles": "\(titles)", "vocab": "\(Models.bert)/vocab.txt", "steps": 3, \
                "threads": 1, "batch": 2}
                """
            let outcome = try Program.run("bench", "--serve", input: "{\"measure\": \"finetune\"}\n\n\(request)\n")
            #expect(outcome.code == 0)
            #expect(outcome.lines.count == 2)
            let answers = try outcome.lines.map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
            #expect(answers[0]["error"] != nil)
            #expect(answers[1]["error"] == nil)
            #expect((answers[1]["seconds"] as? [Double])?.count == 3)
            #expect(answers[1]["titlesPerStep"] as? Int == 2)
            // 10 and 8 tokens, as the tokenizer's fixture says.
            #expect(answers[1]["tokensPerStep"] as? Double == 18)
            #expect((answers[1]["peer"] as? String)?.hasPrefix("Inkstone") == true)
        }
    }
}
