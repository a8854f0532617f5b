import Foundation
import InkCheckpoint
import InkTestSupport
import Testing

/// tokenize, inspect, encode on the model of the PyTorch fixtures.
@Suite("Commands that read a model")
struct TextCommandTests {
    @Test func tokenizePlain() throws {
        let outcome = try Program.run("tokenize", "--model", Models.bert, "卫星成功入轨", "三千")
        #expect(outcome.code == 0)
        #expect(outcome.lines == ["[CLS] 卫 星 成 功 入 轨 [SEP]", "[CLS] 三 千 [SEP]"])
    }

    @Test func tokenizeJSONFromStandardInput() throws {
        let outcome = try Program.run("tokenize", "--model", Models.bert, "--json", input: "卫星\n\n三千")
        #expect(
            outcome.lines == [
                #"{"ids":[4,32,78,5],"tokens":["[CLS]","卫","星","[SEP]"],"offsets":[[0,0],[0,1],[1,2],[0,0]]}"#,
                #"{"ids":[4,5],"tokens":["[CLS]","[SEP]"],"offsets":[[0,0],[0,0]]}"#,
                #"{"ids":[4,7,30,5],"tokens":["[CLS]","三","千","[SEP]"],"offsets":[[0,0],[0,1],[1,2],[0,0]]}"#,
            ])
    }

    @Test func invalidUTF8IsNamedByLine() throws {
        let (process, stdin, stdout, stderr) = try Program.process(["tokenize", "--model", Models.bert])
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data("卫星\n".utf8) + Data([0xD6, 0xD0, 0x0A]))
        try stdin.fileHandleForWriting.close()
        _ = try stdout.fileHandleForReading.readToEnd()
        let errors = String(decoding: try stderr.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 3)
        #expect(errors.hasPrefix("error: standard input:2: "))
    }

    @Test func closedPipeEndsQuietly() throws {
        let (process, stdin, stdout, stderr) = try Program.process(["tokenize", "--model", Models.bert])
        try process.run()
        try stdout.fileHandleForReading.close()
        try stdin.fileHandleForWriting.write(contentsOf: Data("卫星\n三千\n".utf8))
        try stdin.fileHandleForWriting.close()
        let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
        #expect(errors.isEmpty)
    }

    /// A long line goes out token by token: its tokens are not in memory as text, as records or twice.
    @Test(arguments: [["tokenize", "--model", Models.bert, "--json"], ["segment", "--json", "--dict"]])
    func aLongLineTakesLittleMemory(command: [String]) throws {
        try withTemporaryFolder { folder in
            var arguments = command
            if command.last == "--dict" {
                let file = folder.appending(path: "dict.txt")
                try "三千 5\n卫星 2\n".write(to: file, atomically: true, encoding: .utf8)
                arguments.append(file.path)
            }
            let (process, stdin, stdout, _) = try Program.process(arguments)
            try process.run()
            let line = String(repeating: "卫星，", count: 100_000)
            try stdin.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
            var last: UInt8 = 0
            while last != UInt8(ascii: "\n") { last = stdout.fileHandleForReading.availableData.last ?? 10 }
            // The process waits for the next line.
            let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
            let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ").dropFirst()
                .first
            try stdin.fileHandleForWriting.close()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(try #require(peak.flatMap { Int($0) }) < 120_000)
        }
    }

    @Test func tabsAreCounted() throws {
        let outcome = try Program.run("tokenize", "--model", Models.bert, input: "卫星\n三千\t1\n卫星\t0\n")
        #expect(outcome.code == 0)
        #expect(outcome.lines.count == 3)
        #expect(outcome.errors.contains("2 of 3 texts hold a tab"))
        #expect(outcome.errors.contains("standard input:2"))
    }

    @Test func inspectShowsTensorsAndVocabulary() throws {
        let outcome = try Program.run("inspect", Models.bert)
        #expect(outcome.code == 0)
        for text in [
            "bert.encoder.layer.1.output.dense.weight", "[32, 64]", "24037 parameters",
            "vocabulary: 135 tokens",
            "[PAD] 0, [UNK] 3, [CLS] 4, [SEP] 5, [MASK] 6", "sha256 ", "loaded 41 tensors",
        ] { #expect(outcome.output.contains(text), "\(text)") }
        let json = try Program.run("inspect", Models.bert, "--json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect((object["tensors"] as? [Any])?.count == 41)
        #expect(object["error"] == nil)
    }

    @Test func inspectShowsWhatItCanOfADamagedFolder() throws {
        try withTemporaryFolder { folder in
            for name in ["vocab.txt", "model.safetensors"] {
                try FileManager.default.copyItem(
                    at: URL(filePath: "\(Models.bert)/\(name)"), to: folder.appending(path: name))
            }
            let outcome = try Program.run("inspect", folder.path)
            #expect(outcome.code == 3)
            #expect(outcome.errors.contains("config.json"))
            #expect(outcome.output.contains("bert.pooler.dense.weight"))
        }
    }

    /// The hidden states that PyTorch computed for the first sequence of the fixture's batch.
    @Test func encodeAgreesWithPyTorch() throws {
        try withTemporaryFolder { folder in
            let input = folder.appending(path: "ids.txt")
            let output = folder.appending(path: "out.safetensors")
            try "[4, 103, 59, 31, 37, 57, 62, 8, 90, 5]\n[4,32,78,68,28,23,115,5]".write(
                to: input, atomically: true, encoding: .utf8)
            let expected = try Checkpoint(contentsOf: URL(filePath: "\(Models.bert)/expected.safetensors"))
            let arguments = ["encode", "--model", Models.bert, "--input", input.path, "--input-format", "ids"]
            #expect(try Program.run(arguments + ["--output", output.path]).code == 0)
            var written = try Checkpoint(contentsOf: output)
            let states = try expected.tensor("hidden.2")
            expectClose(
                try written.tensor("hidden.0"), states.elements(0..<10 * 32, shape: [10, 32]), tolerance: 1e-4)
            expectClose(
                try written.tensor("hidden.1"), states.elements(10 * 32..<18 * 32, shape: [8, 32]), tolerance: 1e-4)

            let logits = ["--pooling", "logits", "--output", output.path]
            let refused = try Program.run(arguments + logits)
            #expect(refused.code == 2)
            #expect(refused.errors.contains("--force"))
            #expect(try Checkpoint(contentsOf: output).contains("hidden.0"))
            #expect(try Program.run(arguments + logits + ["--force"]).code == 0)
            written = try Checkpoint(contentsOf: output)
            expectClose(
                try written.tensor("logits.1"), try expected.tensor("logits").elements(5..<10, shape: [5]),
                tolerance: 1e-4)
        }
    }

    @Test(arguments: ["cls", "mean", "pooler"])
    func encodeTextAsLines(pooling: String) throws {
        try withTemporaryFolder { folder in
            let output = folder.appending(path: "out.jsonl")
            let outcome = try Program.run(
                "encode", "--model", Models.bert, "--input", "-", "--pooling", pooling, "--output", output.path,
                input: "卫星成功入轨\n三千\n")
            #expect(outcome.code == 0)
            let lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 2)
            let second = try JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? [String: Any]
            #expect(second?["index"] as? Int == 1)
            #expect((second?[pooling] as? [Double])?.count == 32)
        }
    }

    @Test(arguments: [
        ("[4, 5]\n[4, \"5\"]", ":2: "), ("[4, 5]\n[]", ":2: "), ("[4, 135]", "0 to 134"), ("[4, -1]", "0 to 134"),
        ("4 5", "no JSON array"), ("[4, 99999999999]", "no token id"),
        ("[" + (0..<41).map { _ in "4" }.joined(separator: ",") + "]", "at most 40"),
    ])
    func badTokenIDs(line: String, message: String) throws {
        try withTemporaryFolder { folder in
            let outcome = try Program.run(
                "encode", "--model", Models.bert, "--input", "-", "--input-format", "ids", "--output", "out.jsonl",
                input: line, in: folder)
            #expect(outcome.code == 3)
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test func encoderPartsThatAFolderLacks() throws {
        try withTemporaryFolder { folder in
            for name in ["vocab.txt", "config.json"] {
                try FileManager.default.copyItem(
                    at: URL(filePath: "\(Models.bert)/\(name)"), to: folder.appending(path: name))
            }
            let whole = try Checkpoint(contentsOf: URL(filePath: Models.bert))
            let bare = try whole.entries.map(\.key)
                .filter { !$0.contains("pooler") && !$0.contains("classifier") }
                .map { SafetensorsWriter.Item($0, try whole.tensor($0)) }
            try SafetensorsWriter.write(bare, to: folder.appending(path: "model.safetensors"))
            func encode(_ pooling: String) throws -> Program.Outcome {
                try Program.run(
                    "encode", "--model", folder.path, "--input", "-", "--pooling", pooling, "--output",
                    folder.appending(path: "\(pooling).safetensors").path, input: "三千\n")
            }
            for pooling in ["none", "cls", "mean"] { #expect(try encode(pooling).code == 0) }
            for (pooling, part) in [("pooler", "pooler"), ("logits", "classification head")] {
                let outcome = try encode(pooling)
                #expect(outcome.code == 3)
                #expect(outcome.errors.contains("has no \(part)"))
            }
        }
    }

    @Test("Special tokens in a text are told, and read as text where that is asked for")
    func specialTokensInText() throws {
        let kept = try Program.run("tokenize", "--model", Models.bert, "三[SEP]千")
        let split = try Program.run("tokenize", "--model", Models.bert, "--special-tokens-in-text", "split", "三[SEP]千")
        #expect(kept.output == "[CLS] 三 [SEP] 千 [SEP]\n")
        #expect(kept.errors.contains("1 special token stands in the texts themselves (first: [SEP], text 1)"))
        #expect(split.code == 0 && split.output != kept.output && split.output.split(separator: " ").count > 5)
        #expect(split.errors.contains("read as text"))
        try withTemporaryFolder { folder in
            func vectors(_ flags: String...) throws -> Data {
                let file = folder.appending(path: "\(flags.count).jsonl")
                let outcome = try Program.run(
                    ["encode", "--model", Models.bert, "--input", "-", "--pooling", "mean", "--output", file.path]
                        + flags,
                    input: "三[SEP]千\n")
                #expect(outcome.code == 0 && outcome.errors.contains("special token"), "\(outcome.errors)")
                return try Data(contentsOf: file)
            }
            let (asTokens, asText) = (try vectors(), try vectors("--special-tokens-in-text", "split"))
            #expect(asTokens != asText)
        }
    }
}
