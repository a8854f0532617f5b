import Foundation
import InkTestSupport
import Testing

/// predict from a file and to a file, on the tiny model of the fixtures, a folder that was not trained here.
@Suite("Questions from files")
struct PredictCommandTests {
    private func withTitles(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try "股市上涨\n\n三千\n".write(to: folder.appending(path: "titles.txt"), atomically: true, encoding: .utf8)
            try body(folder)
        }
    }

    @Test func fromAFileToAFile() throws {
        try withTitles { folder in
            let piped = try Program.run("predict", "--model", Models.bert, input: "股市上涨\n\n三千\n", in: folder)
            #expect(piped.code == 0 && piped.lines.count == 3)
            let fromFile = try Program.run("predict", "--model", Models.bert, "--input", "titles.txt", in: folder)
            #expect(fromFile.code == 0 && fromFile.output == piped.output && fromFile.errors.isEmpty)
            let arguments = [
                "predict", "--model", Models.bert, "--input", "titles.txt", "--output", "answers.tsv",
            ]
            let toFile = try Program.run(arguments, in: folder)
            #expect(toFile.code == 0 && toFile.output.isEmpty)
            let answers = folder.appending(path: "answers.tsv")
            #expect(try String(contentsOf: answers, encoding: .utf8) == piped.output)

            // An existing file is not written over, and a run that fails leaves what was there.
            let again = try Program.run(arguments, in: folder)
            #expect(again.code == 2 && again.errors.contains("--force"))
            try "股市上涨\n三千\t财经\n".write(
                to: folder.appending(path: "bad.txt"), atomically: true, encoding: .utf8)
            let failed = try Program.run(
                "predict", "--model", Models.bert, "--input", "bad.txt", "--output", "answers.tsv", "--force",
                in: folder)
            #expect(failed.code == 3 && failed.errors.contains("/bad.txt:2: "), "\(failed.errors)")
            #expect(try String(contentsOf: answers, encoding: .utf8) == piped.output)
            #expect(try Program.run(arguments + ["--force"], in: folder).code == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
        }
    }

    @Test func theNameOfAFileIsNoText() throws {
        try withTitles { folder in
            for verb in ["predict", "tokenize"] {
                let outcome = try Program.run(verb, "--model", Models.bert, "titles.txt", in: folder)
                #expect(outcome.code == 0)
                #expect(outcome.errors.contains("--input titles.txt reads its lines"), "\(outcome.errors)")
                #expect(try Program.run(verb, "--model", Models.bert, "股市", in: folder).errors.isEmpty)
                let both = try Program.run(verb, "--model", Models.bert, "--input", "titles.txt", "股市", in: folder)
                #expect(both.code == 2)
                let missing = try Program.run(verb, "--model", Models.bert, "--input", "none.txt", in: folder)
                #expect(missing.code == 3 && missing.errors.contains("none.txt"))
            }
            let tokens = try Program.run("tokenize", "--model", Models.bert, "--input", "titles.txt", in: folder)
            #expect(tokens.lines.count == 3)
        }
    }

    /// `--format jsonl` is the older spelling of `--json`.
    @Test func jsonHasOneName() throws {
        let json = try Program.run("predict", "--model", Models.bert, "--json", "股市上涨")
        #expect(json.code == 0 && json.output.hasPrefix(#"{"text":"股市上涨","label":"#))
        #expect(try Program.run("predict", "--model", Models.bert, "--format", "jsonl", "股市上涨").output == json.output)
        let help = try Program.run("predict", "--help").output
        #expect(help.contains("--json") && !help.contains("--format"))
    }

    @Test func tabsOfAFolderThatDoesNotSay() throws {
        let refused = try Program.run("predict", "--model", Models.bert, input: "股市上涨\t三千\n")
        #expect(refused.code == 3 && refused.output.isEmpty)
        #expect(refused.errors.hasPrefix("error: standard input:1: ") && refused.errors.contains("--tab pair"))
        let object = #"{"sentence1": "股市上涨", "sentence2": "三千"}"#
        let named = try Program.run("predict", "--model", Models.bert, input: object + "\n")
        let pair = try Program.run("predict", "--model", Models.bert, "--tab", "pair", input: "股市上涨\t三千\n")
        #expect(pair.code == 0 && pair.errors.isEmpty)
        #expect(pair.lines[0].hasSuffix(named.lines[0].dropFirst(object.count)))
    }

    /// Escape sequences in data are shown, not sent to the terminal, and long lines are shortened.
    @Test func badLinesDoNotFloodTheTerminal() throws {
        let line = "\u{1b}[2J" + String(repeating: "长", count: 20_000) + "\t财经\n"
        let outcome = try Program.run("predict", "--model", Models.bert, input: String(line))
        #expect(outcome.code == 3)
        #expect(!outcome.errors.contains("\u{1b}") && outcome.errors.count < 1500)
    }

    /// What `--force` replaces is an earlier result: no device, no pipe, nothing of the model.
    @Test func forceReplacesResultsOnly() throws {
        try withTemporaryFolder { folder in
            let model = folder.appending(path: "model")
            try FileManager.default.copyItem(at: URL(filePath: Models.bert), to: model)
            #expect(mkfifo(folder.appending(path: "pipe").path, 0o600) == 0)
            for output in ["pipe", "model/model.safetensors"] {
                let outcome = try Program.run(
                    "predict", "--model", "model", "--output", output, "--force", "国足", in: folder)
                #expect(outcome.code == 2, "\(output): \(outcome.errors)")
            }
            let same = try Data(contentsOf: model.appending(path: "model.safetensors"))
            #expect(try same == Data(contentsOf: URL(filePath: Models.bert).appending(path: "model.safetensors")))
        }
    }

    @Test func aNegativeNumberIsAValue() throws {
        let outcome = try Program.run("predict", "--model", Models.bert, "--top-k", "-1", "国足")
        #expect(outcome.code == 2 && outcome.errors.contains("at least 1"), "\(outcome.errors)")
    }
}
