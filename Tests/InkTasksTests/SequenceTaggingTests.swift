import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTestSupport
import InkText
import InkTraining
import Testing

@Suite struct SequenceTaggingTests {
    /// Titles whose second to fourth characters are a PER and whose last one is a LOC.
    private static let examples = TinyTaskRun.plainTitles(12).map { text in
        let count = text.unicodeScalars.count
        return TaggingExample(
            text: text,
            spans: [
                TypedSpan(type: "PER", start: 1, end: 4), TypedSpan(type: "LOC", start: count - 1, end: count),
            ], line: 1)
    }

    private static func conll(_ scheme: TagScheme) -> String {
        examples.map { example in
            let scalars = Array(example.text.unicodeScalars)
            let tags = scheme.encode(example.spans, units: scalars.indices.map { $0..<$0 + 1 }).tags
            return zip(scalars, tags).map { "\($0)\t\($1)\n" }.joined()
        }.joined(separator: "\n")
    }

    private func texts(_ answer: TaggedText) -> [String] {
        answer.entities.map { "\($0.type) \($0.text) \($0.start) \($0.end)" }
    }

    @Test(arguments: [TagScheme.bio, .bmes])
    func learnsByHeartAndAnswersWithOffsets(_ scheme: TagScheme) throws {
        try withTemporaryFolder { folder in
            let settings = try TinyTaskRun.settings(
                in: folder, .tagging, train: Self.conll(scheme), extension: ".conll")
            let result = try #require(try FineTuning(settings).run())
            #expect(try #require(result.dev.metrics["F1"]) >= 0.9)
            #expect(try #require(result.dev.metrics["token accuracy"]) > 0.95)
            #expect(result.dev.metrics.scores.map(\.name) == ["LOC", "PER"])
            #expect(result.description.labels == scheme.tagNames(types: ["LOC", "PER"]))
            #expect(result.dev.metrics.notes.isEmpty)

            let config = try ModelConfigFile(contentsOf: settings.output)
            #expect(config.fields["architectures"] == .array([.string("BertForTokenClassification")]))
            #expect(try config.section("id2label")?.value("1", String.self) == "B-LOC")
            let weights = try Checkpoint(contentsOf: settings.output)
            #expect(weights.shape(of: "classifier.weight") == [result.description.labels.count, 24])
            #expect(!weights.contains("bert.pooler.dense.weight"))

            // The folder opened again, and as one of another maker, gives what was measured.
            for isForeign in [false, true] {
                let file = settings.output.appending(path: RunDescription.fileName)
                if isForeign { try FileManager.default.removeItem(at: file) }
                #expect(try FolderTask.name(of: settings.output) == .tagging)
                let model = try TaskModel<SequenceTagging>(contentsOf: settings.output)
                #expect(model.kind.tags.scheme == scheme)
                let evaluation = try model.evaluate(Self.examples)
                #expect(evaluation.metrics["F1"] == result.dev.metrics["F1"])
                for (example, answer) in zip(Self.examples, try model.answers(to: Self.examples)) {
                    let scalars = Array(example.text.unicodeScalars)
                    for entity in answer.entities {
                        #expect(entity.text == String(String.UnicodeScalarView(scalars[entity.start..<entity.end])))
                        #expect(entity.probability > 0 && entity.probability <= 1)
                    }
                }
            }
        }
    }

    /// Each token has a label in exactly one window, the one that the spans give it.
    @Test func aLongTextIsReadInWindows() throws {
        let unit = "国足再次冲出亚洲"
        let text = String(repeating: unit, count: 9)
        let spans = (0..<9).map { TypedSpan(type: "ORG", start: 8 * $0, end: 8 * $0 + 2) }
        let vocabulary = try VocabularyBuilder(size: 100).build(from: [text])
        let kind = SequenceTagging(try TagLabels(names: ["O", "B-ORG", "I-ORG"], location: "labels"))
        for maxLength in [8, 20, 50, 80] {
            let encoder = InputEncoder(try BertTokenizer(vocabulary: vocabulary), InputForm(maxLength: maxLength))
            let encoded = try kind.encode([TaggingExample(text: text, spans: spans, line: 1)], encoder)
            #expect(encoded.allSatisfy { $0.example == 0 && $0.tokenCount <= maxLength })
            #expect((encoded.count == 1) == (maxLength == 80))
            #expect(encoded.reduce(0) { $0 + kind.weight(of: $1) } == 72)
        }
        let encoder = InputEncoder(try BertTokenizer(vocabulary: vocabulary), InputForm(maxLength: 8))
        #expect(throws: InputError.self) {
            try kind.encode(
                [TaggingExample(text: text, spans: [], line: 1)],
                InputEncoder(encoder.tokenizer, InputForm(maxLength: 2)))
        }
        // Nothing to tag still has an answer.
        #expect(try kind.encode([TaggingExample(text: " ", spans: [], line: 1)], encoder).map(\.tokenCount) == [2])
    }

    @Test func windowsGiveOneAnswerWithOffsetsOfTheWholeText() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .tagging, train: Self.conll(.bio), extension: ".conll")
            settings.epochs = 1
            _ = try FineTuning(settings).run()
            let model = try TaskModel<SequenceTagging>(contentsOf: settings.output, maxLength: 10)
            let text = " " + Self.examples.map(\.text).joined(separator: "\u{3000}")
            let answer = try model.answers(to: [model.kind.question(text, at: "line 1")])[0]
            let scalars = Array(text.unicodeScalars)
            var end = 0
            for entity in answer.entities {
                #expect(entity.start >= end)
                #expect(entity.text == String(String.UnicodeScalarView(scalars[entity.start..<entity.end])))
                end = entity.end
            }
            let columns = answer.columns
            #expect(columns.count == 5 * answer.entities.count)
            guard case .array(let entities) = answer.fields["entities"] else { return }
            #expect(entities.count == answer.entities.count)
        }
    }

    @Test func measuresAndMistakesNameTheSpans() throws {
        try withTemporaryFolder { folder in
            let dev = """
                {"text": "国足再次", "entities": [{"start": 0, "end": 2, "type": "PER"}]}
                {"text": "亚洲 国足", "label": {"LOC": {"亚洲": [[0, 1]]}}}
                """
            var settings = try TinyTaskRun.settings(
                in: folder, .tagging, train: Self.conll(.bio), dev: dev, extension: ".txt")
            settings.epochs = 1
            settings.learningRate = 0
            let result = try #require(try FineTuning(settings).run())
            #expect(result.dev.metrics.count == 2)
            #expect(result.dev.mistakes.contains { $0.gold == "PER 国足" && $0.line == 1 })

            // A type that is not one of the model's is no miss but an error, as for every other label.
            settings.policy = .replace
            settings.dev = folder.appending(path: "other.txt")
            try Data(dev.replacing("PER", with: "TEAM").utf8).write(to: settings.dev)
            for read in [
                { _ = try FineTuning(settings) },
                { _ = try TaskName.tagging.evaluate(settings.output, data: settings.dev) },
            ] {
                let error = try #require(throws: InputError.self) { try read() }
                #expect(error.location.hasSuffix("other.txt:1"))
                #expect(error.expected == "an id 0…1 or one of: LOC, PER")
                #expect(error.found == "\"TEAM\"")
            }
        }
    }

    @Test func otherSchemesAndLabelFilesCanBeChosen() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .tagging, train: Self.conll(.bio), extension: ".conll")
            settings.taskOptions = ["scheme": "bioes"]
            #expect(try FineTuning(settings).labels == TagScheme.bioes.tagNames(types: ["LOC", "PER"]))
            settings.labels = folder.appending(path: "labels.txt")
            for (list, expected) in [
                ("PER\nLOC\nORG\n", TagScheme.bioes.tagNames(types: ["PER", "LOC", "ORG"])),
                ("B-PER\nI-PER\nO\nB-LOC\nI-LOC\n", ["B-PER", "I-PER", "O", "B-LOC", "I-LOC"]),
            ] {
                try Data(list.utf8).write(to: folder.appending(path: "labels.txt"))
                #expect(try FineTuning(settings).labels == expected)
            }
            settings.taskOptions = ["scheme": "xyz"]
            #expect(throws: InputError.self) { try FineTuning(settings) }
        }
    }

    @Test func unusableDataIsRefused() throws {
        let wrong = [
            ("国足再次冲出亚洲\t体育\n", "tag"), ("国\tO\n足\tO\n", "span"), ("", "tagged"),
            (#"{"text": "国足", "entities": [{"start": 1, "end": 9, "type": "ORG"}]}"#, "outside"),
        ]
        for (text, problem) in wrong {
            try withTemporaryFolder { folder in
                let settings = try TinyTaskRun.settings(in: folder, .tagging, train: text, extension: ".txt")
                let error = try #require(throws: InputError.self) { try FineTuning(settings) }
                #expect(error.problem.contains(problem), "\(error)")
                #expect(error.location.contains("train.txt"))
            }
        }
        // Labels that break the scheme are read as conlleval reads them, and the user hears of it.
        try withTemporaryFolder { folder in
            let settings = try TinyTaskRun.settings(
                in: folder, .tagging, train: "国\tI-ORG\n足\tI-ORG\n再\tO\n", extension: ".txt")
            let tuning = try FineTuning(settings)
            #expect(tuning.warnings.contains { $0.contains("break the BIO scheme") })
        }
    }

    @Test func aFolderOfAnotherTaskIsRefused() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12)
            settings.epochs = 1
            #expect(try FineTuning(settings).run() != nil)
            let error = try #require(throws: InputError.self) {
                try TaskModel<SequenceTagging>(contentsOf: settings.output)
            }
            #expect(error.expected == "tagging" && error.found == "classification")
            try FileManager.default.removeItem(at: settings.output.appending(path: RunDescription.fileName))
            let labels = try #require(throws: InputError.self) {
                try TaskModel<SequenceTagging>(contentsOf: settings.output)
            }
            #expect(labels.problem.contains("no tags"))
        }
    }

    @Test func resumingIsExact() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .tagging, train: Self.conll(.bioes), extension: ".conll",
                fields: ["hidden_dropout_prob": .number("0.2")])
            settings.epochs = 2
            settings.evaluateEvery = 2
            try TinyTaskRun.expectExactResume(settings)
        }
    }
}
