import Foundation
import InkCorpus
import InkModels
import InkSupport
import InkTasks
import InkTestSupport
import Inkstone
import Testing

/// What the READMEs and the articles show is what works.
@Suite("Documentation")
struct DocumentationTests {
    private static let ernie = URL(filePath: Models.path("ernie-task"))
    /// A model with a masked-language head.
    private static let macbert = DocumentationPage.package.appending(path: "Tests/InkTasksTests/Fixtures/cloze")

    @Test("The README is short, and says the same in both languages")
    func readmes() throws {
        let pages = try DocumentationPage.readmes()
        for page in pages { #expect(page.lines.count - 1 <= 150, "\(page)") }
        #expect(pages[0].commands.count >= 10)
        #expect(pages[0].commands == pages[1].commands)
        #expect(pages[0].code == pages[1].code)
        #expect(pages[0].manifests.count == 1 && pages[1].manifests.count == 1)
        // Of other programs, up to what is said of them and the words to be replaced.
        let others = pages.map { page in
            page.blocks("").flatMap { $0.components(separatedBy: "\n") }
                .filter { line in ["git ", "swift ", "export ", "pip ", "hf "].contains { line.hasPrefix($0) } }
                .map { $0.prefix { $0 != "#" && $0 != "<" } }
        }
        #expect(others[0].count >= 5)
        #expect(others[0] == others[1])
    }

    @Test("The Swift code shown is the code that runs")
    func swiftBlocks() throws {
        let known = try DocumentationSnippets.texts()
        var shown: Set<String> = []
        for page in try DocumentationPage.all() {
            for block in page.code {
                // Imports, and the file or folder that a function takes as its argument, are lines of their own.
                let body = block.components(separatedBy: "\n").filter { line in
                    !line.isEmpty && !line.hasPrefix("import ") && !line.contains(" = URL(filePath: ")
                }.joined(separator: "\n")
                #expect(known.contains(body), "\(page):\n\(block)")
                shown.insert(body)
            }
        }
        #expect(shown == Set(known))
    }

    @Test("The manifests name products and a version that exist")
    func manifests() throws {
        let manifest = try String(
            contentsOf: DocumentationPage.package.appending(path: "Package.swift"), encoding: .utf8)
        for page in try DocumentationPage.all() {
            for block in page.manifests {
                #expect(block.contains("from: \"\(InkstoneVersion.current)\""), "\(page)")
                let products = block.components(separatedBy: ".product(name: \"").dropFirst().map {
                    $0.prefix { $0 != "\"" }
                }
                #expect(!products.isEmpty, "\(page)")
                for product in products {
                    #expect(manifest.contains(".library(name: \"\(product)\""), "\(page): \(product)")
                }
            }
        }
        for row in try DocumentationPage.article("UsingSwift").lines where row.hasPrefix("| `Ink") {
            let product = row.dropFirst(3).prefix { $0 != "`" }
            #expect(manifest.contains(".library(name: \"\(product)\""), "\(product)")
        }
    }

    @Test("Links lead somewhere, and the front page leads to every article")
    func links() throws {
        for page in try DocumentationPage.all() {
            let folder = DocumentationPage.package.appending(path: page.path).deletingLastPathComponent()
            for link in page.links where !link.hasPrefix("http") && !link.hasPrefix("#") {
                let isThere =
                    if link.hasPrefix("doc:") {
                        (try? DocumentationPage.article(String(link.dropFirst(4)))) != nil
                    } else {
                        [link, "Resources/\(link).png"].contains {
                            FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
                        }
                    }
                #expect(isThere, "\(page): \(link)")
            }
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: DocumentationPage.catalogue.path)
        let articles = try DocumentationPage.articles().map { URL(filePath: $0.path).lastPathComponent }
        #expect(files.filter { $0.hasSuffix(".md") }.sorted() == articles.sorted())
    }

    @Test("Every flag that a page names exists")
    func flags() throws {
        let help = try Program.run("--experimental-dump-help").output
        let stages = try Program.run("corpus", "stages").output
        // Of the package manager and the hub's program.
        let others: Set = ["static-swift-stdlib"]
        for page in try DocumentationPage.all() {
            for code in page.inlineCode where code.hasPrefix("--") {
                let name = String(code.dropFirst(2).prefix { $0.isLetter || $0 == "-" })
                let isKnown = help.contains("\"name\" : \"\(name)\"") || stages.contains("\n  \(name) ")
                #expect(isKnown || others.contains(name), "\(page): --\(name)")
            }
        }
    }

    @Test("The Swift code runs")
    func snippets() throws {
        try withTemporaryFolder { folder in
            let data = try sampleFiles(in: folder)
            let run = folder.appending(path: "run")
            let result = try #require(
                try DocumentationSnippets.fineTune(Self.ernie, train: data.train, dev: data.dev, runs: run))
            #expect(result.dev.metrics.count == 10)
            let answer = try DocumentationSnippets.classify(run)
            #expect(answer.candidates.count == 3)
            #expect(SampleTitles.labels.contains(answer.label))
            #expect(try DocumentationSnippets.encode(Self.ernie).map(\.shape) == [[32], [32]])
            #expect(try DocumentationSnippets.tokenize(Self.ernie).count == 10)
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
            let entities = try DocumentationSnippets.tag(settings.output).entities
            #expect(entities.map(\.text) == ["王莉", "杭州"])
            #expect(entities.map(\.type) == ["PER", "LOC"])
            #expect(entities.map(\.start) == [0, 3])

            // As transformers says in the fixture.
            let (gaps, score) = try DocumentationSnippets.fillGap(Self.macbert)
            #expect(gaps.map { $0.map(\.token) } == [["风", "明", "[SEP]"]])
            #expect(abs(try #require(score.perplexity) - 37.3078) < 0.001)

            let dictionary = folder.appending(path: "dict.txt")
            try Self.dictionary.write(to: dictionary, atomically: true, encoding: .utf8)
            #expect(try DocumentationSnippets.segment(dictionary) == ["国足", "再次", "冲出", "亚洲"])
        }
    }

    @Test("The commands run as shown, one after the other in one folder")
    func commands() throws {
        try withTemporaryFolder { folder in
            try placeFiles(in: folder)
            var done: Set<String> = []
            for page in try DocumentationPage.all() {
                for line in page.commands where done.insert(line).inserted {
                    let words = Self.words(line)
                    #expect(words.first == "inkstone")
                    let outcome = try Program.run(Array(words.dropFirst()), in: folder)
                    #expect(outcome.code == 0, "\(page): \(line): \(outcome.errors)")
                    if words.contains("--export-titles") { try shorten(folder.appending(path: "titles")) }
                }
            }
            #expect(done.count >= 40)
            #expect(try DocumentationSnippets.readShards(folder.appending(path: "shards")).count == 16)
        }
    }

    @Test("Every task of the table trains on its record and answers")
    func tasks() throws {
        let lines = try DocumentationPage.article("Tasks").lines
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

    @Test("Every architecture, every stage and every data set is named")
    func lists() throws {
        for page in try DocumentationPage.readmes() + [.article("Checkpoints")] {
            let rows = page.lines.filter { $0.hasPrefix("|") }
            for family in ModelFamily.all {
                #expect(rows.contains { $0.contains("`\(family.modelType)`") }, "\(page): \(family.modelType)")
            }
        }
        let stages = try Program.run("corpus", "stages").lines.compactMap { line in
            line.hasPrefix(" ") ? nil : line.split(separator: ":").first
        }
        #expect(stages.count >= 9)
        let corpus = try DocumentationPage.article("Corpus").lines.filter { $0.hasPrefix("|") }
        for stage in stages { #expect(corpus.contains { $0.contains("`\(stage)`") }, "\(stage)") }
        let tasks = try DocumentationPage.article("Tasks").inlineCode
        for preset in TaskPreset.all { #expect(tasks.contains(preset.name), "\(preset.name)") }
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
            "pipeline.yaml": try DocumentationPage.article("Corpus").blocks("yaml").joined(),
            "run.yaml": try DocumentationPage.article("Runs").blocks("yaml").joined(),
            "reviews.jsonl": #"{"text": "房间干净，就是有点吵", "labels": ["卫生", "噪音"]}"# + "\n",
            "tnews.json": #"{"label": "100", "label_desc": "news_story", "sentence": "海边的故事"}"# + "\n"
                + #"{"label": "103", "label_desc": "news_sports", "sentence": "国足再次冲出亚洲"}"# + "\n",
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
