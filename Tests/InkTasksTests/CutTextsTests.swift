import Foundation
import InkTasks
import InkTestSupport
import InkText
import Testing

/// What is said of texts that are longer than the model is given to read.
@Suite("Texts that are cut")
struct CutTextsTests {
    private static let characters = "国足再次冲出亚洲股市何时开谁赢了#$"

    private func encoder(_ maxLength: Int, of positions: Int? = 512) throws -> InputEncoder {
        try TinyTask.encoder(Self.characters, maxLength: maxLength, maxPositions: positions)
    }

    /// Notes on the examples of a file of one line each.
    private func notes<Kind: TaskKind>(
        _ kind: Kind, _ examples: [Kind.Example], _ encoder: InputEncoder
    ) throws -> [String] {
        kind.notes(examples, try kind.encode(examples, encoder), encoder, file: "data.txt")
    }

    @Test func countsPlaceAndRemedy() throws {
        let kind = TextClassification(try LabelSet(names: ["甲", "乙"], location: "test"))
        let texts = ["国足", "国足再次冲出亚洲", "股市", "国足再次冲出亚洲国足再次冲出亚洲"]
        let examples = texts.enumerated().map { LabelledText(text: $0.element, label: 0, line: $0.offset + 3) }
        // 10 and 18 tokens, of which 6 are read.
        #expect(
            try notes(kind, examples, encoder(6)) == [
                "2 of 4 texts are longer than 6 tokens and are cut (16 of their 28 tokens are not read), the first at "
                    + "data.txt:4; --max-length 18 reads them whole"
            ])
        #expect(try notes(kind, examples, encoder(6, of: 12))[0].hasSuffix("; --max-length 12 reads more"))
        #expect(try notes(kind, examples, encoder(12, of: 12))[0].hasSuffix("; the model reads no more: split them"))
        #expect(try notes(kind, examples, encoder(18)).isEmpty)
        // The form without [SEP] has room for one token more.
        let bare = InputEncoder(
            try encoder(6).tokenizer, InputForm(maxLength: 9, appendsSeparator: false), maxPositions: 512)
        #expect(try notes(kind, examples, bare)[0].hasPrefix("1 of 4 texts are longer than 9 tokens"))
    }

    @Test func ofPairsTheSideIsNamed() throws {
        let long = "国足再次冲出亚洲"
        let pairs = TextClassification(try LabelSet(names: ["甲", "乙"], location: "test"), input: .pair)
        let examples = [("国足", "股市"), (long, "股市"), (long, long)].enumerated().map {
            LabelledText(text: $0.element.0, pair: $0.element.1, label: 0, line: $0.offset + 1)
        }
        let note = try #require(try notes(pairs, examples, encoder(11)).first)
        #expect(
            note.hasPrefix("2 of 3 texts are longer than 11 tokens and are cut (first text of 2, second text of 1; "))
        #expect(note.contains("the first at data.txt:2; --max-length 19 reads them whole"))
    }

    @Test func everyTaskTells() throws {
        try withTemporaryFolder { folder in
            let long = String(repeating: "国足再次冲出亚洲", count: 4)
            let cases: [(TaskName, String, String)] = [
                (
                    .retrieval,
                    #"{"question": "何时", "candidates": [{"text": "\#(long)", "label": 1}, {"text": "股", "label": 0}]}"#,
                    "1 of 2 pairs are longer than 12 tokens and are cut (candidate of 1; "
                ),
                (
                    .choice, #"{"context": "\#(long)", "question": "何时", "choices": ["国足", "股市"], "answer": 1}"#,
                    "1 of 1 questions are longer than 12 tokens and are cut (passage of 1; "
                ),
                (
                    .similarity,
                    #"{"sentence1": "\#(long)", "sentence2": "国足", "score": 1}"#
                        + "\n" + #"{"sentence1": "国", "sentence2": "\#(long)", "score": 0}"#,
                    "2 of 2 pairs are longer than 12 tokens and are cut (first text of 1, second text of 1; "
                ),
                (
                    .multiLabel, #"{"text": "\#(long)", "label": ["甲", "乙"]}"#,
                    "1 of 1 texts are longer than 12 tokens and are cut ("
                ),
                (
                    .typing, #"{"text": "\#(long)", "start": 0, "end": 2, "labels": ["甲"]}"#,
                    "1 of 1 texts are longer than 12 tokens and are cut ("
                ),
            ]
            for (task, text, start) in cases {
                let settings = try TinyTaskRun.settings(in: folder, task, train: text + "\n", extension: ".jsonl")
                func first<Kind: TaskKind>(_ kind: Kind.Type) throws -> String? {
                    let (kind, data) = try Kind.prepare(settings)
                    return try notes(kind, data.examples, encoder(12)).first
                }
                let note =
                    switch task {
                    case .retrieval: try first(CandidateRanking.self)
                    case .choice: try first(MultipleChoice.self)
                    case .similarity: try first(TextSimilarity.self)
                    case .multiLabel: try first(MultiLabelClassification.self)
                    default: try first(EntityTyping.self)
                    }
                #expect(note?.hasPrefix(start) == true, "\(task): \(note ?? "nothing")")
                #expect(note?.contains("the first at data.txt:1; --max-length ") == true, "\(task)")
            }
        }
    }

    /// Windows read a long passage whole; what they cannot give is told.
    @Test func extractionTellsWhatWindowsCannotDo() throws {
        try withTemporaryFolder { folder in
            let passage = String(repeating: "国足再次冲出亚洲", count: 5)
            let asked = String(repeating: "何时", count: 40)
            let train = """
                {"context": "\(passage)", "question": "何时", "answers": [{"text": "出亚", "answer_start": 21}]}
                {"context": "\(passage)", "question": "\(asked)", "answers": [{"text": "国足", "answer_start": 0}]}
                {"context": "\(passage)", "question": "谁", "answers": [{"text": "\(passage.prefix(20))", "answer_start": 0}]}
                {"context": "\(passage)", "question": "谁", "answers": [{"text": "再次冲出亚", "answer_start": 2}]}
                """
            var settings = try TinyTaskRun.settings(in: folder, .extraction, train: train, extension: ".jsonl")
            settings.taskOptions = ["overlap": "4", "longest-answer": "4"]
            let (kind, data) = try PassageExtraction.prepare(settings)
            let notes = try notes(kind, data.examples, encoder(20))
            #expect(notes.count == 3)
            #expect(notes[0].hasPrefix("1 of 4 questions are longer") && notes[0].contains("data.txt:2"))
            #expect(
                notes[1].hasPrefix("1 of 4 right answers are in no window whole") && notes[1].contains("data.txt:3"))
            #expect(
                notes[2].hasPrefix("1 of 4 right answers are longer than 4 tokens") && notes[2].contains("data.txt:4"))
            let few = try self.notes(kind, Array(data.examples.prefix(1)), encoder(20))
            #expect(few.isEmpty)
        }
    }

    @Test func taggingReadsLongTextsInWindows() throws {
        let kind = SequenceTagging(try TagLabels(names: ["O", "B-TEAM", "I-TEAM"], location: "test"))
        let text = String(repeating: "国足再次冲出亚洲", count: 4)
        #expect(try notes(kind, [TaggingExample(text: text, spans: [], line: 1)], encoder(8)).isEmpty)
    }

    /// A run, its folder, its reports and a later evaluation say it, each of its own data; so does a resumed run.
    @Test func theRunSaysItEverywhere() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder)
            settings.maxLength = 6
            settings.test = settings.dev
            let tuning = try FineTuning(settings)
            let cut = try #require(tuning.warnings.first { $0.contains("of 48 texts are longer than 6 tokens") })
            #expect(cut.contains("the first at train.txt:1; --max-length "))
            let result = try #require(try tuning.run())
            #expect(result.notes == tuning.warnings)
            let dev = try #require(
                result.dev.metrics.notes.first { $0.contains("of 15 texts are longer than 6 tokens") })
            #expect(dev.contains("the first at dev.txt:1"))
            let saved = try #require(try RunDescription.read(from: result.folder))
            #expect(saved.notes?.contains(cut) == true)
            #expect(saved.results["dev"]?.notes.contains(dev) == true)
            for name in ["report.html", "README.md"] {
                let text = try String(contentsOf: result.folder.appending(path: name), encoding: .utf8)
                #expect(text.components(separatedBy: "What this run did not do").count == 2, "\(name)")
                #expect(text.components(separatedBy: "of 48 texts are longer than 6 tokens").count == 2, "\(name)")
                #expect(
                    text.components(separatedBy: "dev: 15 of 15 texts are longer than 6 tokens").count == 2, "\(name)")
                #expect(text.contains("15 texts of test are also in dev"), "\(name)")
            }
            let measured = try TaskName.classification.evaluate(result.folder, data: settings.dev).metrics
            #expect(measured.notes.contains(dev))
            let whole = try TaskName.classification.evaluate(result.folder, data: settings.dev, maxLength: 48).metrics
            #expect(!whole.notes.contains { $0.contains("are longer than") })

            let estimate = try FineTuningEstimate(settings)
            #expect(estimate.notes.contains(cut))
            #expect(estimate.tokensPerText <= 6 && estimate.wholeTokensPerText > 8)
        }
    }

    @Test func questionsAreCounted() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12, dev: 6)
            settings.maxLength = 6
            _ = try FineTuning(settings).run()
            let model = try TaskName.classification.answerer(settings.output)
            var notes = model.inputNotes
            let lines = [QuestionLine("国足", at: "q.txt:4"), QuestionLine(TinyTask.titles[0], at: "q.txt:5")]
            for line in lines { _ = try model.answers(to: [line], noting: &notes) }
            #expect(notes.cut.count == 2 && notes.cut.cut == 1)
            let note = try #require(model.lines(of: notes).first)
            #expect(note.hasPrefix("1 of 2 texts are longer than 6 tokens"))
            #expect(note.contains("the first at q.txt:5; --max-length "))
            #expect(model.lines(of: notes).count == 1)
        }
    }

    @Test func specialTokensInTextsAreTold() throws {
        try withTemporaryFolder { folder in
            _ = try FineTuning(try TinyModel.settings(in: folder, train: 12, dev: 6)).run()
            let run = folder.appending(path: "run")
            let model = try TaskName.classification.answerer(run)
            var notes = model.inputNotes
            _ = try model.answers(
                to: [QuestionLine("国足", at: "q.txt:4"), QuestionLine("国[SEP]足[MASK]", at: "q.txt:5")], noting: &notes)
            let note = try #require(model.lines(of: notes).first)
            #expect(
                note.hasPrefix(
                    "2 special tokens stand in the texts themselves (first: [SEP], q.txt:5): read as the tokens"))
            let data = folder.appending(path: "e.txt")
            let labels = try RunDescription.read(from: run)?.labels ?? []
            try Data("国[SEP]足\t\(labels[0])\n".utf8).write(to: data)
            let measured = try TaskName.classification.evaluate(run, data: data)
            #expect(measured.metrics.notes.contains { $0.contains("(first: [SEP], e.txt:1)") })
        }
    }
}
