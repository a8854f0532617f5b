import Foundation
import InkSupport
import InkTasks
import Testing

@Suite struct PairReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func data(_ name: String, _ contents: String, labels: [String]? = nil) throws -> LabelledData<LabelledText>
    {
        let set = try labels.map { try LabelSet(names: $0) }
        return try LabelledTextReader().readData(contentsOf: folder.file(name, contents), labels: set)
    }

    /// The same two pairs in every form.
    private static let forms: [(String, String)] = [
        ("a.tsv", "雨停了\t天晴了\t1\n船到了\t车走了\t0\n"),
        ("n.tsv", "1\t雨停了\t天晴了\t1\n2\t船到了\t车走了\t0\n"),
        ("h.tsv", "id\tsentence1\tsentence2\tlabel\n7\t雨停了\t天晴了\t1\n8\t船到了\t车走了\t0\n"),
        ("g.tsv", "gold_label\tpremise\thypothesis\n1\t雨停了\t天晴了\n0\t船到了\t车走了\n"),
        ("a.csv", "question1,question2,label\n雨停了,天晴了,1\n船到了,车走了,0\n"),
        (
            "q.jsonl",
            "{\"query\":\"雨停了\",\"title\":\"天晴了\",\"label\":\"1\"}\n{\"query\":\"船到了\",\"title\":\"车走了\",\"label\":0}"
        ),
        (
            "t.json",
            "[{\"text1\":\"雨停了\",\"text2\":\"天晴了\",\"label\":\"1\"},\n {\"text1\":\"船到了\",\"text2\":\"车走了\",\"label\":0}]"
        ),
        (
            "p.json",
            "{\n\"sent1\": \"雨停了\",\n\"sent2\": \"天晴了\", \"label\": 1}\n{\"sent1\":\"船到了\",\"sent2\":\"车走了\",\"label\":0}"
        ),
        (
            "k.json",
            "{\"keyword\":[\"雨停了\"],\"abst\":\"天晴了\",\"label\":\"1\"}\n{\"abst\":\"车走了\",\"keyword\":[\"船到了\"],\"label\":\"0\"}"
        ),
    ]

    @Test(arguments: forms)
    func everyForm(name: String, contents: String) throws {
        let data = try data(name, contents)
        #expect(data.texts.map(\.text) == ["雨停了", "船到了"])
        #expect(data.texts.map(\.pair) == ["天晴了", "车走了"])
        #expect(data.texts.map(\.label) == [1, 0])
        #expect(data.labels.names == ["0", "1"])
        #expect(data.oddities.isEmpty)
    }

    @Test func givenColumns() throws {
        let reader = LabelledTextReader(columns: TextColumns(first: "问", second: "答", label: ["对"]))
        let data = try reader.readData(contentsOf: folder.file("g.csv", "对,答,问\n是,乙,甲\n否,丁,丙\n"))
        #expect(data.texts.first == LabelledText(text: "甲", pair: "乙", label: 0, line: 2))
    }

    @Test func pairsWithoutAgreementAreLeftOutAndCounted() throws {
        let contents = """
            {"sentence1": "甲", "sentence2": "乙", "label": "neutral"}
            {"sentence1": "丙", "sentence2": "丁", "label": "-"}
            {"sentence1": "戊", "sentence2": "己", "label": "contradictory"}
            """
        let found = try data("o.json", contents)
        #expect(found.labels.names == ["neutral", "contradictory"])
        #expect(found.oddities.map(\.count) == [1])
        #expect(found.oddities[0].firstLocation.hasSuffix("o.json:2"))
        let named = try data("o.json", contents, labels: ["contradiction", "neutral"])
        #expect(named.texts.map(\.label) == [1, 0])
        #expect(named.oddities.map(\.treatment) == ["left out", "read as \"contradiction\""])
    }

    @Test func winogradMarks() throws {
        func text(_ target: String) throws -> LabelledData<LabelledText> {
            try data("w.json", "{\"text\": \"𠮷小船靠岸，它的帆收了。\", \"label\": \"true\", \"target\": {\(target)}}")
        }
        let marked = try text(#""span1_text": "小船", "span1_index": 1, "span2_text": "它", "span2_index": 6"#)
        #expect(marked.texts.first?.text == "𠮷_小船_靠岸，[它]的帆收了。")
        let turned = try text(#""span2_text": "小", "span2_index": 1, "span1_text": "船", "span1_index": 0"#)
        #expect(turned.texts.first?.text == "𠮷[小]_船_靠岸，它的帆收了。")
        #expect(turned.oddities.map(\.count) == [1])
        let error = #expect(throws: InputError.self) {
            try text(#""span1_text": "大船", "span1_index": 1, "span2_text": "它", "span2_index": 6"#)
        }
        #expect(error?.location.hasSuffix(":1: target.span1_index") == true)
    }

    @Test func severalLabels() throws {
        let reader = LabelledTextReader()
        let tsv = try reader.readMultiLabel(contentsOf: folder.file("m.tsv", "甲\t体育,财经\n乙\t财经\n"))
        #expect(tsv.labels.names == ["体育", "财经"])
        #expect(tsv.texts.map(\.labels) == [[0, 1], [1]])
        let labels = try LabelSet(names: ["财经", "体育", "衣,鞋"])
        let json = try reader.readMultiLabel(
            contentsOf: folder.file(
                "m.jsonl",
                "{\"text\":\"甲\",\"labels\":[\"体育\",\"财经\"]}\n{\"text\":\"乙\",\"labels\":[]}\n{\"text\":\"丙\",\"label\":\"衣,鞋\"}"
            ),
            labels: labels)
        #expect(json.texts.map(\.labels) == [[0, 1], [], [2]])
        let file = try folder.file("e.tsv", "甲\t体育;科学\n")
        let error = #expect(throws: InputError.self) { try reader.readMultiLabel(contentsOf: file, labels: labels) }
        #expect(error?.location.hasSuffix("e.tsv:1") == true)
    }

    @Test func labelsFromObjects() throws {
        let file = try folder.file(
            "labels.json", "{\"label\":\"100\",\"label_desc\":\"a\"}\n{\"label_des\":\"乙\",\"label\":0}\n")
        #expect(try LabelSet(contentsOf: file).names == ["a", "乙"])
    }

    @Test func unlabelledPairs() throws {
        func read(_ name: String, _ contents: String, expectsPairs: Bool = true) throws -> [String?] {
            let file = try folder.file(name, contents)
            let reader = try UnlabelledTextReader(contentsOf: file, expectsPairs: expectsPairs)
            var pairs: [String?] = []
            while let text = try reader.next() { pairs.append(text.pair) }
            return pairs
        }
        #expect(try read("a.tsv", "甲\t乙\n丙\t丁\n") == ["乙", "丁"])
        #expect(try read("l.tsv", "甲\t乙\t1\n") == ["乙"])
        #expect(try read("p.csv", "text_a,text_b\n甲,乙\n", expectsPairs: false) == ["乙"])
        #expect(try read("s.tsv", "甲\t1\n", expectsPairs: false) == [nil])
        #expect(throws: InputError.self) { try read("x.txt", "甲\n") }
    }

    /// File, contents, line named, part of the message.
    private static let wrong: [(String, String, String, String)] = [
        ("a.tsv", "甲\t乙\t1\n甲\t1\n", ":2", "3 fields, as in the first line"),
        ("a.tsv", "甲\t乙\t丙\t1\n", ":1", "the line has 4 fields"),
        ("a.tsv", "甲\t \t1\n", ":1", "the text is empty"),
        ("a.json", "{\"sentence1\":\"甲\",\"sentence2\":5,\"label\":1}", ":1", "\"sentence2\" is not a string"),
        ("a.json", "{\"text\":\"甲\",\"label\":[\"a\",\"b\"]}", ":1", "multi-label"),
        ("a.json", "{\"text\":\"甲\",\"label\":{\"x\":{}}}", ":1: label", "data for tagging"),
        ("a.json", "{\"data\":[],\"version\":1}", ":1", "data for extraction"),
        ("a.json", "[[[\"甲\"],[],1]]", ":1: [0]", "data for choice"),
        ("a.conll", "甲\tB-X\n乙\tO\n", "a.conll", "data for tagging"),
    ]

    @Test(arguments: wrong)
    func errorsNameTheLine(name: String, contents: String, location: String, message: String) throws {
        let error = #expect(throws: InputError.self) { try data(name, contents) }
        #expect(error?.location.hasSuffix(location) == true, "\(error?.location ?? "")")
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
