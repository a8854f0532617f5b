import Foundation
import InkSupport
import InkTasks
import InkTestSupport
import Testing

@Suite struct LabelledTextReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let reader = LabelledTextReader()
    private func labels() throws -> LabelSet { try LabelSet(names: ["财经", "体育", "游戏"]) }

    /// The same three texts in every form.
    private static let forms: [(String, String)] = [
        ("a.txt", "股市回暖\t财经\n国足备战\t1\n新作发售\t游戏"),
        ("crlf.txt", "\u{feff}股市回暖\t财经\r\n国足备战\t1\r\n\r\n新作发售\t 游戏 \r\n"),
        ("header.tsv", "id\tlabel\ttext_a\n7\t财经\t股市回暖\n8\t1\t国足备战\n9\t游戏\t新作发售\n"),
        ("a.csv", "text,label\n股市回暖,财经\n\"国足备战\",1\n\"新作发售\",\"游戏\"\n"),
        ("title.csv", "Label,id,Title\n财经,1,股市回暖\n1,2,国足备战\n游戏,3,新作发售\n"),
        ("sniffed", "sentence,label\r\n股市回暖,财经\r\n国足备战,1\r\n新作发售,游戏\r\n"),
        (
            "a.jsonl",
            """
            {"text": "股市回暖", "label": "财经"}
            {"label": 1, "text": "国足备战", "other": [1, {"x": null}]}

            {"text": "\\u65b0作发售", "label": "游戏"}
            """
        ),
        (
            "clue.json",
            """
            {"label": "100", "label_desc": "财经", "sentence": "股市回暖"}
            {"label": "101", "label_des": "体育", "sentence": "国足备战"}
            {"label": 2, "label_desc": null, "sentence": "新作发售"}
            """
        ),
        (
            "sniffed2",
            "{\"title\": \"股市回暖\", \"label\": 0}\n{\"title\":\"国足备战\",\"label\":1}\n{\"title\":\"新作发售\",\"label\":2}"
        ),
    ]

    @Test(arguments: forms)
    func everyForm(name: String, contents: String) throws {
        let texts = try reader.read(contentsOf: folder.file(name, contents), labels: labels())
        #expect(texts.map(\.text) == ["股市回暖", "国足备战", "新作发售"])
        #expect(texts.map(\.label) == [0, 1, 2])
        #expect(texts.compactMap(\.line).count == 3)
    }

    @Test func quotesAsInTheStandard() throws {
        let contents = "label,text\n财经,\"股市, \"\"回暖\"\"\n第二行\"\n体育,\"\"\"x\"\"\"\n游戏,a b\n"
        let texts = try reader.read(contentsOf: folder.file("q.csv", contents), labels: labels())
        #expect(texts.map(\.text) == ["股市, \"回暖\"\n第二行", "\"x\"", "a b"])
        #expect(texts.map(\.line) == [2, 4, 5])
    }

    @Test func givenColumns() throws {
        let reader = LabelledTextReader(columns: TextColumns(text: ["标题"], label: ["类别"]))
        let texts = try reader.read(contentsOf: folder.file("g.csv", "标题,类别,text\n股市,财经,x\n"), labels: labels())
        #expect(texts == [LabelledText(text: "股市", label: 0, line: 2)])
    }

    /// File name, contents, line named, part of the message.
    private static let wrong: [(String, String, String, String)] = [
        ("a.txt", "好\t财经\n没有标签\n", ":2", "no tab in the line"),
        ("a.txt", "没有标签\n", ":1", "no tab in the line"),
        ("a.txt", "好\t财经\n好\tx\t财经\n", ":2", "more than one tab"),
        ("a.txt", "好\t财经\n好\t科技\n", ":2", "the label is not in the list"),
        ("a.txt", "好\t3\n", ":1", "an id 0…2 or one of: 财经, 体育, 游戏"),
        ("a.txt", "财经\t好\n", ":1", "columns seem to be swapped"),
        ("a.txt", " \t财经\n", ":1", "the text is empty"),
        ("a.txt", "好\t \n", ":1", "the text has no label"),
        ("a.txt", "\n\n", "a.txt", "no labelled text"),
        ("a.csv", "题,label\n好,财经\n", ":1", "the header names no text column"),
        ("a.csv", "text,label\n好,坏,财经\n", ":2", "the line has 3 fields, the header 2"),
        ("a.csv", "text,label\n\"好,财经\n", ":2", "never closed"),
        ("a.csv", "text,label\n\"好\"x,财经\n", ":2", "a quote inside a field"),
        ("a.csv", "text,id\n好,1\n", ":2", "the text has no label"),
        ("a.jsonl", "{\"text\": \"好\", \"label\": \"财经\"}\n{\"text\": \"好\"\n", ":2", "not a JSON object"),
        ("a.json", "[{\"text\": \"好\"}]\n", ":1", "the text has no label"),
        ("a.jsonl", "{\"body\": \"好\", \"label\": 1}\n", ":1", "keys body, label"),
        ("a.jsonl", "{\"text\": 5, \"label\": 1}\n", ":1", "not a string"),
        ("a.jsonl", "{\"text\": \"好\", \"label\": 1.5}\n", ":1", "neither a string nor an integer"),
        ("a.jsonl", "{\"text\": \"好\", \"label\": true}\n", ":1", "neither a string nor an integer"),
        ("a.jsonl", "{\"text\": \"好\"}\n", ":1", "the text has no label"),
    ]

    @Test(arguments: wrong)
    func errorsNameTheLine(name: String, contents: String, line: String, message: String) throws {
        let file = try folder.file(name, contents)
        let error = #expect(throws: InputError.self) { try reader.read(contentsOf: file, labels: labels()) }
        #expect(error?.location.hasSuffix(line) == true, "\(error?.location ?? "")")
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(error?.kind == .data)
    }

    @Test func invalidUTF8IsNamedByLine() throws {
        let file = try folder.file("a.txt", Data("好\t财经\n".utf8) + Data([0xb9, 0xc9, 0x09, 0x30, 0x0a]))
        let error = #expect(throws: InputError.self) { try reader.read(contentsOf: file, labels: labels()) }
        #expect(error?.location.hasSuffix("a.txt:2") == true)
    }

    @Test func derivesLabels() throws {
        let numbers = try reader.readDerivingLabels(contentsOf: folder.file("n.txt", "a\t10\nb\t9\nc\t10\n"))
        #expect(numbers.labels.names == ["9", "10"])
        #expect(numbers.texts.map(\.label) == [1, 0, 1])
        let names = try reader.readDerivingLabels(contentsOf: folder.file("w.txt", "a\t体育\nb\t财经\nc\t体育\n"))
        #expect(names.labels.names == ["体育", "财经"])
        #expect(names.texts.map(\.label) == [0, 1, 0])
        let described = try reader.readDerivingLabels(
            contentsOf: folder.file("d.jsonl", "{\"label\":\"100\",\"label_desc\":\"x\",\"text\":\"a\"}\n"))
        #expect(described.labels.names == ["x"])
    }

    @Test func refusesToDeriveFromTexts() throws {
        let swapped = (0..<300).map { "体育\t第\($0)条新闻\n" }.joined()
        let file = try folder.file("s.txt", swapped)
        let error = #expect(throws: InputError.self) { try reader.readDerivingLabels(contentsOf: file) }
        #expect(error?.problem == "nearly every line has a label of its own")
        let mixed = try folder.file("m.jsonl", "{\"label_desc\":\"x\",\"text\":\"a\"}\n{\"label\":1,\"text\":\"b\"}\n")
        let missing = #expect(throws: InputError.self) { try reader.readDerivingLabels(contentsOf: mixed) }
        #expect(missing?.location.hasSuffix(":2") == true)
    }

    @Test func unlabelledTextsKeepOrderAndBlankLines() throws {
        func read(_ name: String, _ contents: String) throws -> [String] {
            let reader = try UnlabelledTextReader(contentsOf: folder.file(name, contents))
            var texts: [String] = []
            while let text = try reader.next() { texts.append("\(text.line):\(text.text)\(text.isBlank ? "*" : "")") }
            return texts
        }
        #expect(try read("p.txt", "一\r\n\n{三\n 四 ") == ["1:一", "2:*", "3:{三", "4: 四 "])
        #expect(try read("l.txt", "一\t财经\n二\t体育\n") == ["1:一", "2:二"])
        #expect(try read("c.csv", "id,text\n1,一\n2,\"二\"\n") == ["2:一", "3:二"])
        #expect(try read("j.jsonl", "{\"text\":\"一\"}\n{\"title\":\"二\",\"label\":3}\n") == ["1:一", "2:二"])
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("一\t二\n".utf8))
        try pipe.fileHandleForWriting.close()
        let stream = UnlabelledTextReader(handle: pipe.fileHandleForReading)
        #expect(try stream.next() == UnlabelledTextReader.Text(text: "一\t二", line: 1))
        #expect(try stream.next() == nil)
    }

    /// A header that nobody knows looks like a text with a class of its own.
    @Test func aHeaderThatIsNotKnownIsTold() throws {
        try withTemporaryFolder { folder in
            func notes(_ text: String) throws -> [String] {
                let file = folder.appending(path: "h.tsv")
                try Data(text.utf8).write(to: file)
                return try LabelledTextReader().readData(contentsOf: file).oddities.map(\.description)
            }
            #expect(try notes("review_body\tcategory\n赢了\t体育\n跌了\t财经\n").contains { $0.contains("h.tsv:1: category") })
            #expect(
                try notes("text\tlabel\n赢了\t体育\ntext\tlabel\n跌了\t财经\n").contains {
                    $0.contains("repeat the header: 1, left out")
                })
            #expect(try notes("赢了\t体育\n跌了\t财经\n又赢\t体育\n").isEmpty)
            let csv = folder.appending(path: "c.csv")
            try Data("title,content,label\n赢了,昨晚,体育\n跌了,今天,财经\n".utf8).write(to: csv)
            let unread = try LabelledTextReader().readData(contentsOf: csv).oddities.map(\.description)
            #expect(unread.contains { $0.contains("not read") && $0.contains("content") })
        }
    }
}
