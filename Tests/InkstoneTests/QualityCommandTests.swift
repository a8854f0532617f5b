import Foundation
import InkTestSupport
import Testing

/// inkstone corpus quality label, train and evaluate.
@Suite("inkstone corpus quality")
struct QualityCommandTests {
    private static let classes = ["high", "disfluent", "advertisement"]

    /// A text of a class, made of parts.
    private static func text(_ label: Int, _ number: Int) -> String {
        let subjects = ["老师", "学生", "工程师", "医生"], deeds = ["在图书馆里读书", "到河边散步", "给朋友写信", "种下一棵小树"]
        let offers = ["特价", "包邮", "优惠", "秒杀"]
        switch label {
        case 0: return "早上，\(subjects[number % 4])\(deeds[number / 4 % 4])，然后\(deeds[number % 3])。第\(number)天。"
        case 1: return "书\(number)友早，在信河种\(subjects[number % 4])写小然给里，到图树散后读边步下。"
        default: return "全场\(offers[number % 4])，限时\(offers[number / 4 % 4])第\(number)期，扫码加微信领券，欢迎选购！"
        }
    }

    private static func judged(_ numbers: Range<Int>) -> String {
        numbers.flatMap { number in
            classes.indices.map { #"{"text": "\#(text($0, number))", "label": "\#(classes[$0])"}"# + "\n" }
        }.joined()
    }

    private func withFiles(_ files: [String: String], _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
            try FileManager.default.createDirectory(
                at: folder.appending(path: "folder"), withIntermediateDirectories: true)
            try body(folder)
        }
    }

    private func quality(_ arguments: String..., in folder: URL) throws -> Program.Outcome {
        try Program.run(["corpus", "quality"] + arguments, in: folder)
    }

    @Test func fromCandidatesToATable() throws {
        let crawl = (0..<80).flatMap { number in (0..<3).map { Self.text($0, number) } }.joined(separator: "\n")
        try withFiles(["crawl.txt": crawl, "held.jsonl": Self.judged(80..<90)]) { folder in
            let label = try quality(
                "label", "crawl.txt", "--output", "candidates.jsonl", "--per-class", "20", in: folder)
            #expect(label.code == 0, "\(label.errors)")
            let file = folder.appending(path: "candidates.jsonl")
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
            #expect(lines.count > 40)
            // A person who judges by the form of the text, and leaves the last one out.
            let judged = lines.dropLast().map { line in
                let label = line.contains("全场") ? 2 : line.contains("早上") ? 0 : 1
                return line.replacing(#""label":null"#, with: #""label":"\#(Self.classes[label])""#)
            }
            #expect(judged.contains { $0.contains(#""label":"advertisement""#) })
            try Data((judged + lines.suffix(1)).joined(separator: "\n").utf8).write(to: file)

            let again = try quality("label", "crawl.txt", "--output", "candidates.jsonl", in: folder)
            #expect(again.code == 2 && again.errors.contains("--force"))

            let train = try quality(
                "train", "candidates.jsonl", "--output", "quality.bin", "--unlabelled", "crawl.txt", "--rounds", "1",
                "--per-round", "10", "--confidence", "0.6", "--joined", "joined.jsonl", "--bits", "14", in: folder)
            #expect(train.code == 0, "\(train.errors)")
            #expect(train.lines.count == 3 && train.lines[0].contains("advertisement"))
            #expect(train.errors.contains("1 records without a judgement"))
            let joined = try String(contentsOf: folder.appending(path: "joined.jsonl"), encoding: .utf8)
            #expect(joined.contains(#""round":1"#))

            let evaluate = try quality("evaluate", "--model", "quality.bin", "held.jsonl", in: folder)
            #expect(evaluate.code == 0, "\(evaluate.errors)")
            #expect(evaluate.lines.contains { $0.contains("accuracy") && $0.contains("30") })
            let score = try Program.run(
                "corpus", "score", "--model", "quality.bin", "held.jsonl", "--output", "scored.jsonl", in: folder)
            #expect(score.code == 0, "\(score.errors)")
        }
    }

    @Test func anEncoderTakesTheSameWay() throws {
        try withFiles(["judged.jsonl": Self.judged(0..<6)]) { folder in
            let train = try quality(
                "train", "judged.jsonl", "--encoder", Models.bert, "--output", "quality", "--epochs", "1",
                "--threads", "1", in: folder)
            #expect(train.code == 0, "\(train.errors)")
            let evaluate = try quality("evaluate", "--model", "quality", "judged.jsonl", in: folder)
            #expect(evaluate.code == 0 && evaluate.output.contains("macro avg"), "\(evaluate.errors)")
        }
    }

    @Test(arguments: [
        (file: "empty.jsonl", parts: ["empty.jsonl: the file holds no judgement", "an empty file"]),
        ("null.jsonl", ["null.jsonl: the file holds no judgement", "1 records whose label is null", "set each label"]),
        (
            "typo.jsonl",
            ["typo.jsonl:2: label", "one of high, disfluent, advertisement, or null", "good", "set the label"]
        ),
        ("near.jsonl", ["near.jsonl:1: label", "did you mean disfluent?"]),
        ("text.jsonl", ["text.jsonl:2", "an object with text and label", "早上好", "quality label"]),
        ("one.jsonl", ["one.jsonl: a class has no document", "none of disfluent", "judge"]),
        ("folder", ["folder: cannot read the file: it is a folder"]),
        ("nothing.jsonl", ["nothing.jsonl: cannot read the file: no such file or folder", "check the path"]),
    ]) func wrongJudgementsAreNamed(_ wrong: (file: String, parts: [String])) throws {
        let good = #"{"text": "一", "label": "high"}"# + "\n"
        let files = [
            "empty.jsonl": "", "null.jsonl": #"{"text": "一", "label": null}"#, "one.jsonl": good,
            "typo.jsonl": good + #"{"text": "二", "label": "good"}"#, "text.jsonl": good + "早上好\n",
            "near.jsonl": #"{"text": "一", "label": "disfluant"}"#,
        ]
        try withFiles(files) { folder in
            let outcome = try quality("train", wrong.file, "--output", "quality.bin", in: folder)
            #expect(outcome.code == 3)
            for part in wrong.parts { #expect(outcome.errors.contains(part), "\(part) in \(outcome.errors)") }
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "quality.bin").path))
        }
    }

    @Test(arguments: [
        (["train", "judged.jsonl", "--output", "folder"], 2, "folder: cannot write the file"),
        (["train", "judged.jsonl", "--output", "none/quality.bin"], 2, "make the folder"),
        (["train", "--output", "quality.bin"], 2, "it is not clear what to train on"),
        (["train", "judged.jsonl", "--positive", "judged.jsonl", "--output", "q.bin"], 2, "it is not clear"),
        (["train", "judged.jsonl", "--output", "q.bin", "--rounds", "1"], 2, "--unlabelled"),
        (["train", "judged.jsonl", "--output", "q.bin", "--rounds", "101"], 2, "0 to 100 rounds"),
        (["train", "judged.jsonl", "--output", "q.bin", "--bits", "40"], 2, "bits: the value is out of range"),
        (
            ["train", "judged.jsonl", "--output", "q", "--encoder", "nano", "--bits", "9"], 2,
            "--bits: is for the linear"
        ),
        (["train", "judged.jsonl", "--output", "q.bin", "--words", "empty.txt"], 3, "empty.txt: holds no word"),
        (["train", "judged.jsonl", "--output", "q.bin", "--max-length", "9"], 2, "--max-length: is for an encoder"),
        (["train", "judged.jsonl", "--output", "q", "--encoder", "nowhere"], 2, "--encoder nowhere"),
        (["train", "judged.jsonl", "--output", "q", "--encoder", "folder"], 3, "config.json"),
        (["evaluate", "--model", "judged.jsonl", "judged.jsonl"], 3, "the file is no linear model"),
        (["evaluate", "--model", "none.bin", "judged.jsonl"], 3, "none.bin"),
        (["label", "empty.txt", "--output", "c.jsonl"], 3, "empty.txt: there is nothing to judge"),
        (["label", "folder", "--output", "c.jsonl"], 2, "folder: the folder holds no text files"),
        (["label", "judged.jsonl", "--output", "c.jsonl", "--words", "empty.txt"], 3, "empty.txt: the word list"),
        (["label", "judged.jsonl", "--output", "c.jsonl", "--per-class", "0"], 2, "1 candidate a class or more"),
    ]) func wrongUseIsNamed(_ arguments: [String], _ code: Int32, _ part: String) throws {
        try withFiles(["judged.jsonl": Self.judged(0..<2), "empty.txt": ""]) { folder in
            let outcome = try Program.run(["corpus", "quality"] + arguments, in: folder)
            #expect(outcome.code == code, "\(outcome.errors)")
            #expect(outcome.errors.contains(part), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
    }

    /// Candidates are data for `finetune` once they are judged.
    @Test func finetuneNamesWhatIsNotJudged() throws {
        let open = Self.judged(0..<2) + #"{"text": "一", "label": null}"#
        try withFiles(["judged.jsonl": open]) { folder in
            let outcome = try Program.run(
                "finetune", "--model", Models.bert, "--train", "judged.jsonl", "--dev", "judged.jsonl", "--output",
                "run", in: folder)
            #expect(outcome.code == 3)
            #expect(outcome.errors.contains("judged.jsonl:7: the text has no label"), "\(outcome.errors)")
            #expect(outcome.errors.contains("remedy:   give the text a label"))
        }
    }
}
