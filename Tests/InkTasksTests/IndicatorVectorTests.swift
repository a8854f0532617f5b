import Foundation
import InkSupport
import InkTasks
import InkTestSupport
import Testing

@Suite struct IndicatorVectorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ name: String, _ contents: String, _ labels: [String]? = nil) throws -> LabelledData<
        MultiLabelText
    > {
        try LabelledTextReader().readMultiLabel(
            contentsOf: folder.file(name, contents), labels: labels.map { try LabelSet(names: $0) })
    }

    /// Two texts, the first with the third of three labels, the second with the first and the third.
    private static let spellings: [(String, String)] = [
        ("a.jsonl", #"{"text": "甲", "labels": [0, 0, 1]}"# + "\n" + #"{"text": "乙", "labels": [1, 0, 1]}"#),
        ("s.jsonl", #"{"text": "甲", "labels": ["0", "0", "1"]}"# + "\n" + #"{"text": "乙", "labels": ["1", "0", "1"]}"#),
        ("f.jsonl", #"{"text": "甲", "labels": [0.0, 0.0, 1.0]}"# + "\n" + #"{"text": "乙", "labels": [1.0, 0.0, 1.0]}"#),
        (
            "b.jsonl",
            #"{"text": "甲", "labels": [false, false, true]}"# + "\n" + #"{"text": "乙", "labels": [true, false, true]}"#
        ),
        ("t.tsv", "甲\t0,0,1\n乙\t1,0,1\n"), ("w.tsv", "甲\t0 0 1\n乙\t1 0 1\n"),
        ("p.csv", "text,labels\n甲,\"[0, 0, 1]\"\n乙,\"[1, 0, 1]\"\n"),
    ]

    @Test(arguments: spellings)
    func vectorsAreReadByPlace(name: String, contents: String) throws {
        let found = try read(name, contents)
        #expect(found.labels.names == ["LABEL_0", "LABEL_1", "LABEL_2"])
        #expect(found.texts.map(\.labels) == [[2], [0, 2]])
        #expect(found.oddities.count == 1 && found.oddities[0].count == 2)
        #expect(found.oddities[0].treatment.contains("one place for each label"))
        let named = try read(name, contents, ["卫生", "噪音", "位置"])
        #expect(named.labels.names == ["卫生", "噪音", "位置"] && named.texts.map(\.labels) == [[2], [0, 2]])
        let error = #expect(throws: InputError.self) { try read(name, contents, ["卫生", "噪音"]) }
        #expect(error?.problem.contains("a vector of 0 and 1") == true)
        #expect(error?.found == "3")
    }

    @Test func columnsOfZeroAndOneAreLabels() throws {
        for (name, contents) in [
            ("c.csv", "id,text,卫生,噪音\n1,甲,0,1\n2,乙,1,1\n"),
            ("c.jsonl", #"{"text": "甲", "卫生": 0, "噪音": 1}"# + "\n" + #"{"text": "乙", "卫生": true, "噪音": 1}"#),
        ] {
            let found = try read(name, contents)
            #expect(found.labels.names == ["卫生", "噪音"])
            #expect(found.texts.map(\.labels) == [[1], [0, 1]])
            #expect(try read(name, contents, ["噪音", "卫生"]).texts.map(\.labels) == [[0], [0, 1]])
            let error = #expect(throws: InputError.self) { try read(name, contents, ["噪音", "位置"]) }
            #expect(error?.found == "no such column")
        }
    }

    /// A slip in a column of 0 and 1 is an error, not a label less.
    @Test(arguments: ["l", "2", "0.3", ""])
    func aSlipInAColumn(cell: String) throws {
        let file = "text,卫生,噪音\n甲,1,0\n乙,0,\(cell)\n丙,1,1\n"
        let error = try #require(throws: InputError.self) { try read("slip.csv", file) }
        #expect(error.location.hasSuffix("slip.csv:3") && error.expected?.contains("噪音") == true)
    }

    @Test func aNameInAListKeepsItsComma() throws {
        let found = try read(
            "comma.jsonl", #"{"text": "甲", "labels": ["红,绿"]}"# + "\n" + #"{"text": "乙", "labels": ["蓝"]}"#)
        #expect(found.labels.names == ["红,绿", "蓝"] || found.labels.names == ["蓝", "红,绿"])
        #expect(try read("t.tsv", "甲\t红,绿\n").labels.names.count == 2)
    }

    @Test func namesStayNames() throws {
        #expect(try read("n.csv", "text,labels\n甲,\"['卫生', '噪音']\"\n").labels.names == ["卫生", "噪音"])
        // Who says that the labels are called 0 and 1 gets them.
        #expect(try read("z.tsv", "甲\t0\n乙\t0,1\n", ["0", "1"]).texts.map(\.labels) == [[0], [0, 1]])
        // Ids of words, each once.
        #expect(try read("i.tsv", "甲\t0\n乙\t0,1\n", ["晴", "雨", "雪"]).texts.map(\.labels) == [[0], [0, 1]])
        let twice = try read("d.tsv", "甲\t晴,晴\n乙\t雨\n")
        #expect(twice.texts.map(\.labels) == [[0], [1]])
        #expect(twice.oddities.first?.problem == "labels that stand twice in one list")
    }

    @Test(arguments: [
        ("o.tsv", "甲\t0\n乙\t1\n", "nothing but 0 and 1"),
        (
            "r.jsonl", #"{"text": "甲", "labels": [0, 1, 0]}"# + "\n" + #"{"text": "乙", "labels": [1]}"#,
            "nothing but 0 and 1"
        ),
        ("f.jsonl", #"{"text": "甲", "labels": [0.1, 0.9]}"#, "numbers between 0 and 1"),
    ])
    func whatIsNeitherIsRefused(name: String, contents: String, problem: String) throws {
        let error = #expect(throws: InputError.self) { try read(name, contents) }
        #expect(error?.problem.contains(problem) == true)
        #expect(error?.location.hasSuffix(":1") == true)
        #expect(error?.remedy != nil)
    }

    @Test func typesOfSpansAreReadAlike() throws {
        try withTemporaryFolder { folder in
            let lines = ["[1, 0]", "[0, 0]", "[1, 1]"].map { #"{"text": "他去<e>厦门</e>", "labels": \#($0)}"# + "\n" }
            let settings = try TinyTaskRun.settings(in: folder, .typing, train: lines.joined(), extension: ".jsonl")
            let tuning = try FineTuning(settings)
            #expect(tuning.labels == ["LABEL_0", "LABEL_1"])
            #expect(tuning.warnings.contains { $0.contains("vectors of 0 and 1") })
        }
    }
}
