import Foundation
import InkCorpus
import InkModels
import InkTasks
import InkTestSupport
import Inkstone
import Testing

/// What the READMEs show is what works.
@Suite("READMEs")
struct ReadmeTests {
    private static let names = ["README.md", "README.zh.md"]
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    private static let ernie = URL(filePath: Models.path("ernie-task"))
    /// A model with a masked-language head.
    private static let macbert = tests.appending(path: "InkTasksTests/Fixtures/cloze")

    private static func lines(of name: String) throws -> [String] {
        let file = tests.deletingLastPathComponent().appending(path: name)
        return try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    }

    /// The fenced blocks of one language.
    private static func blocks(_ language: String, in name: String) throws -> [String] {
        var blocks: [String] = []
        var current: [String]?
        for line in try lines(of: name) {
            if let lines = current {
                if line == "```" {
                    blocks.append(lines.joined(separator: "\n"))
                    current = nil
                } else {
                    current = lines + [line]
                }
            } else if line == "```\(language)" {
                current = []
            }
        }
        return blocks
    }

    @Test("The Swift code shown is the code that runs", arguments: names)
    func swiftBlocks(name: String) throws {
        let shown = try Self.blocks("swift", in: name)
        #expect(shown == (try ReadmeSnippets.texts()))
        #expect(shown.count == 8)
    }

    @Test("The Swift code runs")
    func snippets() throws {
        try withTemporaryFolder { folder in
            let data = try sampleFiles(in: folder)
            let run = folder.appending(path: "run")
            let result = try #require(
                try ReadmeSnippets.fineTune(Self.ernie, train: data.train, dev: data.dev, runs: run))
            #expect(result.dev.metrics.count == 10)
            let answer = try ReadmeSnippets.classify(run)
            #expect(answer.candidates.count == 3)
            #expect(SampleTitles.labels.contains(answer.label))
            #expect(try ReadmeSnippets.encode(Self.ernie).map(\.shape) == [[32], [32]])
            #expect(try ReadmeSnippets.tokenize(Self.ernie).count == 10)
        }
    }

    @Test("The Swift code on spans, gaps and words runs")
    func taskSnippets() throws {
        try withTemporaryFolder { folder in
            let data = folder.appending(path: "ner.jsonl")
            let record = #"{"text": "王莉在杭州", "label": {"PER": {"王莉": [[0, 1]]}, "LOC": {"杭州": [[3, 4]]}}}"#
            try record.write(to: data, atomically: true, encoding: .utf8)
            var settings = FineTuningSettings(
                model: .folder(Self.ernie), train: data, dev: data, output: folder.appending(path: "run"))
            settings.task = .tagging
            settings.epochs = 80
            settings.learningRate = 4e-3
            settings.evaluateEvery = 1000
            #expect(try FineTuning(settings).run() != nil)
            let entities = try ReadmeSnippets.tag(settings.output).entities
            #expect(entities.map(\.text) == ["王莉", "杭州"])
            #expect(entities.map(\.type) == ["PER", "LOC"])
            #expect(entities.map(\.start) == [0, 3])

            // As transformers says in the fixture.
            let (gaps, score) = try ReadmeSnippets.fillGap(Self.macbert)
            #expect(gaps.map { $0.map(\.token) } == [["风", "明", "[SEP]"]])
            #expect(abs(score.perplexity - 37.3078) < 0.001)

            let dictionary = folder.appending(path: "dict.txt")
            try Self.dictionary.write(to: dictionary, atomically: true, encoding: .utf8)
            #expect(try ReadmeSnippets.segment(dictionary) == ["国足", "再次", "冲出", "亚洲"])
        }
    }

    @Test("The commands run as shown", arguments: names)
    func commands(name: String) throws {
        let lines = try Self.blocks("sh", in: name).joined(separator: "\n").components(separatedBy: "\n")
        #expect(lines.count >= 15)
        try withTemporaryFolder { folder in
            try placeFiles(in: folder)
            for line in lines {
                let words = Self.words(line)
                #expect(words.first == "inkstone")
                let outcome = try Program.run(Array(words.dropFirst()), in: folder)
                #expect(outcome.code == 0, "\(line): \(outcome.errors)")
                if words.dropFirst().prefix(2) == ["corpus", "shard"] {
                    #expect(try ReadmeSnippets.readShards(folder.appending(path: "shards")).count == 16)
                }
                if words[1] == "quickstart" { try shorten(folder.appending(path: "titles")) }
            }
        }
    }

    @Test("Every task of the table trains on its record and answers", arguments: names)
    func tasks(name: String) throws {
        let lines = try Self.lines(of: name)
        try withTemporaryFolder { folder in
            try placeFiles(in: folder)
            for task in TaskName.allCases {
                let row = try #require(lines.first { $0.hasPrefix("| `\(task.rawValue)` |") }, "\(task.rawValue)")
                let cells = row.split(separator: "|").map {
                    $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
                }
                try #require(cells.count == 4)
                let data = ([cells[2]] + (Self.furtherRecords[task] ?? [])).joined(separator: "\n")
                try data.write(to: folder.appending(path: "data.jsonl"), atomically: true, encoding: .utf8)
                let training = try Program.run(
                    "finetune", "--task", task.rawValue, "--model", "models/ernie", "--train", "data.jsonl", "--dev",
                    "data.jsonl", "--epochs", "1", "--output", "runs/\(task.rawValue)", in: folder)
                #expect(training.code == 0, "\(task): \(training.errors)")
                let words = Self.words(cells[3])
                #expect(words.first == "inkstone")
                let outcome = try Program.run(Array(words.dropFirst()), in: folder)
                #expect(outcome.code == 0, "\(cells[3]): \(outcome.errors)")
                #expect(words[1] == "encode" || !outcome.output.isEmpty)
            }
        }
    }

    @Test("Every architecture is in the table", arguments: names)
    func architectures(name: String) throws {
        let rows = try Self.lines(of: name).filter { $0.hasPrefix("|") }
        for family in ModelFamily.all {
            #expect(rows.contains { $0.contains("| `\(family.modelType)` |") }, "\(family.modelType)")
        }
    }

    /// What the tasks need beside the record shown: a second class.
    private static let furtherRecords: [TaskName: [String]] = [
        .classification: [#"{"sentence1": "花呗怎么还款", "sentence2": "花呗是什么", "label": "0"}"#],
        .relation: [#"{"text": "<e1>王莉</e1>和<e2>陈平</e2>是同事", "label": "同事"}"#],
    ]

    private static let dictionary = "国足 50 n\n再次 50 d\n冲出 30 v\n亚洲 60 ns\n"

    /// The words of a command: cut at spaces outside single quotes.
    private static func words(_ line: String) -> [String] {
        var words: [String] = []
        for (index, part) in line.components(separatedBy: "'").enumerated() {
            if index % 2 == 1 {
                words.append(part)
            } else {
                words += part.split(separator: " ").map(String.init)
            }
        }
        return words
    }

    /// The files that the commands name.
    private func placeFiles(in folder: URL) throws {
        for name in ["models", "ner"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        try FileManager.default.copyItem(at: Self.ernie, to: folder.appending(path: "models/ernie"))
        try FileManager.default.copyItem(at: Self.macbert, to: folder.appending(path: "models/macbert"))
        let tagged = "王\tB-PER\n莉\tI-PER\n在\tO\n杭\tB-LOC\n州\tI-LOC\n"
        let files = [
            "ner/train.conll": tagged, "ner/dev.conll": tagged, "dict.txt": Self.dictionary,
            "texts.txt": "怎么还花呗\n花呗分期以后怎么提前还款，会收手续费吗？\n",
            "pipeline.yaml": try Self.blocks("yaml", in: "README.md").joined(),
        ]
        let judged = ["high", "disfluent", "advertisement"].enumerated().map { number, label in
            #"{"text": "第\#(number)篇", "label": "\#(label)"}"# + "\n"
        }
        for (name, text) in files.merging(["judged.jsonl": judged.joined()], uniquingKeysWith: { $1 }) {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
    }

    /// A few titles of each class do for a test.
    private func shorten(_ titles: URL) throws {
        for name in ["train.txt", "dev.txt", "test.txt"] {
            let file = titles.appending(path: name)
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").prefix(60)
            try (lines.joined(separator: "\n") + "\n").write(to: file, atomically: true, encoding: .utf8)
        }
    }

    private func sampleFiles(in folder: URL) throws -> (train: URL, dev: URL) {
        func write(_ name: String, _ split: SampleTitles.Split, _ count: Int) throws -> URL {
            let file = folder.appending(path: name)
            let lines = SampleTitles.rows(split).prefix(count).map { "\($0.text)\t\(SampleTitles.labels[$0.label])\n" }
            try lines.joined().write(to: file, atomically: true, encoding: .utf8)
            return file
        }
        return (try write("train.txt", .train, 40), try write("dev.txt", .dev, 10))
    }
}
