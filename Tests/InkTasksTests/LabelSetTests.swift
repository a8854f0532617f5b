import Foundation
import InkSupport
import InkTasks
import Testing

@Suite struct LabelSetTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func readsAList() throws {
        let labels = try LabelSet(contentsOf: folder.file("class.txt", "\u{feff}财经\r\n 房产 \r\nstocks\n\n\n"))
        #expect(labels.names == ["财经", "房产", "stocks"])
        #expect(labels.id(of: "房产") == 1)
        #expect(labels.id(of: "体育") == nil)
    }

    @Test(arguments: [
        ("a\nb\na\n", "class.txt:3", "listed twice"), ("a\n\nb\n", "class.txt:2", "an empty line between"),
        ("\n", "class.txt", "the label list is empty"), ("", "class.txt", "the label list is empty"),
    ])
    func refuses(contents: String, location: String, problem: String) throws {
        let file = try folder.file("class.txt", contents)
        let error = #expect(throws: InputError.self) { try LabelSet(contentsOf: file) }
        #expect(error?.location.hasSuffix(location) == true)
        #expect(error?.problem.contains(problem) == true)
    }

    @Test func refusesDoubleAndEmptyNames() {
        #expect(throws: InputError.self) { try LabelSet(names: ["a", "a"]) }
        #expect(throws: InputError.self) { try LabelSet(names: ["a", ""]) }
        #expect(throws: InputError.self) { try LabelSet(names: []) }
    }

    @Test func aNumberIsAnIDOnlyAmongWords() throws {
        let words = try LabelSet(names: ["晴", "雨", "x1"])
        #expect(["晴", "2", "0", "3", "-1", "01", "+1", ""].map(words.resolve) == [0, 2, 0, nil, nil, nil, nil, nil])
        let stars = try LabelSet(names: ["1", "2", "3"])
        #expect(["1", "3", "0", "01", "1.0"].map(stars.resolve) == [0, 2, nil, nil, nil])
        let codes = try LabelSet(names: ["001", "002", "010"])
        #expect(["001", "1", "0", "10"].map(codes.resolve) == [0, nil, nil, nil])
        let shuffled = try LabelSet(names: ["2", "0", "1"])
        #expect(["0", "1", "2", "3"].map(shuffled.resolve) == [1, 2, 0, nil])
        #expect(try LabelSet(names: ["好", "２"]).resolve("0") == nil)
    }

    @Test func derivesFromData() throws {
        #expect(try LabelSet.derived(from: ["10", "2", "10", "0"], location: "t").names == ["0", "2", "10"])
        #expect(try LabelSet.derived(from: ["b", "2", "a", "b"], location: "t").names == ["b", "2", "a"])
        #expect(throws: InputError.self) { try LabelSet.derived(from: [], location: "t") }
    }

    @Test func survivesJSON() throws {
        let labels = try LabelSet(names: ["财经", "房产"])
        let data = try JSONEncoder().encode(labels)
        #expect(String(decoding: data, as: UTF8.self) == "[\"财经\",\"房产\"]")
        #expect(try JSONDecoder().decode(LabelSet.self, from: data) == labels)
        #expect(throws: InputError.self) { try JSONDecoder().decode(LabelSet.self, from: Data("[\"a\",\"a\"]".utf8)) }
    }
}
