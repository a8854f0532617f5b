import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTestSupport
import InkText
import Testing

@Suite struct PairClassificationTests {
    /// Pairs whose class is that of the second title alone.
    private static let pairs: [(first: String, second: String, label: String)] = (0..<24).map { index in
        let first = TinyTask.titles[(index * 7 + 5) % 24]
        return (first, TinyTask.titles[24 + index], TinyModel.labels[index % 3])
    }
    private static let tsv = pairs.map { "\($0.first)\t\($0.second)\t\($0.label)\n" }.joined()

    @Test func learnsPairsByHeart() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyTaskRun.settings(in: folder, .classification, train: Self.tsv, extension: ".tsv")
            let result = try #require(try FineTuning(settings).run())
            #expect(try #require(result.dev.metrics["accuracy"]) >= 0.9)
            #expect(result.description.parameters == ["input": "pair"])
            let config = try ModelConfigFile(contentsOf: settings.output)
            #expect(config.fields["architectures"] == .array([.string("BertForSequenceClassification")]))
            #expect(config.fields["problem_type"] == .string("single_label_classification"))

            #expect(try FolderTask.name(of: settings.output) == .classification)
            let measured = try TaskName.classification.evaluate(settings.output, data: settings.train).metrics
            #expect(measured == result.dev.metrics)
            let tabbed = try TinyTask.answers(settings.output, Self.pairs.map { "\($0.first)\t\($0.second)" })
            let objects = try TinyTask.jsonl(Self.pairs.map { ["sentence1": $0.first, "sentence2": $0.second] })
            let named = try TinyTask.answers(settings.output, objects.split(separator: "\n").map(String.init))
            let labels = try tabbed.map { try #require($0 as? Classification).label }
            #expect(labels == named.compactMap { ($0 as? Classification)?.label })
            let right = zip(labels, Self.pairs).count { $0 == $1.label }
            #expect(Double(right) / 24 == result.dev.metrics["accuracy"])

            let wrong: [(String, String)] = [
                ("国足", "1 fields"), ("国\t足\t球", "3 fields"), (#"{"text": "国足"}"#, "one text"), ("{国足", "1 fields"),
            ]
            for (line, found) in wrong {
                let error = try #require(throws: InputError.self) {
                    try TinyTask.answers(settings.output, ["一\t二", line])
                }
                #expect(error.location == "line 2")
                #expect(error.found == found)
            }
            let single = folder.appending(path: "single.txt")
            try Data(TinyModel.tsv(.dev, 6).utf8).write(to: single)
            let error = try #require(throws: InputError.self) {
                try TaskName.classification.evaluate(settings.output, data: single)
            }
            #expect(error.location.hasSuffix("single.txt:1"))
            #expect(error.expected == "a pair of texts")
        }
    }

    @Test func singleTextsStayWhatTheyWere() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyModel.settings(in: folder, train: 12, dev: 6)
            let result = try #require(try FineTuning(settings).run())
            #expect(result.description.parameters.isEmpty)
            // A brace that begins no record belongs to the text.
            let answers = try TinyTask.answers(settings.output, ["{国足", #"{"title": "国足"}"#, "国足"])
            #expect(answers.count == 3)
            #expect(answers[1] as? Classification == answers[2] as? Classification)
            let error = try #require(throws: InputError.self) {
                try TinyTask.answers(settings.output, [#"{"sentence1": "国足", "sentence2": "足球"}"#])
            }
            #expect(error.location == "line 1")
            let pairs = folder.appending(path: "pairs.tsv")
            try Data(Self.tsv.utf8).write(to: pairs)
            let wrong = try #require(throws: InputError.self) {
                try TaskName.classification.evaluate(settings.output, data: pairs)
            }
            #expect(wrong.location.hasSuffix("pairs.tsv:1"))
            #expect(wrong.found == "two texts")
        }
    }

    @Test func mixedFilesAndTheRecipeForTitlesAreRefused() throws {
        try withTemporaryFolder { folder in
            let mixed = """
                {"sentence1": "国足", "sentence2": "足球", "label": "体育"}
                {"sentence": "股市", "label": "财经"}

                """
            let settings = try TinyTaskRun.settings(in: folder, .classification, train: mixed, extension: ".jsonl")
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.location.hasSuffix("train.jsonl:2"))
            #expect(error.problem.contains("both single texts and pairs"))
        }
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(in: folder, .classification, train: Self.tsv, extension: ".tsv")
            settings.recipe = .toumanfen
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.location == "--recipe toumanfen")
        }
    }

    /// The form of a pair, and which text gives way, as `transformers` has them.
    @Test func aPairIsEncodedWithTokenTypes() throws {
        let encoder = try TinyTask.encoder("甲乙丙丁戊", maxLength: 8)
        let encoded = try encoder.sequences(["甲乙", "甲甲甲甲", "甲"], pairs: ["丙丁", "丙丁戊丙丁", "丙丁戊丙丁戊"])
        #expect(
            encoded.map { encoder.text($0) } == [
                "[CLS]甲乙[SEP]丙丁[SEP]", "[CLS]甲甲[SEP]丙丁戊[SEP]", "[CLS]甲[SEP]丙丁戊丙[SEP]",
            ])
        #expect(encoded[0].tokenTypeIDs == [0, 0, 0, 0, 1, 1, 1])
        #expect(encoded[1].tokenTypeIDs == [0, 0, 0, 0, 1, 1, 1, 1])
        #expect(encoded[2].tokenTypeIDs == [0, 0, 0, 1, 1, 1, 1, 1])
    }
}
