import Foundation
import InkTestSupport
import Testing

/// A vocabulary with a line too many shifts every id behind it: whatever opens the folder refuses it.
@Suite struct LongVocabularyTests {
    private static let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "InkTasksTests/Fixtures/cloze")

    private func withLongVocabulary(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let model = folder.appending(path: "model")
            try FileManager.default.copyItem(at: Self.source, to: model)
            let file = model.appending(path: "vocab.txt")
            var lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
            lines.insert("", at: 9)
            try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
            try "今天\t好\n天气\t坏\n今\t好\n天\t坏\n".write(
                to: folder.appending(path: "train.txt"), atomically: true, encoding: .utf8)
            try #"{"text": "今天"}"#.write(
                to: folder.appending(path: "texts.jsonl"), atomically: true, encoding: .utf8)
            try body(folder)
        }
    }

    @Test(arguments: [
        "predict --model model 今天", "evaluate --model model --data train.txt",
        "encode --model model --input train.txt --output v.jsonl", "fill-mask --model model 今[MASK]",
        "score --model model 今天", "inspect model", "tokenize --model model 今天",
        "estimate --model model --train train.txt --dev train.txt",
        "finetune --model model --train train.txt --dev train.txt --output run",
        "corpus shard texts.jsonl --tokenizer model --folder shards --output out.jsonl",
    ])
    func isRefused(command: String) throws {
        try withLongVocabulary { folder in
            let outcome = try Program.run(command.split(separator: " ").map(String.init), in: folder)
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.errors.contains("config.json: vocab_size: is smaller than the vocabulary"))
            #expect(outcome.errors.contains("vocab.txt:10: a line without a token"), "\(outcome.errors)")
        }
    }

    @Test func inspectTellsOfLinesThatShiftIDs() throws {
        try withTemporaryFolder { folder in
            let model = folder.appending(path: "model")
            try FileManager.default.copyItem(at: Self.source, to: model)
            let file = model.appending(path: "vocab.txt")
            var lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
            lines[20] = ""
            lines[22] = ""
            lines[24] = "\u{2028}"
            try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
            let outcome = try Program.run("inspect", model.path)
            #expect(outcome.code == 0)
            #expect(outcome.output.contains("vocab.txt:21: a line without a token (2 lines in all)"))
            #expect(outcome.output.contains("vocab.txt:25: a line or paragraph separator within a line;"))
        }
    }
}
