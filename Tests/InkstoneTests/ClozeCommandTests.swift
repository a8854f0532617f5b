import Foundation
import InkTestSupport
import Testing

/// fill-mask and score on a model with a masked-language head.
@Suite("Commands that mask tokens")
struct ClozeCommandTests {
    private static let model = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "InkTasksTests/Fixtures/cloze").path

    @Test func scoreLeavesWhatItCannotScoreWithoutAValue() throws {
        let lines = "今天天气真好\n\n🌂🌂\n雨\n  \n"
        let outcome = try Program.run("score", "--model", Self.model, input: lines)
        #expect(outcome.code == 0)
        #expect(
            outcome.lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false).count } == [4, 1, 4, 4, 1])
        #expect(outcome.lines[1].isEmpty && outcome.lines[4].isEmpty)
        #expect(outcome.lines[2] == "\t\t1\t🌂🌂")
        #expect(outcome.errors.contains("empty texts: 2") && outcome.errors.contains("standard input:2"))
        #expect(outcome.errors.contains("standard input:3"))
        #expect(outcome.errors.contains("2 texts, 7 tokens, perplexity"))
        let json = try Program.run("score", "--model", Self.model, "--json", input: lines)
        #expect(
            json.lines.map { $0.contains("\"perplexity\":null,\"logLikelihood\":null") } == [
                false, true, true, false, true,
            ])
    }

    @Test func scoreCountsWhatIsCutUnknownOrTabbed() throws {
        let long = String(repeating: "大风小猫", count: 9)
        let outcome = try Program.run("score", "--model", Self.model, input: "雨\n\(long)\n\(long)\n鼂雨\n雨\t1\n")
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("texts longer than the model takes: 2"))
        #expect(outcome.errors.contains("standard input:2: \"大风"))
        #expect(outcome.errors.contains("unknown tokens in texts: 2"))
        #expect(outcome.errors.contains("standard input:4: \"鼂雨\""))
        #expect(outcome.errors.contains("1 of 5 texts holds a tab") && outcome.errors.contains("standard input:5"))
    }

    @Test func aLineWithoutAGapDoesNotStopTheOthers() throws {
        let long = String(repeating: "[MASK]", count: 30)
        let outcome = try Program.run(
            "fill-mask", "--model", Self.model, "--top-k", "1", input: "大[MASK]\n大风\n\n\(long)\n[MASK]猫\n")
        #expect(outcome.code == 3)
        #expect(outcome.lines.count == 5)
        #expect(outcome.lines[0].hasPrefix("大[MASK]\t1\t"))
        #expect(outcome.lines[1] == "大风")
        #expect(outcome.lines[2].isEmpty)
        #expect(outcome.lines[3] == long)
        #expect(outcome.lines[4].hasPrefix("[MASK]猫\t1\t"))
        #expect(outcome.errors.contains("error: standard input:2: has no gap"))
        #expect(outcome.errors.contains("error: standard input:4: longer than the model takes"))
        #expect(outcome.errors.contains("2 texts have no answer"))
        let arguments = try Program.run("fill-mask", "--model", Self.model, "--json", "大[MASK]", "大风")
        #expect(arguments.code == 3)
        #expect(arguments.lines.last == #"{"text":"大风","masks":null,"error":"has no gap"}"#)
        #expect(arguments.errors.contains("error: text 2: has no gap"))
    }

    /// What was read before a line that is no text is answered.
    @Test func linesBeforeABrokenOneAreAnswered() throws {
        let (process, stdin, stdout, stderr) = try Program.process(["score", "--model", Self.model])
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data("大风\n小猫\n".utf8) + Data([0xD6, 0xD0, 0x0A]))
        try stdin.fileHandleForWriting.close()
        let output = String(decoding: try stdout.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let errors = String(decoding: try stderr.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 3)
        #expect(output.split(separator: "\n").count == 2)
        #expect(errors.hasPrefix("error: standard input:3: "))
    }
}
