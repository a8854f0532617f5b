import Foundation
import InkTestSupport
import Testing

/// Files without end, and settings that stand for more than they say.
@Suite("Endless input", .timeLimit(.minutes(2)))
struct EndlessInputTests {
    /// Nine names, each for nine of the one before: 9⁹ values.
    private static let bomb = (1...9).map { level in
        "  - &a\(level) [\(Array(repeating: level == 1 ? "好" : "*a\(level - 1)", count: 9).joined(separator: ", "))]"
    }.joined(separator: "\n")

    @Test("YAML that stands for more than it says is refused")
    func bombs() throws {
        try withTemporaryFolder { folder in
            let texts =
                ["x:\n" + Self.bomb, "x: [" + String(repeating: "[", count: 50_000)]
                + ["x: " + String(repeating: "- ", count: 5_000) + "1", "? &k [1]\n: 2\n? [*k, *k]\n: 3\ninput: 7"]
            for (index, text) in texts.enumerated() {
                let file = folder.appending(path: "\(index).yaml")
                try Data(text.utf8).write(to: file)
                for verb in [["corpus", "run"], ["finetune", "--config"], ["estimate", "--config"]] {
                    let run = try Program.run(verb + [file.path])
                    #expect(run.code == 2, "\(verb) \(index): \(run.code) \(run.errors.prefix(300))")
                    #expect(run.errors.count < 1000)
                }
            }
            let flag = try Program.run(
                "corpus", "filter", "--stdin", "--sensitive-words",
                "[" + String(repeating: "&a [*a, *a], ", count: 20) + "]")
            #expect(flag.code == 2 && flag.errors.contains("too many aliases"), "\(flag.errors)")
        }
    }

    @Test("A few aliases are used as they are meant")
    func aliases() throws {
        try withTemporaryFolder { folder in
            try Data("庙里有1、2、3、4、5、6\n山上有一座小庙\n".utf8).write(to: folder.appending(path: "t.txt"))
            let plan = "input: t.txt\noutput: run\nstages:\n  - filter: {min-chinese: &s 0.2, max-digits: *s}\n"
            try Data(plan.utf8).write(to: folder.appending(path: "p.yaml"))
            let run = try Program.run("corpus", "run", "p.yaml", in: folder)
            #expect(run.code == 0, "\(run.errors)")
            let kept = try String(contentsOf: folder.appending(path: "run/documents.jsonl"), encoding: .utf8)
            #expect(kept.split(separator: "\n").count == 1)
        }
    }

    @Test("What is read as a whole has to be a file")
    func devices() throws {
        try withTemporaryFolder { folder in
            let texts = folder.appending(path: "t.txt")
            try Data("山上有庙\t一\n庙里有人\t二\n".utf8).write(to: texts)
            let words = folder.appending(path: "d.txt")
            try Data("山上 3\n".utf8).write(to: words)
            let model = folder.appending(path: "model")
            try FileManager.default.copyItem(atPath: Models.bert, toPath: model.path)
            let link = model.appending(path: "tokenizer_config.json")
            try? FileManager.default.removeItem(at: link)
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "/dev/zero")
            for arguments in [
                ["segment", "--dict", "/dev/zero", "国"], ["segment", "--dict", words.path, "--hmm", "/dev/zero", "国"],
                ["segment", "--dict", words.path, "--user-dict", "/dev/zero", "国"],
                ["estimate", "--model", "nano", "--vocab", "/dev/zero", "--train", texts.path, "--dev", texts.path],
                ["corpus", "score", "--model", "/dev/zero", texts.path],
                ["corpus", "contamination", "--evaluation", "[/dev/zero]", texts.path],
                ["corpus", "filter", "--sensitive-words", "/dev/zero", texts.path],
                ["corpus", "run", "/dev/zero"], ["finetune", "--config", "/dev/zero"],
                ["tokenize", "--model", model.path, "国"], ["lexicon", "show", "/dev/zero"],
            ] {
                let run = try Program.run(arguments)
                #expect(run.code == 2 || run.code == 3, "\(arguments): \(run.code) \(run.errors.prefix(300))")
                let isNamed = run.errors.contains("a device") || run.errors.contains("longer than")
                #expect(isNamed, "\(arguments): \(run.errors.prefix(300))")
            }
        }
    }
}
