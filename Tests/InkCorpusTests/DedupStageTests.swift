import Foundation
import InkCorpus
import InkSupport
import Testing

@Suite struct DedupStageTests {
    private func documents(_ texts: [String]) -> [Document] {
        texts.enumerated().map { Document(text: $1, id: "d\($0)") }
    }

    /// Texts of which some are there more than once, or nearly.
    private func corpus(_ count: Int) -> [Document] {
        var maker = TextMaker(seed: 7)
        var texts: [String] = []
        for index in 0..<count {
            let kind = index == 0 ? 0 : maker.number(below: 4)
            let earlier = texts.isEmpty ? "" : texts[maker.number(below: texts.count)]
            texts.append(
                kind == 0
                    ? earlier
                    : kind == 1 && earlier.count > 50
                        ? maker.changed(earlier, places: 1)
                        : maker.characters(60 + maker.number(below: 60)))
        }
        return documents(texts)
    }

    private func near(verifiesExactly: Bool = false, missWeight: Double = 0.9) -> DedupStage {
        DedupStage(.near(MinHashSignatures(missWeight: missWeight), verifiesExactly: verifiesExactly))
    }

    @Test func firstOfEqualTextsStays() throws {
        let run = try CorpusStageRun(DedupStage(.exact), documents(["一", "二", "一", "三", "二", "一", "一 "]))
        #expect(run.ids == ["d0", "d1", "d3", "d6"])
        #expect(run.rejected.map(\.document.id) == ["d2", "d4", "d5"])
        #expect(run.rejected.map(\.detail) == ["d0", "d1", "d0"])
        #expect(run.rejected.allSatisfy { $0.rule == "exact-duplicate" && $0.stage == "dedup" })
        #expect(run.report.facts["groups"] == .integer(2))
        #expect(run.report.facts["largestGroup"] == .integer(3))
        #expect(
            run.report.facts["largestGroups"]
                == .array([
                    .record(["text": .string("一"), "documents": .integer(3), "first": .string("d0")]),
                    .record(["text": .string("二"), "documents": .integer(2), "first": .string("d1")]),
                ]))
        #expect(run.report.facts["duplicateShare"] == .float(3.0 / 7))
        #expect(run.report.documentsIn == 7)
        #expect(run.report.documentsOut == 4)
        #expect(run.report.bytesIn - run.report.bytesOut == 9)
        #expect(run.report.tally.rules["exact-duplicate"]?.documents == 3)
    }

    @Test func exactAgreesWithASetOfTexts() throws {
        let corpus = corpus(1500)
        var seen: Set<String> = []
        let expected = corpus.filter { seen.insert($0.text).inserted }
        #expect(expected.count < 1400)
        #expect(try CorpusStageRun(DedupStage(.exact), corpus).ids == expected.map(\.id))
    }

    @Test func threeLongestSentencesDecide() throws {
        let run = try CorpusStageRun(
            DedupStage(.ernie3),
            documents([
                "春天来了，院子里开满了花。好。他每天清晨都到河边去散步！我们一起读这本旧书吧？",
                "他每天清晨都到河边去散步！春天来了，院子里开满了花。我们一起读这本旧书吧？短句。",
                "他每天清晨都到河边去散步！春天来了，院子里开满了花。我们一起读这本新书吧？",
                "只有一句。", "只有一句。", "只有一句",
            ]))
        #expect(run.ids == ["d0", "d2", "d3", "d5"])
        #expect(run.rejected.map(\.detail) == ["d0", "d3"])
        #expect(run.rejected.map(\.rule) == ["ernie3-duplicate", "ernie3-duplicate"])
    }

    /// Groups of connected pairs with a Jaccard similarity of sets of strings from the threshold.
    private func naiveGroups(_ documents: [Document], threshold: Double) -> [Int] {
        let sets = documents.map { document in
            let scalars = Array(document.text.unicodeScalars)
            return Set((0..<max(1, scalars.count - 4)).map { "\(scalars[$0..<min($0 + 5, scalars.count)])" })
        }
        var first = Array(documents.indices)
        for one in sets.indices {
            for other in 0..<one {
                let common = sets[one].intersection(sets[other]).count
                let all = sets[one].count + sets[other].count - common
                guard Double(common) >= threshold * Double(all), first[one] != first[other] else { continue }
                let (from, to) = (max(first[one], first[other]), min(first[one], first[other]))
                for index in first.indices where first[index] == from { first[index] = to }
            }
        }
        return first
    }

    @Test func exactlyVerifiedNearDuplicatesAreThoseOfAllPairs() throws {
        let corpus = corpus(150)
        let first = naiveGroups(corpus, threshold: 0.8)
        // With a miss weight of 1 the bands are one row wide: every similar pair becomes a candidate.
        let run = try CorpusStageRun(near(verifiesExactly: true, missWeight: 1), corpus)
        #expect(run.ids == corpus.indices.filter { first[$0] == $0 }.map { "d\($0)" })
        #expect(run.rejected.map(\.detail) == corpus.indices.filter { first[$0] != $0 }.map { "d\(first[$0])" })
        #expect(run.rejected.count > Set(corpus.map(\.text)).count / 10)
        #expect(run.rejected.allSatisfy { $0.rule == "near-duplicate" })
        #expect(run.report.facts["bands"] == .integer(128))
        #expect(run.report.facts["rows"] == .integer(1))
        let compared = run.report.facts["comparedPairs"].flatMap(Int.init) ?? 0
        // One comparison at least for each pair of the groups' chains, bar those with equal signatures.
        #expect(compared > 0)
        let share = run.report.facts["verifiedShare"].flatMap(Double.init) ?? 0
        #expect(share > 0 && share < 1)
    }

    @Test func verifiedShareCountsPairsThatAgree() throws {
        var maker = TextMaker(seed: 12)
        let text = maker.characters(400)
        // A shingle of the last is one of five thousand: no band of the first two is there.
        let texts = [text, maker.changed(text, places: 1), maker.characters(400)]
        let run = try CorpusStageRun(near(), documents(texts))
        #expect(run.ids == ["d0", "d2"])
        #expect(run.report.facts["comparedPairs"] == .integer(1))
        #expect(run.report.facts["verifiedShare"] == .float(1))
    }

    @Test(arguments: [DedupStage(.exact), DedupStage(.ernie3)])
    func smallMemoryAndMoreThreadsGiveTheSame(stage: DedupStage) throws {
        try expectSame(stage, corpus(1000))
    }

    @Test(arguments: [false, true])
    func smallMemoryAndMoreThreadsGiveTheSameNearDuplicates(verifiesExactly: Bool) throws {
        try expectSame(near(verifiesExactly: verifiesExactly), corpus(200))
    }

    private func expectSame(_ stage: DedupStage, _ corpus: [Document]) throws {
        let whole = try CorpusStageRun(stage, corpus, threads: 1)
        let parts = try CorpusStageRun(stage, corpus, threads: 4, memoryLimit: 1)
        #expect(whole.kept == parts.kept)
        #expect(whole.rejected == parts.rejected)
        #expect(whole.report.facts == parts.report.facts)
        #expect(whole.report.tally == parts.report.tally)
        #expect(!whole.rejected.isEmpty)
    }

    /// One key more often than is looked at in memory, so that it is handed over in parts.
    @Test(arguments: [(80, 0), (79, 1)])
    func aLineOfMoreDocumentsThanMemoryHoldsIsCountedOnce(maximum: Int, repeated: Int) throws {
        let texts = (0..<80).map { "这一行字在许多篇里出现\n正文\($0)" }
        let stage = DedupStage(.lines(minimumLength: 8, maximumDocuments: maximum))
        let run = try CorpusStageRun(stage, documents(texts), memoryLimit: 1)
        #expect(run.report.facts["repeatedLines"] == .integer(repeated))
        #expect(run.kept[3].text == (repeated == 1 ? "正文3" : texts[3]))
    }

    @Test func aGroupLargerThanTheMemoryStaysOne() throws {
        let texts = (0..<1000).map { $0 % 10 == 9 ? "别的\($0)" : "同一个" }
        let run = try CorpusStageRun(DedupStage(.exact), documents(texts), memoryLimit: 1)
        #expect(run.kept.count == 101)
        #expect(run.report.facts["largestGroup"] == .integer(900))
    }

    @Test(arguments: [256 << 20, 1])
    func linesOfManyDocumentsGo(memoryLimit: Int) throws {
        let footer = "版权所有，未经许可不得转载"
        let twice = "这一行字只在两篇文章里出现"
        var texts = (0..<200).map { "第\($0)篇的正文写在这里\n  \(footer) \n结尾\($0)" }
        texts.append("开头\n\(twice)\n\(footer)")
        texts.append("\(footer)\n\(twice)\n短行")
        texts.append("\(footer)\n\(footer)\n")
        texts += (0..<5).map { "短行\n\($0)" }
        let stage = DedupStage(.lines(minimumLength: 10, maximumDocuments: 3))
        let run = try CorpusStageRun(stage, documents(texts), memoryLimit: memoryLimit)
        #expect(run.kept[7].text == "第7篇的正文写在这里\n结尾7")
        #expect(run.kept[200].text == "开头\n\(twice)")
        #expect(run.kept[201].text == "\(twice)\n短行")
        #expect(run.kept[202].text == "短行\n0")
        #expect(run.rejected.map(\.document.id) == ["d202"])
        #expect(run.rejected.map(\.rule) == ["repeated-line"])
        #expect(run.report.facts["repeatedLines"] == .integer(1))
        #expect(run.report.tally.rules["repeated-line"]?.documents == 203)
        #expect(run.report.documentsOut == 207)
    }

    @Test func paragraphsOfManyDocumentsGo() throws {
        let notice = "本栏目文章均由读者自行提供\n编辑部不对内容负责任"
        var texts = (0..<4).map { "第\($0)篇的正文写在这里\n第二行\($0)\n\n\(notice)\n\n\n结尾\($0)" }
        texts.append("开头\n\n \(notice)")
        texts.append("\(notice)\n  \n")
        // One of its lines alone is another paragraph.
        texts.append("编辑部不对内容负责任\n\n正文")
        let stage = DedupStage(.paragraphs(minimumLength: 10, maximumDocuments: 3))
        let run = try CorpusStageRun(stage, documents(texts))
        #expect(run.kept[2].text == "第2篇的正文写在这里\n第二行2\n\n结尾2")
        #expect(run.kept[4].text == "开头")
        #expect(run.kept[5].text == texts[6])
        #expect(run.rejected.map(\.document.id) == ["d5"])
        #expect(run.rejected.map(\.rule) == ["repeated-paragraph"])
        #expect(run.report.facts["repeatedParagraphs"] == .integer(1))
        #expect(run.report.facts["method"] == .string("paragraphs"))
    }

    @Test(
        arguments: [
            ["method": .string("fuzzy")], ["method": .string("near"), "permutations": .integer(100)],
            ["method": .string("near"), "threshold": .float(1.5)],
            ["method": .string("near"), "verify": .string("no")],
            ["method": .string("exact"), "shingle": .integer(5)],
            ["method": .string("lines"), "maximum-documents": .integer(0)],
            ["method": .string("paragraphs"), "minimum-length": .integer(0)],
        ] as [[String: JSONValue]])
    func impossibleSettingsAreRefused(values: [String: JSONValue]) throws {
        var object = JSONObject()
        for (name, value) in values { object[name] = value }
        let settings = StageSettings(object, location: "pipeline.yaml")
        let error = #expect(throws: InputError.self) { try DedupStage.kind.make(settings) }
        #expect(error?.kind == .usage)
    }
}
