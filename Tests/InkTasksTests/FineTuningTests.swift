import Foundation
import InkCheckpoint
import InkLayers
import InkModels
import InkSupport
import InkTasks
import InkTestSupport
import InkText
import InkTraining
import Testing

@Suite struct FineTuningTests {
    private func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

    @Test func leavesARunFolder() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(
                in: folder, ["torch_dtype": .string("float16"), "my_field": .array([.number("7")])])
            settings.test = folder.appending(path: "test.txt")
            try Data(TinyModel.tsv(.test, 9).utf8).write(to: folder.appending(path: "test.txt"))
            settings.command = "inkstone finetune --model base"
            let tuning = try FineTuning(settings)
            #expect(tuning.totalSteps == 12)
            #expect(tuning.account.new.map(\.key).sorted() == ["classifier.bias", "classifier.weight"])
            let result = try #require(try tuning.run())
            let run = settings.output

            let names = Set(try FileManager.default.subpathsOfDirectory(atPath: run.path))
            #expect(
                names == [
                    "config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json", "inkstone.json",
                    "metrics.jsonl", "report.html", "README.md", "last", "last/state.safetensors",
                ])
            let config = try ModelConfigFile(contentsOf: run)
            #expect(config.fields["architectures"] == .array([.string("BertForSequenceClassification")]))
            #expect(config.fields["my_field"] == .array([.number("7")]))
            #expect(config.fields["torch_dtype"] == .string("float32"))
            #expect(config.fields["problem_type"] == .string("single_label_classification"))
            #expect(!config.has("classifier_dropout"))
            #expect(try config.value("hidden_size", Int.self) == 24)
            for (id, name) in TinyModel.labels.enumerated() {
                #expect(try config.section("id2label")?.value("\(id)", String.self) == name)
                #expect(try config.section("label2id")?.value(name, Int.self) == id)
            }
            #expect(try text(run.appending(path: "vocab.txt")) == text(folder.appending(path: "base/vocab.txt")))
            #expect(
                try text(run.appending(path: "tokenizer_config.json"))
                    == text(folder.appending(path: "base/tokenizer_config.json")))

            let weights = try Checkpoint(contentsOf: run)
            #expect(weights.parameterCount == tuning.parameterCount)
            #expect(weights.shape(of: "classifier.weight") == [3, 24])
            #expect(weights.contains("bert.encoder.layer.1.attention.self.key.weight"))

            let description = try #require(try RunDescription.read(from: run))
            #expect(description == result.description)
            #expect(description.data.map(\.role) == ["train", "dev", "test"])
            #expect(description.data.map(\.rows) == [48, 15, 9])
            #expect(description.data[0].sha256 == (try SHA256.hexDigest(ofFileAt: settings.train)))
            let baseWeights = folder.appending(path: "base/model.safetensors")
            #expect(description.base.sha256 == ["model.safetensors": try SHA256.hexDigest(ofFileAt: baseWeights)])
            #expect(description.options.epochs == 2)
            #expect(description.results["dev"] == result.dev.metrics)
            #expect(description.results["test"]?.count == 9)

            let log = try MetricsLog.read(contentsOf: run.appending(path: "metrics.jsonl"))
            #expect(log.filter { $0.kind == .dev }.map(\.step) == [4, 8, 12])
            #expect(log.filter { $0.kind == .train }.map(\.step) == [12])
            let best = log.filter { $0.kind == .dev }.map { $0.accuracy ?? 0 }.max()
            #expect(result.dev.metrics["accuracy"] == best)
            let card = try text(run.appending(path: "README.md"))
            #expect(card.hasPrefix("---\n"))
            let report = try text(run.appending(path: "report.html"))
            #expect(report.contains("inkstone finetune --model base"))
            for name in TinyModel.labels { #expect(card.contains(name) && report.contains(name)) }
        }
    }

    /// Forty titles by heart: the loss falls far below that of guessing, and the classifier gives what was learnt.
    @Test func learnsATinySetByHeart() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 30)
            settings.dev = settings.train
            settings.epochs = 40
            settings.evaluateEvery = 40
            settings.learningRate = 5e-3
            let result = try #require(try FineTuning(settings).run())
            #expect(try #require(result.dev.metrics["accuracy"]) >= 0.9)
            #expect(try #require(result.dev.metrics.loss) < 0.5)
            let log = try MetricsLog.read(contentsOf: RunFolder(settings.output).metrics)
            let losses = log.filter { $0.kind == .train }.compactMap(\.loss)
            #expect(try #require(losses.first) > 0.6)
            #expect(try #require(losses.last) < 0.5 * losses[0])

            let classifier = try TextClassifier(contentsOf: settings.output)
            let titles = TinyModel.titles(.train, 30)
            let answers = try classifier.classify(titles.map(\.text), topK: 3)
            let right = zip(answers, titles).count { $0.label == TinyModel.labels[$1.label] }
            #expect(Double(right) / 30 == result.dev.metrics["accuracy"])
            let logs = zip(answers, titles).map { answer, title in
                -log2(Double(answer.candidates.first { $0.label == TinyModel.labels[title.label] }?.probability ?? 0))
            }
            let loss = logs.reduce(0, +) / 30 * 0.6931471805599453
            #expect(abs(loss - (result.dev.metrics.loss ?? .nan)) < 1e-5)
        }
    }

    @Test func theReferenceRecipeIsFollowed() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 20)
            settings.recipe = .toumanfen
            (settings.batchSize, settings.learningRate, settings.evaluateEvery) = (nil, nil, nil)
            let tuning = try FineTuning(settings)
            let options = tuning.options
            #expect(options.batchSize == 128)
            #expect(options.learningRate == 5e-5)
            #expect(options.rule == .bertAdam(beta1: 0.9, beta2: 0.999, epsilon: 1e-6))
            #expect(options.weightDecay == 0.01)
            #expect(options.clipping == .perTensor(1))
            #expect(options.schedule == .bertAdam)
            #expect(options.warmup == 0.05)
            #expect(options.order == .asGiven)
            #expect(options.tail == .reference)
            #expect(options.evaluateEvery == 100 && options.evaluatesFirstStep)
            #expect(options.selection == .init("loss", higherIsBetter: false))
            #expect(options.patience == 1000)
            #expect(options.seed == 1)
            #expect(try tuning.run() != nil)

            let config = try ModelConfigFile(contentsOf: settings.output)
            #expect(try config.value("classifier_dropout", Double.self) == 0)
            let description = try #require(try RunDescription.read(from: settings.output))
            #expect(description.inputForm == InputForm(maxLength: 32, appendsSeparator: false))
            #expect(try TextClassifier(contentsOf: settings.output).inputForm == description.inputForm)
            let log = try MetricsLog.read(contentsOf: RunFolder(settings.output).metrics)
            #expect(log.filter { $0.kind == .dev }.map(\.step) == [1, 2])
        }
    }

    @Test func theReferenceFormHasNoSeparator() throws {
        let vocabulary = try Vocabulary(tokens: ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]", "国", "足"])
        let tokenizer = try BertTokenizer(vocabulary: vocabulary)
        let texts = ["国足", "国足国足国足", "", "国"]
        func rows(_ form: InputForm) throws -> [[Int32]] {
            let packed = try form.encode(texts, with: tokenizer)
            return (0..<packed.count).map { Array(packed[$0]) }
        }
        #expect(
            try rows(InputForm(maxLength: 4, appendsSeparator: false))
                == [[1, 5, 6], [1, 5, 6, 5], [1], [1, 5]])
        #expect(try rows(InputForm(maxLength: 4)) == [[1, 5, 6, 2], [1, 5, 6, 2], [1, 2], [1, 5, 2]])
        #expect(throws: InputError.self) { try InputForm(maxLength: 1).encode(texts, with: tokenizer) }
    }

    @Test func theRecommendedRecipeLooksFourTimesAnEpoch() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder)
            (settings.batchSize, settings.learningRate, settings.evaluateEvery, settings.epochs) = (2, nil, nil, nil)
            let options = try FineTuning(settings).options
            #expect(options.evaluateEvery == 6)
            #expect(options.epochs == 3)
            #expect(options.learningRate == 5e-5)
            #expect(Recipe.default.options(fromScratch: true).learningRate == 5e-4)
            settings.batchSize = 1000
            #expect(try FineTuning(settings).options.evaluateEvery == 1)
        }
    }

    @Test func everyDifferenceOfTheRecipesHasAReason() {
        for fromScratch in [true, false] {
            let differences = Recipe.differences(fromScratch: fromScratch)
            #expect(differences.count >= 9)
            for difference in differences {
                #expect(!difference.reason.isEmpty, "\(difference.setting)")
                #expect(difference.toumanfen != difference.standard)
            }
        }
    }

    @Test func aFinishedRunGoesIntoTheNextOne() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12)
            settings.epochs = 1
            #expect(try FineTuning(settings).run() != nil)
            var next = settings
            next.model = .folder(settings.output)
            next.output = folder.appending(path: "next")
            let tuning = try FineTuning(next)
            #expect(tuning.account.new.isEmpty)
            #expect(try tuning.run() != nil)
        }
    }

    /// What an earlier run left about the tokenizer must not change how the new model reads text.
    @Test func replacingARunLeavesNoSettingsOfTheOldOne() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12)
            settings.epochs = 1
            let extra = folder.appending(path: "base/special_tokens_map.json")
            try Data(#"{"unk_token": "[UNK]"}"#.utf8).write(to: extra)
            #expect(try FineTuning(settings).run() != nil)
            let copy = settings.output.appending(path: "special_tokens_map.json")
            #expect(FileManager.default.fileExists(atPath: copy.path))
            try Data("mine".utf8).write(to: settings.output.appending(path: "notes.txt"))

            try FileManager.default.removeItem(at: extra)
            #expect(throws: InputError.self) { try FineTuning(settings).run() }
            settings.policy = .replace
            #expect(try FineTuning(settings).run() != nil)
            #expect(!FileManager.default.fileExists(atPath: copy.path))
            #expect(try text(settings.output.appending(path: "notes.txt")) == "mine")
        }
    }

    @Test func emptyTextsAreJustTheirSpecialTokens() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyModel.settings(in: folder, train: 12)
            // Control characters only: nothing is left of them but [CLS] and [SEP].
            let rows = "\u{200b}\t0\n\u{1}\u{2}\t1\n国足\t2\n"
            try Data(rows.utf8).write(to: settings.train)
            try Data(rows.utf8).write(to: settings.dev)
            for recipe in Recipe.allCases {
                var settings = settings
                settings.recipe = recipe
                settings.output = folder.appending(path: recipe.rawValue)
                let result = try #require(try FineTuning(settings).run())
                #expect(result.dev.metrics.count == 3)
            }
        }
    }
}
