import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct ContaminationStageTests {
    /// Runs the stage with evaluation files of these names and contents.
    private func run(
        _ files: KeyValuePairs<String, String>, _ texts: [String], ngram: Int = 13, minimumOverlap: Double = 0,
        action: ContaminationStage.Action = .removeDocument, threads: Int = 2
    ) throws -> CorpusStageRun {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let paths = try files.map { name, text in
            let url = folder.appending(path: name)
            try Data(text.utf8).write(to: url)
            return url.path
        }
        let stage = ContaminationStage(
            evaluation: paths, gramLength: ngram, minimumOverlap: minimumOverlap, action: action)
        return try CorpusStageRun(
            stage, texts.enumerated().map { Document(text: $1, id: "d\($0)") }, threads: threads)
    }

    private func details(_ run: CorpusStageRun) -> [String] {
        run.rejected.map { $0.detail?.split(separator: "/").last.map(String.init) ?? "" }
    }

    /// The facts of an evaluation file.
    private func facts(_ run: CorpusStageRun, _ file: Int) -> JSONObject {
        guard case .array(let files) = run.report.facts["files"], case .object(let object) = files[file] else {
            return JSONObject()
        }
        return object
    }

    @Test func documentsWithATextOfAnEvaluationFileGo() throws {
        let run = try run(
            [
                "a.tsv": "label\ttext\n1\t小明昨天下午在图书馆里借了三本书\n0\t太短\n1\t这家餐厅的味道一直都非常不错呢",
                "b.jsonl": "\n{\"q\": {\"text\": [\"北京到上海坐高铁大约需要四个半小时\"]}, \"n\": 1}\n",
            ],
            [
                "无关的文字，讲的是别的事情，和问题没有关系。",
                "他说：“小明，昨天下午——在图书馆里 借了三本……”",
                "小明昨天下午在图书馆里借到三本书",
                "先坐北京到上海坐高铁大约需要四个半天吧",
            ])
        #expect(run.ids == ["d0", "d2"])
        #expect(run.rejected.map(\.document.id) == ["d1", "d3"])
        #expect(run.rejected.allSatisfy { $0.rule == "contamination" && $0.stage == "contamination" })
        #expect(details(run) == ["a.tsv:2", "b.jsonl:2"])
        #expect(facts(run, 0)["items"] == .integer(2))
        #expect(facts(run, 0)["itemsWithOverlap"] == .integer(1))
        #expect(facts(run, 0)["itemsFoundWhole"] == .integer(0))
        #expect(facts(run, 0)["share"] == .float(0.5))
        #expect(facts(run, 0)["documents"] == .integer(1))
        #expect(facts(run, 1)["documents"] == .integer(1))
        #expect(run.report.documentsOut == 2)
        #expect(run.report.tally.rules["contamination"]?.documents == 2)
    }

    @Test func caseWidthAndMarksDoNotMatterAndWordsAreUnits() throws {
        let evaluation = "The QUICK brown fox jumps"
        let run = try run(
            ["a.txt": evaluation], ["ｔｈｅ quick, brown　FOX; jumps!", "The quick brown foxes jumps", "quick brown fox"],
            ngram: 5)
        #expect(run.ids == ["d1", "d2"])
    }

    @Test func spansAreCutOut() throws {
        let run = try run(
            ["a.csv": "\"一二三四，五六七\",x\n"], ["头。一二三四五六七。尾", "一二三、四五六七！", "头一二三四五尾三四五六七完"],
            ngram: 5, action: .removeSpan)
        #expect(run.kept.map(\.text) == ["头。。尾", "头尾完"])
        #expect(run.rejected.map(\.document.id) == ["d1"])
        #expect(run.rejected.map(\.document.text) == ["一二三、四五六七！"])
        #expect(run.report.tally.rules["contamination"]?.changes == 4)
        #expect(run.report.bytesIn - run.report.bytesOut == 3 * (7 + 9 + 10))
    }

    @Test func aReportChangesNothing() throws {
        let texts = ["开头一二三四五六结尾", "别的"]
        let run = try run(["a.json": "[{\"q\": \"短\", \"a\": \"一二三四五六\"}]"], texts, ngram: 5, action: .report)
        #expect(run.kept.map(\.text) == texts)
        #expect(run.rejected.isEmpty)
        #expect(facts(run, 0)["itemsFoundWhole"] == .integer(1))
        guard case .array(let examples) = facts(run, 0)["examples"], case .object(let example) = examples.first else {
            Issue.record("no example")
            return
        }
        #expect(example["document"] == .string("d0"))
        #expect(example["text"] == .string("一二三四五六"))
        guard case .string(let item) = example["item"] else { return }
        #expect(item.hasSuffix("a.json:1"))
    }

    /// Twelve characters make eight n-grams of five; the documents hold one, four and eight of them.
    @Test(arguments: [(0.0, 3), (0.5, 2), (0.51, 1), (1.0, 1)])
    func overlapIsAShareOfTheText(minimum: Double, hits: Int) throws {
        let run = try run(
            ["a.txt": "甲乙丙丁戊己庚辛壬癸子丑"], ["甲乙丙丁戊", "甲乙丙丁戊己庚辛", "甲乙丙丁戊己庚辛壬癸子丑"],
            ngram: 5, minimumOverlap: minimum)
        #expect(run.rejected.count == hits)
    }

    @Test(arguments: [1, 4])
    func agreesWithSetsOfStrings(threads: Int) throws {
        var maker = TextMaker(seed: 11)
        let items = (0..<300).map { _ in maker.characters(10 + maker.number(below: 30)) }
        let texts = (0..<800).map { index -> String in
            let text = maker.characters(30)
            guard index % 3 == 0 else { return text }
            let item = items[maker.number(below: items.count)]
            return text + item.prefix(5 + maker.number(below: item.count)) + text.prefix(9)
        }
        func grams(_ text: String) -> Set<String> {
            let letters = Array(text)
            return letters.count < 8 ? [] : Set((0...(letters.count - 8)).map { String(letters[$0..<($0 + 8)]) })
        }
        let all = items.reduce(into: Set<String>()) { $0.formUnion(grams($1)) }
        let expected = texts.indices.filter { !grams(texts[$0]).isDisjoint(with: all) }.map { "d\($0)" }
        let training = texts.reduce(into: Set<String>()) { $0.formUnion(grams($1)) }
        let run = try run(["a.txt": items.joined(separator: "\n")], texts, ngram: 8, threads: threads)
        #expect(run.rejected.map(\.document.id) == expected)
        #expect(expected.count > 100)
        let overlapping = items.filter { !grams($0).isDisjoint(with: training) }.count
        #expect(facts(run, 0)["itemsWithOverlap"] == .integer(overlapping))
    }

    @Test func recordsOnLinesMayEndInJSON() throws {
        let run = try run(
            ["a.json": "{\"a\": \"甲乙丙丁戊\"}\n{\"a\": \"子丑寅卯辰\"}\n"], ["天地子丑寅卯辰", "甲乙"], ngram: 5)
        #expect(details(run) == ["a.json:2"])
    }

    @Test func recordsMayTakeSeveralLines() throws {
        let run = try run(
            ["a.json": "{\n  \"a\": \"甲乙丙丁戊\"\n}\n{\n  \"a\": \"子丑寅卯辰\"\n}\n"], ["天地子丑寅卯辰"], ngram: 5)
        #expect(details(run) == ["a.json:4"])
    }

    @Test func badEvaluationFilesAreNamed() throws {
        let damaged = #expect(throws: InputError.self) { try run(["a.jsonl": "{\"a\": 1}\n{\"a\": "], ["一"]) }
        #expect(damaged?.location.contains("a.jsonl:2") == true)
        let missing = #expect(throws: InputError.self) {
            try CorpusStageRun(ContaminationStage(evaluation: ["/no/such/file.txt"]), [])
        }
        #expect(missing?.location == "/no/such/file.txt")
        let short = try run(["a.txt": "短\n"], ["一"])
        #expect(short.report.warnings.count == 1)
    }

    @Test func moreEvaluationTextThanMemoryIsRefused() throws {
        var maker = TextMaker(seed: 5)
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "a.txt")
        try Data(maker.characters(5000).utf8).write(to: file)
        let error = #expect(throws: InputError.self) {
            try CorpusStageRun(ContaminationStage(evaluation: [file.path]), [], memoryLimit: 1)
        }
        #expect(error?.problem.contains("fit in memory") == true)
    }

    @Test(
        arguments: [
            [:], ["evaluation": .array([])], ["evaluation": .strings(["a"]), "ngram": .integer(0)],
            ["evaluation": .strings(["a"]), "action": .string("delete")],
            ["evaluation": .strings(["a"]), "minimum-overlap": .float(2)],
        ] as [[String: JSONValue]])
    func impossibleSettingsAreRefused(values: [String: JSONValue]) {
        var object = JSONObject()
        for (name, value) in values { object[name] = value }
        let settings = StageSettings(object, location: "pipeline.yaml")
        let error = #expect(throws: InputError.self) { try ContaminationStage.kind.make(settings) }
        #expect(error?.kind == .usage)
    }
}
