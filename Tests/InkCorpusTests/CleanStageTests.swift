import InkCorpus
import InkSupport
import InkSystem
import Testing

@Suite struct CleanStageTests {
    private static func process(_ stage: CleanStage, _ text: String) throws -> (String, Verdict, StageTally) {
        var document = Document(text: text, id: "甲")
        var tally = StageTally()
        let verdict = try stage.makeWorker().process(&document, &tally)
        return (document.text, verdict, tally)
    }

    private static func stage(_ settings: String) throws -> CleanStage {
        guard case .document(let stage) = try CleanStage.kind.make(StageSettings(json: settings, location: "clean")),
            let clean = stage as? CleanStage
        else { throw InputError(at: "test", "not the stage") }
        return clean
    }

    @Test func countsAndShowsEachRule() throws {
        let (text, verdict, tally) = try Self.process(
            CleanStage(), "<p>请看 https://a.example/b 和 13812345678！！</p>")
        #expect(text == "请看 和 [PHONE]！")
        #expect(verdict == .keep)
        #expect(tally.rules["urls"]?.removedBytes == 19)
        #expect(tally.rules["html"]?.changes == 2)
        #expect(tally.rules["html"]?.documents == 1)
        #expect(tally.rules["phone"]?.examples.first?.after?.contains("[PHONE]") == true)
        #expect(tally.rules["emails"] == nil)
        let bytes = tally.rules.values.reduce(0) { $0 + $1.removedBytes }
        #expect(bytes == "<p>请看 https://a.example/b 和 13812345678！！</p>".utf8.count - text.utf8.count)
    }

    @Test func examplesShowTheSurroundings() throws {
        let side = String(repeating: "字", count: 100)
        let (_, _, tally) = try Self.process(CleanStage(), side + "😀" + side)
        let example = try #require(tally.rules["emoji"]?.examples.first)
        let near = String(repeating: "字", count: 20)
        #expect(example.before == "…" + near + "😀" + near + "…")
        #expect(example.after == "…" + near + near + "…")
    }

    @Test func nothingLeftIsEmpty() throws {
        #expect(try Self.process(CleanStage(), "<p>&nbsp;</p> \n").1 == .remove(rule: "empty"))
        #expect(try Self.process(CleanStage(), "").1 == .remove(rule: "empty"))
    }

    @Test func presetsHaveTheirRules() throws {
        let dirty = "ＡＢ联系a@b.cn。。。短。"
        #expect(try Self.process(Self.stage(#"{"preset": "glam"}"#), dirty).0 == dirty)
        #expect(try Self.process(Self.stage(#"{"preset": "yuan"}"#), dirty).0 == "AB联系。短。")
        #expect(try Self.process(Self.stage(#"{"preset": "ernie3"}"#), dirty).0 == "")
        #expect(
            try Self.process(Self.stage(#"{"preset": "ernie3", "min-sentence-words": 0}"#), dirty).0 == "ＡＢ联系a@b.cn。短。")
        #expect(
            try Self.process(Self.stage(#"{"preset": "ernie1", "traditional": "keep"}"#), dirty).0 == "ａｂ联系a@b.cn。。。短。")
        #expect(try Self.process(Self.stage(#"{"preset": "mengzi", "traditional": "keep"}"#), dirty).0 == "ＡＢ联系。。。短。")
    }

    @Test(arguments: [
        (#"{"preset": "bert"}"#, "clean: preset"), (#"{"html": "yes"}"#, "clean: html"),
        (#"{"mark-run": 0}"#, "clean: mark-run"), (#"{"traditional": "drop"}"#, "clean: traditional"),
        (#"{"min-sentence-words": -1}"#, "clean: min-sentence-words"), (#"{"markrun": 1}"#, "clean: markrun"),
    ])
    func impossibleSettingsAreNamed(_ settings: String, _ location: String) throws {
        let error = #expect(throws: InputError.self) { try Self.stage(settings) }
        #expect(error?.kind == .usage)
        #expect(error?.location == location)
    }

    @Test func cleaningAgainChangesNothing() throws {
        let pieces = [
            "<", ">", "&", ";", "amp;", "lt;", "b", "/p", "!--", "-->", "<script>", "</script>", "http://a.cn", "www.",
            "a@b.cn", "。",
            "！", " ", "\n", "　", "中", "中文句子", "😀", "\u{200B}", "Ａ", "1", "3812345678", "86", "11010519491231002X",
            "4111 1111 1111 ",
            "1111", "上一篇", "：", "\"", "'", "&#", "60;", "责任编辑：", "\r", "…", "．", "＜", "＞", "A", "[PHONE]",
        ]
        var state: UInt64 = 7
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var all = CleanSettings()
        all.turn("lowercase", true)
        all.turn("short-sentences", true)
        all.widthPunctuation = true
        all.minSentenceWords = 3
        for stage in [try CleanStage(), try CleanStage(all)] {
            for _ in 0..<1500 {
                let text = (0..<2 + random(30)).map { _ in pieces[random(pieces.count)] }.joined()
                let once = try Self.process(stage, text).0
                #expect(try Self.process(stage, once).0 == once, "\(text.debugDescription)")
            }
        }
    }

    @Test(.enabled(if: OpenCC.isInstalled)) func traditionalBecomesSimplified() throws {
        let (text, _, tally) = try Self.process(Self.stage(#"{"preset": "mengzi"}"#), "漢語的語法\n头发與發展\n简体")
        #expect(text == "汉语的语法\n头发与发展\n简体")
        #expect(tally.rules["traditional"]?.changes == 2)
    }

    @Test(.enabled(if: !OpenCC.isInstalled)) func aMissingLibraryIsNamed() throws {
        let error = #expect(throws: InputError.self) { try Self.stage(#"{"traditional": "simplify"}"#) }
        #expect(error?.kind == .run)
        #expect(error?.location == "clean: traditional: simplify")
        #expect(error?.remedy?.contains("apt-get install libopencc1.1") == true)
    }
}
