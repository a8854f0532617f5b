import Foundation
import InkTestSupport
import Testing

/// inkstone lexicon build and show.
@Suite("inkstone lexicon")
struct LexiconCommandTests {
    /// Letters drawn at random, among them two words that stand together and alone.
    private static let corpus: String = {
        var state: UInt32 = 5
        func draw(_ limit: UInt32) -> Int {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Int((state >> 8) % limit)
        }
        return (0..<5000).map { _ in
            switch draw(120) {
            case 0: "端砚石"
            case 1: "狼毫笔"
            case 2, 3: "端砚石狼毫笔"
            default: Unicode.Scalar(UInt32(0x5000 + draw(40))).map { String(Character($0)) } ?? ""
            }
        }.joined()
    }()

    private func withFiles(_ files: [String: String] = [:], _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            for (name, text) in files.merging(["corpus.txt": Self.corpus], uniquingKeysWith: { $1 }) {
                try Data(text.utf8).write(to: folder.appending(path: name))
            }
            try FileManager.default.createDirectory(
                at: folder.appending(path: "folder"), withIntermediateDirectories: true)
            try body(folder)
        }
    }

    @Test func wordsAndPhrasesForTheSegmenter() throws {
        try withFiles(["user.txt": "端砚石 9999 n\n洒金纸 7 n\n"]) { folder in
            let build = try Program.run(
                "lexicon", "build", "corpus.txt", "--output", "words.txt", "--details", "words.tsv", "--cohesion-step",
                "0",
                in: folder)
            #expect(build.code == 0, "\(build.errors)")
            let words = try String(contentsOf: folder.appending(path: "words.txt"), encoding: .utf8)
            #expect(words.contains("\n端砚石 ") && words.contains("\n端砚石狼毫笔 "))
            let show = try Program.run(
                "lexicon", "show", "words.tsv", "--sort", "cohesion", "--min-letters", "2", "--limit", "3", in: folder)
            #expect(show.code == 0 && show.lines.count == 4, "\(show.errors)")
            #expect(show.lines[1...].allSatisfy { $0.contains("砚") || $0.contains("毫") })
            let segment = try Program.run("segment", "--dict", "words.txt", "端砚石与狼毫笔", in: folder)
            #expect(segment.lines == ["端砚石 与 狼毫笔"])

            let merged = try Program.run(
                "lexicon", "build", "corpus.txt", "--user-dict", "user.txt", "--phrase-words", "1", in: folder)
            #expect(merged.lines.first == "端砚石 9999 n" && merged.lines.contains("洒金纸 7 n"), "\(merged.errors)")
            let new = try Program.run(
                "lexicon", "build", "corpus.txt", "--new-against", "words.txt", "--user-dict", "user.txt", in: folder)
            #expect(new.lines == ["洒金纸 7 n"], "\(new.errors)")
        }
    }

    @Test(arguments: [
        (["build", "corpus.txt", "--output", "there.txt"], 2, "there.txt: the file is there already"),
        (["build", "corpus.txt", "--output", "folder"], 2, "folder: cannot write the file"),
        (["build", "corpus.txt", "--details", "none/words.tsv"], 2, "make the folder"),
        (["build", "empty.txt"], 3, "no Chinese text to build a lexicon from"),
        (["build", "folder"], 2, "folder: the folder holds no text files"),
        (["build", "none.txt"], 2, "none.txt"),
        (["build", "corpus.txt", "--longest-word", "9"], 2, "expected: 2 to 4"),
        (["build", "corpus.txt", "--phrase-words", "4"], 2, "expected: 1 to 3"),
        (["build", "-"], 2, "phrases need several passes"),
        (["build", "corpus.txt", "--user-dict", "none.txt"], 3, "none.txt: cannot read the file"),
        (["build", "corpus.txt", "--user-dict", "broken.txt"], 3, "broken.txt: a word holds white space"),
        (["build", "corpus.txt", "--user-dict", "there.txt", "--merge", "sum"], 3, "there.txt:1: not an entry"),
        (["show", "there.txt"], 3, "there.txt:1: not an entry of a dictionary"),
        (["show", "empty.txt"], 3, "empty.txt: holds no word"), (["show", "folder"], 3, "it is a folder"),
        (["show", "words.txt", "--limit", "-1"], 2, "--limit"),
        (["show", "words.txt", "--sort", "beauty"], 2, "--sort"),
    ]) func wrongUseIsNamed(_ arguments: [String], _ code: Int32, _ part: String) throws {
        let files = [
            "there.txt": "山水\n", "empty.txt": "", "words.txt": "山水 3 n\n", "broken.txt": "山水 3\n看 山 水 n\n",
        ]
        try withFiles(files) { folder in
            let outcome = try Program.run(["lexicon"] + arguments, in: folder)
            #expect(outcome.code == code, "\(outcome.errors)")
            #expect(outcome.errors.contains(part), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
    }
}
