import Foundation
import InkTasks
import InkTraining
import Testing

@Suite struct RunReportTests {
    /// A run whose names and texts try to break out of the markup.
    private func content() throws -> RunReportContent {
        let labels = ["财经", "a<b>&\"'", "体|育"]
        var content = RunReportContent(
            title: "runs/<script>alert(1)</script>", model: "BERT, 4 layers", recipe: "default", labels: labels,
            command: "inkstone finetune --train 'a & b.txt'")
        content.base = .init(role: "base checkpoint", name: "ernie: \"3.0\"", sha256: "00ff")
        content.hyperParameters = [.init("learning rate", "5e-05")]
        content.differences = [.init(setting: "clip", toumanfen: "tensor", standard: "global", reason: "why")]
        content.environment = [.init("seed", "1")]
        content.data = [
            .init(role: "train", name: "t.txt", count: 6, sha256: "aa11"),
            .init(role: "test", name: "e.txt", count: 7, sha256: "bb22"),
        ]
        content.leaks = [DataLeak(source: "train", target: "test", count: 2, conflicting: 1)]
        content.history = (1...500).map { MetricsRecord(.train, step: $0, loss: 1 / Double($0), accuracy: 0.5) }
        content.history.append(MetricsRecord(.train, step: 501, loss: .nan))
        content.history += [100, 300, 500].map { MetricsRecord(.dev, step: $0, loss: 0.3, accuracy: 0.875) }
        content.bestStep = 300
        content.selection = "dev loss, lower is better"
        let metrics = try ClassificationMetrics(
            gold: [0, 0, 0, 1, 1, 2, 2], predicted: [0, 0, 1, 1, 1, 0, 2], classCount: 3, loss: 0.25
        ).taskMetrics(labels: labels)
        content.evaluations = [.init(split: "test", metrics: metrics)]
        content.mistakes = [
            .init(
                text: "<img src=x onerror=alert(1)>\u{0}股市", gold: labels[0], predicted: "<99>", probability: 0.987,
                line: 3)
        ]
        content.wallSeconds = 65
        content.peakBytes = 2_900_000_000
        content.maximumLength = 32
        return content
    }

    @Test func standsAloneAndEscapesEverything() throws {
        let html = RunReport(try content()).html
        #expect(!html.contains("<script") && !html.contains("<img"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(html.contains("a&lt;b&gt;&amp;&quot;&#39;"))
        #expect(!html.contains("\u{0}"))
        for outside in ["http://", "https://", "url(", "@import", "src=\"", "href"] { #expect(!html.contains(outside)) }
        #expect(html.contains("name=\"viewport\"") && html.contains("prefers-color-scheme: dark"))
        #expect(html.contains("<span lang=\"zh-Hans\">财经</span>"))
    }

    /// On a narrow screen the mistakes are blocks in which each cell stands under the name of its column.
    @Test func longTextsStackOnNarrowScreens() throws {
        let html = RunReport(try content()).html
        let mistakes = try #require(html.components(separatedBy: "<table class=\"stack\">").dropFirst().first)
        for name in ["text", "gold", "predicted", "probability", "line"] {
            #expect(mistakes.contains(" data-name=\"\(name)\">"), "\(name)")
        }
        #expect(html.contains("content: attr(data-name)") && html.contains("@media (max-width: 560px)"))
    }

    /// What the run did not do stands once, whatever it comes from.
    @Test func whatWasNotDone() throws {
        var content = try content()
        content.notes = ["train.txt: 3 records have no label, left out; the first at train.txt:4"]
        content.evaluations[0].metrics.notes = ["2 of 7 texts are longer than 32 tokens and are cut"]
        for text in [RunReport(content).html, ModelCard(content).markdown] {
            let section = try #require(text.components(separatedBy: "What this run did not do").last)
            for note in [
                "2 texts of test are also in train", "3 records have no label", "test: 2 of 7 texts are longer",
            ] {
                #expect(section.contains(note) && text.components(separatedBy: note).count == 2, "\(note)")
            }
        }
        content.notes = []
        content.leaks = []
        content.evaluations[0].metrics.notes = []
        #expect(!RunReport(content).html.contains("What this run did not do"))
    }

    /// Elements are closed in the order in which they were opened.
    @Test func isWellFormed() throws {
        let html = RunReport(try content()).html
        let void: Set = ["meta", "!DOCTYPE"]
        var open: [String] = []
        for piece in html.split(separator: "<").dropFirst() {
            let name = String(piece.prefix { $0 != " " && $0 != ">" && $0 != "\n" })
            #expect(piece.contains(">"), "\(piece)")
            if name.hasPrefix("/") {
                #expect(open.popLast() == String(name.dropFirst()), "\(piece)")
            } else if !void.contains(name), !piece.contains("/>") {
                open.append(name)
            }
        }
        #expect(open.isEmpty)
    }

    @Test func showsWhatTheRunDid() throws {
        let html = RunReport(try content()).html
        #expect(html.contains("<b>71.43%</b><span>test accuracy</span>"))
        #expect(html.contains("<b>01:05</b><span>training time</span>"))
        #expect(html.contains("kept: 300</text>"))
        #expect(html.contains("dev, step 100: 87.50%"))
        #expect(html.contains("1 of 3 财经 (33.3%) as a&lt;b&gt;"))
        #expect(html.contains("2 texts of test are also in train, 1 with another label."))
        #expect(html.contains("&lt;99&gt;"))
        #expect(html.contains("98.70%"))
        for text in ["learning rate", "5e-05", "toumanfen", "aa11", "bb22", "00ff", "'a &amp; b.txt'".quoted] {
            #expect(html.contains(text), "\(text)")
        }
        #expect(!html.contains("nan"))
    }

    @Test func aLongCurveIsThinned() throws {
        let html = RunReport(try content()).html
        let path = try #require(html.split(separator: "class=\"line train\" d=\"").dropFirst().first)
        let points = path.prefix { $0 != "\"" }.split { $0 == "M" || $0 == "L" }
        #expect(points.count > 100 && points.count <= 240)
    }

    @Test func anEmptyRunStillHasAPage() throws {
        var content = RunReportContent(title: "x", model: "m", recipe: "default", labels: ["a"], command: "c")
        #expect(RunReport(content).html.contains("<h2 id=\"run\">Run</h2>"))
        content.history = [MetricsRecord(.dev, step: 0, loss: 0, accuracy: 0)]
        #expect(RunReport(content).html.contains("<svg"))
        #expect(ModelCard(content).markdown.contains("license: unknown"))
    }

    @Test func manyClassesShowThoseWithMistakes() throws {
        let count = 60
        let gold = (0..<600).map { $0 % count }
        let predicted = gold.map { $0 < 50 ? $0 : 50 + ($0 + 1) % 10 }
        var content = RunReportContent(
            title: "x", model: "m", recipe: "default", labels: (0..<count).map { "class\($0)" }, command: "c")
        content.evaluations = [
            .init(
                split: "dev",
                metrics: try ClassificationMetrics(gold: gold, predicted: predicted, classCount: count)
                    .taskMetrics(labels: content.labels))
        ]
        let html = RunReport(content).html
        #expect(html.contains("The 40 of 60 classes with the most mistakes."))
        #expect(html.contains("10 of 10 class50 (100.0%) as class51"))
    }

    @Test func writesBothFiles() throws {
        let folder = try TemporaryFolder()
        let page = folder.url.appending(path: "report.html")
        let card = folder.url.appending(path: "README.md")
        try RunReport(try content()).write(to: page)
        try ModelCard(try content()).write(to: card)
        #expect(try String(contentsOf: page, encoding: .utf8) == RunReport(try content()).html)
        #expect(try String(contentsOf: card, encoding: .utf8) == ModelCard(try content()).markdown)
        withExtendedLifetime(folder) {}
    }

    @Test func theCard() throws {
        let card = ModelCard(try content()).markdown
        let parts = card.components(separatedBy: "---\n")
        #expect(parts.first?.isEmpty == true)
        let front = parts[1]
        #expect(front.contains("license: unknown\nlanguage:\n- zh\n"))
        #expect(front.contains("base_model: \"ernie: \\\"3.0\\\"\"\n"))
        #expect(front.contains("- type: \"accuracy\"\n      value: 0.7143\n"))
        #expect(card.contains("| 体\\|育 | 1.0000 | 0.5000 | 0.6667 | 2 |"))
        #expect(card.contains("| train | t.txt | 6 | `aa11` |"))
        #expect(card.contains("2 texts of test are also in train, 1 with another label."))
        #expect(card.contains("Largest confusions on test: 财经 taken for a\\<b\\>&\"' (1); 体\\|育 taken for 财经 (1)."))
        #expect(card.contains("Reads at most 32 tokens"))
        #expect(card.contains("±33.47 points"))
        #expect(card.contains("```sh\ninkstone finetune --train 'a & b.txt'\n```"))
    }

    @Test func contentSurvivesJSON() throws {
        var content = try content()
        content.history.removeAll { $0.loss?.isNaN == true }
        let data = try JSONEncoder().encode(content)
        #expect(try JSONDecoder().decode(RunReportContent.self, from: data) == content)
    }

    @Test func leaksBetweenSplits() {
        func texts(_ rows: [(String, Int)]) -> [DataLeak.Item] {
            rows.map { DataLeak.Item(text: $0.0, label: "\($0.1)") }
        }
        let leaks = DataLeak.find(in: [
            ("train", texts([("一", 0), ("二", 1), ("三", 0)])), ("dev", texts([("四", 0)])),
            ("test", texts([(" 一 ", 0), ("二", 0), ("四", 0), ("五", 1)])),
        ])
        #expect(
            leaks == [
                DataLeak(source: "train", target: "test", count: 2, conflicting: 1),
                DataLeak(source: "dev", target: "test", count: 1, conflicting: 0),
            ])
    }
}

extension String {
    /// As the page writes single quotes.
    fileprivate var quoted: String { replacingOccurrences(of: "'", with: "&#39;") }
}
