import Foundation
import InkTestSupport
import Inkstone
import Testing

/// What the READMEs show is what works.
@Suite("READMEs")
struct ReadmeTests {
    private static let names = ["README.md", "README.zh.md"]
    private static let ernie = URL(filePath: Models.path("ernie-task"))

    /// The fenced blocks of one language.
    private static func blocks(_ language: String, in name: String, testFile: String = #filePath) throws -> [String] {
        let root = URL(filePath: testFile).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
        var blocks: [String] = []
        var current: [String]?
        for line in text.components(separatedBy: "\n") {
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
        #expect(shown.count == 4)
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

    @Test("The commands run as shown", arguments: names)
    func commands(name: String) throws {
        let lines = try Self.blocks("sh", in: name).joined(separator: "\n").components(separatedBy: "\n")
        #expect(lines.count >= 8)
        try withTemporaryFolder { folder in
            let model = folder.appending(path: "models/ernie")
            try FileManager.default.createDirectory(
                at: model.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: Self.ernie, to: model)
            for line in lines {
                let words = line.split(separator: " ").map(String.init)
                #expect(words.first == "inkstone")
                let outcome = try Program.run(Array(words.dropFirst()), in: folder)
                #expect(outcome.code == 0, "\(line): \(outcome.errors)")
                if words[1] == "quickstart" { try shorten(folder.appending(path: "titles")) }
            }
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
