import Foundation
import InkSupport
import InkTasks
import Testing

/// Readers of choice, retrieval, similarity and marked spans.
@Suite struct TaskReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ contents: String, _ name: String = "a.json") throws -> URL { try folder.file(name, contents) }

    // MARK: Choice

    @Test func choiceAsInC3() throws {
        let data = try ChoiceReader().read(
            contentsOf: file(
                """
                [[["男：走吗？", "女：等雨停。"],
                  [{"question": "为什么等？", "choice": ["下雨", "有风"], "answer": "下雨"},
                   {"question": "谁等？", "choice": ["女", "男", "女"], "answer": "女"},
                   {"question": "谁？", "choice": ["甲", "乙"], "answer": "丙"}], "7-1"]]
                """))
        #expect(data.examples.map(\.id) == ["7-1-0", "7-1-1"])
        #expect(data.examples.map(\.answer) == [0, 0])
        #expect(data.examples.map(\.line) == [2, 3])
        #expect(data.examples[0].context == "男：走吗？\n女：等雨停。")
        #expect(data.oddities.map(\.count) == [1, 1])
        #expect(data.oddities[1].firstLocation.hasSuffix(":4: [0][1][2].answer"))
        #expect(!data.examples[0].isCloze)
    }

    @Test func choiceAsInChID() throws {
        let few = try ChoiceReader().read(
            contentsOf: file(##"{"id": 9, "candidates": ["风平浪静", "雨过天晴"], "content": "今天#idiom#。", "answer": 1}"##))
        let example = try #require(few.examples.first)
        #expect(example.isCloze && example.answer == 1 && example.id == "9")
        #expect(example.filled(with: 1) == "今天雨过天晴。")
        #expect(example.filled(with: 2) == nil)
        let clue = try ChoiceReader().read(
            contentsOf: file(
                ##"{"candidates": ["风平浪静", "雨过天晴"], "content": ["甲#idiom01#，乙#idiom02#", "丙#idiom03#"]}"##),
            answers: file(##"{"#idiom01#": 0, "#idiom02#": 1, "#idiom03#": 0}"##, "answers.json"))
        #expect(clue.examples.map(\.context) == ["甲#idiom#，乙____", "甲____，乙#idiom#", "丙#idiom#"])
        #expect(clue.examples.map(\.answer) == [0, 1, 0])
        #expect(clue.examples.map(\.id) == ["#idiom01#", "#idiom02#", "#idiom03#"])
        _ = try file(##"{"#idiom7#": 1}"##, "dev_answer.json")
        let beside = try file(##"{"candidates": ["甲", "乙"], "content": "#idiom7#"}"##, "dev.json")
        #expect(try ChoiceReader().read(contentsOf: beside).examples.first?.answer == 1)
        let first = try ChoiceReader().read(
            contentsOf: file(
                ##"{"groundTruth": ["风平浪静", "雨过天晴"], "candidates": [["风平浪静", "乙"], ["甲", "雨过天晴"]], "content": "#idiom#与#idiom#"}"##
            ))
        #expect(first.examples.map(\.answer) == [0, 1])
        #expect(first.examples[1].context == "____与#idiom#")
    }

    @Test func choiceRecords() throws {
        let data = try ChoiceReader().read(
            contentsOf: file(
                #"{"context": "甲", "question": "问？", "choices": ["a", "b"], "answer": 1}"# + "\n"
                    + #"{"passage": ["甲", "乙"], "question": "问？", "options": {"A": "a", "B": "b"}, "answer": "B"}"#))
        #expect(data.examples.map(\.answer) == [1, 1])
        #expect(data.examples[1].context == "甲\n乙")
        let unlabelled = try file(#"{"context": "甲", "question": "问？", "choices": ["a", "b"]}"#)
        #expect(try ChoiceReader(allowsUnlabelled: true).read(contentsOf: unlabelled).examples.first?.answer == nil)
    }

    private static let wrongChoices: [(String, String, String)] = [
        (#"{"context": "甲", "question": "问", "choices": ["a", "b"], "answer": 2}"#, ":1: answer", "0…1"),
        (#"{"context": "甲", "question": "问", "choices": ["a"], "answer": 0}"#, ":1: choices", "at least two"),
        (#"{"context": "甲", "question": "问", "choices": ["a", "b"]}"#, ":1", "answer"),
        (#"{"context": "甲", "question": "问", "answers": []}"#, ":1", "data for extraction"),
        (#"{"content": "甲", "candidates": ["a", "b"], "answer": 0}"#, ":1: content", "no gap"),
        (##"{"content": "甲#idiom1#", "candidates": ["a", "b"]}"##, ":1: content", "no answer to #idiom1#"),
        (##"{"content": "#idiom#", "candidates": [["a", "b"]], "groundTruth": []}"##, ":1", "fewer answers than gaps"),
        ("[]", "a.json", "no question"),
    ]

    @Test(arguments: wrongChoices)
    func choiceErrors(contents: String, location: String, message: String) throws {
        let file = try file(contents)
        let error = #expect(throws: InputError.self) { try ChoiceReader().read(contentsOf: file) }
        #expect(error?.location.hasSuffix(location) == true, "\(error?.location ?? "")")
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    // MARK: Retrieval and similarity

    @Test func retrievalInEveryForm() throws {
        let forms = [
            ("a.tsv", "哪天？\t周一\t0\n谁？\t王莉\t1\n哪天？\t周三\t1\n"),
            ("h.tsv", "qid\tquestion\tanswer\tlabel\n1\t哪天？\t周一\t0\n2\t谁？\t王莉\t1\n1\t哪天？\t周三\t1\n"),
            (
                "n.jsonl",
                #"{"question": "哪天？", "candidates": [{"text": "周一", "label": 0}, {"text": "周三", "label": 1}]}"# + "\n"
                    + #"{"question": "谁？", "candidates": [{"text": "王莉", "label": 1}]}"#
            ),
        ]
        for (name, contents) in forms {
            let data = try RetrievalReader().read(contentsOf: file(contents, name))
            #expect(data.examples.map(\.question) == ["哪天？", "谁？"], "\(name)")
            #expect(data.examples.map { $0.candidates.map(\.text) } == [["周一", "周三"], ["王莉"]])
            #expect(data.examples.map { $0.candidates.map(\.isRelevant) } == [[false, true], [true]])
            #expect(data.oddities.isEmpty)
        }
        let without = try RetrievalReader().read(contentsOf: file("问\t答\t0\n", "w.tsv"))
        #expect(without.oddities.map(\.count) == [1])
        for wrong in ["问\t答\tx\n", "问\t1\n", "\n"] {
            let file = try file(wrong, "x.tsv")
            #expect(throws: InputError.self) { try RetrievalReader().read(contentsOf: file) }
        }
    }

    @Test func similarityInEveryForm() throws {
        let forms = [
            ("a.tsv", "甲\t乙\t3.5\n丙\t丁\t0\n"), ("a.csv", "sentence1,sentence2,score\n甲,乙,3.5\n丙,丁,0\n"),
            (
                "a.jsonl",
                "{\"text1\":\"甲\",\"text2\":\"乙\",\"score\":3.5}\n{\"text1\":\"丙\",\"text2\":\"丁\",\"score\":\"0\"}"
            ),
        ]
        for (name, contents) in forms {
            let data = try SimilarityReader().read(contentsOf: file(contents, name))
            #expect(data.examples.map(\.score) == [3.5, 0])
            #expect(data.examples.map(\.second) == ["乙", "丁"])
            #expect(data.scores == 0...3.5)
        }
        let file = try file("甲\t乙\tneutral\n", "x.tsv")
        let error = #expect(throws: InputError.self) { try SimilarityReader().read(contentsOf: file) }
        #expect(error?.location.hasSuffix("x.tsv:1") == true)
    }

    // MARK: Marked spans

    @Test func relationsInEveryForm() throws {
        let forms = [
            #"{"text": "𠮷住在厦门", "head": {"start": 0, "end": 1}, "tail": {"start": 3, "end": 5}, "label": "住"}"#,
            #"{"text": "𠮷住在厦门", "h": {"name": "𠮷", "pos": [0, 1]}, "t": {"pos": [3, 5]}, "relation": "住"}"#,
            #"{"text": "<e1>𠮷</e1>住在<e2>厦门</e2>", "label": "住"}"#,
            #"{"txt": "𠮷住在厦门", "ann": "T1\tP 0 1\t𠮷\nT2\tL 3 5\t厦门\nR1\t住 Arg1:T1 Arg2:T2"}"#
                .replacing("txt", with: "text"),
        ]
        for form in forms {
            let data = try MarkedTextReader().read(contentsOf: file(form))
            #expect(data.examples == [MarkedText(text: "𠮷住在厦门", marks: [0..<1, 3..<5], labels: ["住"], line: 1)])
            #expect(data.examples[0].marked() == "$𠮷$住在#厦门#")
            #expect(data.oddities.isEmpty)
        }
    }

    @Test func typesOfASpan() throws {
        let data = try MarkedTextReader().read(
            contentsOf: file(#"{"text": "去厦门", "start": 1, "end": 3, "labels": ["地点", "城市"]}"#))
        #expect(data.examples.map(\.marks) == [[1..<3]])
        #expect(data.labels == ["地点", "城市"].sorted())
        #expect(data.examples[0].marked([("<", ">")]) == "去<厦门>")
    }

    @Test func marksInOneAnother() {
        let text = MarkedText(text: "厦门大学", marks: [0..<4, 0..<2], labels: [], line: 1)
        #expect(text.marked() == "$#厦门#大学$")
        #expect(MarkedText(text: "甲乙", marks: [1..<2, 0..<1], labels: [], line: 1).marked() == "#甲#$乙$")
    }

    private static let wrongMarks: [(String, String, String)] = [
        (#"{"text": "甲", "head": [0, 1], "tail": [0, 2], "label": "x"}"#, ":1: tail", "outside the text"),
        (#"{"text": "甲", "head": [0, 1], "label": "x"}"#, ":1", "tail or t"),
        (#"{"text": "甲", "head": [0], "tail": [0, 1], "label": "x"}"#, ":1: head", "[start, end]"),
        (#"{"text": "甲", "label": "x"}"#, ":1: text", "no marked span"),
        (#"{"text": "甲", "start": 0, "end": 1}"#, ":1", "label or labels"),
        (#"{"text": "甲", "ann": "T1\tP 0 9\t甲"}"#, ":1: ann", "outside the text"),
    ]

    @Test(arguments: wrongMarks)
    func markErrors(contents: String, location: String, message: String) throws {
        let file = try file(contents)
        let error = #expect(throws: InputError.self) { try MarkedTextReader().read(contentsOf: file) }
        #expect(error?.location.hasSuffix(location) == true, "\(error?.location ?? "")")
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    // MARK: What cannot be asked

    @Test func questionsThatCannotBeAskedAreCountedAndNamed() throws {
        let ranked = try RetrievalReader().read(
            contentsOf: file(
                #"{"question": "空？", "candidates": []}"# + "\n"
                    + #"{"question": "谁？", "candidates": [{"text": "甲", "label": 1}]}"#, "r.jsonl"))
        #expect(ranked.examples.count == 1)
        #expect(ranked.oddities.first?.problem == "questions without a candidate")
        #expect(ranked.oddities.first?.firstLocation.hasSuffix("r.jsonl:1") == true)
        let nothing: [(String, (URL) throws -> Void)] = [
            (#"{"question": "空？", "candidates": []}"#, { _ = try RetrievalReader().read(contentsOf: $0) }),
            (
                #"{"context": "船", "question": "谁？", "choices": ["甲", "乙"], "answer": "丙"}"#,
                { _ = try ChoiceReader().read(contentsOf: $0) }
            ),
            (#"{"text": "甲乙", "ann": "R1\tKin Arg1:T1 Arg2:T2"}"#, { _ = try MarkedTextReader().read(contentsOf: $0) }),
            (
                #"{"sentence1": "甲", "sentence2": "乙", "label": "-"}"#,
                { _ = try LabelledTextReader().readData(contentsOf: $0) }
            ),
        ]
        for (record, read) in nothing {
            let url = try file("\n" + record, "n.jsonl")
            let error = try #require(throws: InputError.self) { try read(url) }
            #expect(error.location.contains("n.jsonl:2"), "\(error)")
            #expect(error.problem.hasSuffix(": 1") && error.problem.contains("all were left out"), "\(error)")
        }
    }

    @Test func aPlaceThatIsNotKnownIsSearched() throws {
        let data = try ExtractionReader().read(
            contentsOf: file(
                #"""
                {"context": "船五月到，五月走。NO", "id": 1, "question": "何时？", "answers": [{"text": "五月到", "answer_start": -1}]}
                {"context": "船五月到，五月走。NO", "id": 2, "question": "几月？", "answers": [{"text": "五月", "answer_start": -1}]}
                {"context": "船五月到，五月走。NO", "id": 3, "question": "对吗？", "answers": [{"text": "NO", "answer_start": -1}]}
                """#))
        #expect(data.examples.map { $0.answers.first?.start } == [1, 1, nil])
        #expect(
            data.oddities.map(\.treatment) == [
                "found in the passage", "found in several places, the first is taken",
                "kept for the metric, not for training",
            ])
    }

    @Test func tokensWithTags() throws {
        let names = #"{"tokens": ["王", "莉", "在", "杭", "州"], "ner_tags": ["B-PER", "I-PER", "O", "B-LOC", "I-LOC"]}"#
        let ids = #"{"tokens": ["王", "莉", "在", "杭", "州"], "ner_tags": [3, 4, 0, 1, 2]}"#
        let tags = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
        for (record, reader) in [
            (names, TaggingReader()), (ids, TaggingReader(tagNames: tags)),
            (names.replacing("ner_tags", with: "labels").replacing("tokens", with: "text"), TaggingReader()),
        ] {
            let data = try reader.read(contentsOf: file(record, "t.jsonl"))
            #expect(data.examples.map(\.text) == ["王莉在杭州"])
            #expect(
                data.examples.first?.spans == [
                    TypedSpan(type: "PER", start: 0, end: 2), TypedSpan(type: "LOC", start: 3, end: 5),
                ])
        }
        for (record, reader, problem) in [
            (ids, TaggingReader(), "numbers without names"),
            (ids, TaggingReader(tagNames: Array(tags.prefix(3))), "not the id"),
            (names.replacing("\"O\", ", with: ""), TaggingReader(), "not equally many"),
            (#"{"tokens": ["王"]}"#, TaggingReader(), "has no ner_tags"),
        ] {
            let error = try #require(throws: InputError.self) { try reader.read(contentsOf: file(record, "t.jsonl")) }
            #expect(error.problem.contains(problem), "\(error)")
        }
    }

    @Test(arguments: [
        (#"{"text": "船", "label": "1", "label": "2"}"#, "`label` occurs twice"),
        (#"{"text": "船\ud83d", "label": "1"}"#, "half of a surrogate pair"),
        (#"{"text": "船", "label": "1",}"#, "a comma before `}`"), (#"{"text": "船", "label": NaN}"#, "`NaN` is no JSON"),
        (#"{"text": "船", "label": [1,]}"#, "a comma before `]`"), (#"{'text': '船', 'label': '1'}"#, "single quotes"),
        (#"{"text": "船", "label": None}"#, "`None` is no JSON"), (#"{"text": "船", "label": nan}"#, "`nan` is no JSON"),
        (#"{"text": "船", "label": "1"} {}"#, "more than one JSON value"), ("船", "not a JSON object"),
    ])
    func theReasonOfAFaultInJSONIsTold(line: String, reason: String) throws {
        let error = try #require(throws: InputError.self) {
            try LabelledTextReader().readData(contentsOf: file("\n" + line, "j.jsonl"))
        }
        #expect(error.location.hasSuffix("j.jsonl:2"))
        #expect(error.problem.contains(reason), "\(error)")
        #expect(error.remedy != nil && error.found?.contains("船") == true)
    }

    @Test func aFileInPlaceOfAFolderIsNamed() throws {
        let url = try file("船", "taken.csv")
        let error = try #require(throws: InputError.self) {
            try SystemError.makeFolder(url.appending(path: "run/last"))
        }
        #expect(error.found == "\(url.path) is a file")
        #expect(!error.description.contains("NSCocoa") && error.remedy != nil)
        #expect(SystemError.reason(CocoaError(.fileWriteUnknown)) == "the system refused it")
    }
}
