import Foundation
import InkSupport
import InkTasks
import Testing

@Suite struct TaggingReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ name: String, _ contents: String) throws -> TaggingData {
        try TaggingReader().read(contentsOf: folder.file(name, contents))
    }

    /// "王莉去厦门。" with its two names, and "好。", in every form.
    private static let forms: [(String, String, TagScheme?)] = [
        ("a.txt", "王\tB-PER\n莉\tI-PER\n去\tO\n厦\tB-LOC\n门\tI-LOC\n。\tO\n\n好\tO\n。\tO\n\n", .bio),
        (
            "a.conll", "\n王 x B_PER\r\n莉 x I_PER\r\n去 x O\r\n厦 x B_LOC\r\n门 x I_LOC\r\n。 x O\r\n \r\n好 x O\r\n。 x O",
            .bio
        ),
        ("a.iobes", "王 B-PER\n莉 E-PER\n去 O\n厦 B-LOC\n门 E-LOC\n。 O\n\n好 O\n。 O\n", .bioes),
        ("w.conll", "王0\tB-PER\n莉1\tI-PER\n去0\tO\n厦0\tB-LOC\n门1\tI-LOC\n。0\tO\n\n好0\tO\n。0\tO\n", .bio),
        ("r.tsv", "text_a\tlabel\n王 莉 去 厦 门 。\tB-PER I-PER O B-LOC I-LOC O\n好 。\tO O\n", .bio),
        (
            "c.json",
            #"{"text": "王莉去厦门。", "label": {"PER": {"王莉": [[0, 1]]}, "LOC": {"厦门": [[3, 4]]}}}"#
                + "\n" + #"{"text": "好。", "label": {}}"#, nil
        ),
        (
            "e.jsonl",
            #"{"text": "王莉去厦门。", "entities": [{"start": 3, "end": 5, "type": "LOC"}, [0, 2, "PER"]]}"#
                + "\n" + #"{"text": "好。", "entities": []}"#, nil
        ),
        (
            "i.json",
            """
            [{"text": "王莉去厦门。",
              "entities": [{"start_idx": 0, "end_idx": 1, "type": "PER", "entity": "王莉"},
                           {"start_idx": 3, "end_idx": 4, "type": "LOC", "entity": "厦门"}]},
             {"text": "好。", "entities": []}]
            """, nil
        ),
        ("m.txt", "{{PER:王莉}}去{{ LOC :厦门}}。\n好。\n", nil),
    ]

    @Test(arguments: forms)
    func everyForm(name: String, contents: String, scheme: TagScheme?) throws {
        let data = try read(name, contents)
        #expect(data.examples.map(\.text) == ["王莉去厦门。", "好。"])
        #expect(
            data.examples.map(\.spans) == [
                [TypedSpan(type: "PER", start: 0, end: 2), TypedSpan(type: "LOC", start: 3, end: 5)], [],
            ])
        #expect(data.types == ["LOC", "PER"])
        #expect(data.scheme == scheme)
        #expect(data.examples.allSatisfy { $0.units == nil })
        #expect(data.oddities.count == (["w.conll", "i.json"].contains(name) ? 1 : 0))
    }

    @Test func wordsAreJoinedWithTheirPlaces() throws {
        let data = try read("w.txt", "北京 B-LOC\nAC B-ORG\nMilan I-ORG\n2 O\n0 O\n𠮷野家 B-ORG\n")
        let example = try #require(data.examples.first)
        #expect(example.text == "北京AC Milan 20𠮷野家")
        #expect(example.units == [0..<2, 2..<4, 5..<10, 11..<12, 12..<13, 13..<16])
        #expect(example.spans.map(\.end) == [2, 10, 16])
        #expect(TagScheme.bio.encode(example.spans, units: example.units ?? []).tags.filter { $0 == "O" }.count == 2)
    }

    @Test func piecesOfWhiteSpace() throws {
        #expect(try read("s.txt", "甲\tB-A\n \tI-A\n\tI-A\n乙\tO\n").examples.first?.text == "甲  乙")
        #expect(try read("p.txt", "甲 B-A\n  I-A\n乙 O\n").examples.first?.spans.first?.end == 2)
    }

    @Test func brokenTagsAreCountedAndRepaired() throws {
        let data = try read("b.txt", "甲 I-A\n乙 I-B\n丙 O\n\n丁 B-A\n戊 I-A\n")
        #expect(
            data.examples[0].spans == [
                TypedSpan(type: "A", start: 0, end: 1), TypedSpan(type: "B", start: 1, end: 2),
            ])
        let oddity = try #require(data.oddities.first)
        #expect(oddity.count == 2)
        #expect(oddity.firstLocation.hasSuffix("b.txt:1"))
        #expect(oddity.problem == "tags that break the BIO scheme")
        #expect(oddity.example == "I-A after the start")
    }

    @Test func longerSchemesAreDetected() throws {
        let bmes = try read("b.txt", "甲 B-A\n乙 M-A\n丙 E-A\n丁 S-A\n")
        #expect(bmes.scheme == .bmes)
        #expect(bmes.examples[0].spans.map(\.end) == [3, 4])
        #expect(try read("l.txt", "甲 B-A\n乙 L-A\n丁 U-A\n").scheme == .bilou)
        #expect(try read("o.txt", "甲 O\n").scheme == nil)
    }

    @Test func surfacesThatMovedAreCounted() throws {
        let data = try read(
            "s.json",
            #"{"text": "甲乙丙甲", "label": {"x": {"乙": [[2, 2]], "甲": [[1, 1]], "乙丙": [[1, 2]]}}}"#)
        #expect(data.examples[0].spans == [TypedSpan(type: "x", start: 1, end: 3)])
        #expect(data.oddities.map(\.count) == [1, 1, 1])
        #expect(data.oddities.map(\.treatment).contains("left out, the longer is kept"))
    }

    private static let wrong: [(String, String, String, String)] = [
        ("a.txt", "甲 O\n乙\n", ":2", "the line has no tag"),
        ("a.txt", "甲 O\n乙 Q-X\n", ":2", "the tag is not understood"),
        ("a.txt", "\n \n", "a.txt", "no tagged text"),
        ("r.tsv", "text_a\tlabel\n甲 乙\tO\n", ":2", "2 pieces, 1 tags"),
        (
            "a.json", "{\"text\":\"甲\",\"label\":{}}\n{\"text\":\"甲乙\",\"label\":{\"x\":{\"乙\":[[1,2]]}}}",
            ":2: label.x.乙[0]", "outside the text"
        ),
        (
            "a.json", #"{"text":"甲乙","entities":[{"start":-1,"end":1,"type":"x"}]}"#, ":1: entities[0]",
            "start -1, end 1"
        ),
        ("a.json", #"{"text":"甲乙","entities":[[0,9223372036854775807,"x"]]}"#, ":1: entities[0]", "outside the text"),
        ("a.json", #"{"text":"甲","label":{"x":{"甲":[[0,9223372036854775807]]}}}"#, ":1: label.x.甲[0]", "outside"),
        ("a.json", #"{"text":"甲乙","entities":[{"start":0,"type":"x"}]}"#, ":1: entities[0]", "a field is missing"),
        (
            "a.json", #"{"text":"甲乙","entities":[{"start":"0","end":1,"type":"x"}]}"#, ":1: entities[0].start",
            "an integer"
        ),
        ("a.json", #"{"text":"甲乙","label":"x"}"#, ":1: label", "an object"),
        ("a.json", #"{"text":"甲乙"}"#, ":1", "no entities or label"),
        ("a.json", #"{"text":" ","entities":[]}"#, ":1: text", "the text is empty"),
        ("a.json", "{\"text\":\"甲\",\"entities\":[]}\n{\"text\":", ":2", "invalid JSON"),
        (
            "a.json", "{\"text\":\"甲\",\n{\"text\":\"乙\",\"entities\":[]}", ":2",
            "a record that begins on line 1"
        ),
        ("m.txt", "甲{{LOC乙}}\n", ":1", "a mark is not complete"),
    ]

    @Test(arguments: wrong)
    func errorsNameLineAndField(name: String, contents: String, location: String, message: String) throws {
        let error = #expect(throws: InputError.self) { try read(name, contents) }
        #expect(error?.location.hasSuffix(location) == true, "\(error?.location ?? "")")
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func unlabelledTextsWhereAllowed() throws {
        let file = try folder.file("u.jsonl", #"{"text": "甲乙"}"#)
        #expect(try TaggingReader(allowsUnlabelled: true).read(contentsOf: file).examples.first?.spans == [])
    }
}
