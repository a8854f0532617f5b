import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTestSupport
import Testing

@Suite struct FineTuningErrorsTests {
    /// The error of a run whose settings were changed; it must come before anything is written.
    private func refusal(
        _ fields: [String: JSONValue?] = [:], _ change: (inout FineTuningSettings, URL) throws -> Void
    ) throws -> InputError {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12, dev: 6, fields)
            try change(&settings, folder)
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "run").path))
            let estimated = try #require(throws: InputError.self) { try FineTuningEstimate(settings) }
            #expect(estimated.problem == error.problem)
            return error
        }
    }

    private func refusedFlag(_ change: (inout FineTuningSettings) -> Void) throws -> String {
        let error = try refusal { settings, _ in change(&settings) }
        #expect(error.kind == .usage)
        #expect(error.expected != nil && error.found != nil)
        return error.location
    }

    @Test(arguments: [0, -1, 100_001, Int.min]) func epochs(_ value: Int) throws {
        #expect(try refusedFlag { $0.epochs = value } == "--epochs")
    }

    @Test(arguments: [0, -8, 1_000_001, Int.max]) func batchSize(_ value: Int) throws {
        #expect(try refusedFlag { $0.batchSize = value } == "--batch-size")
    }

    @Test(arguments: [-1e-3, 11, Float.nan, .infinity]) func learningRate(_ value: Float) throws {
        #expect(try refusedFlag { $0.learningRate = value } == "--learning-rate")
    }

    @Test(arguments: [-0.1, 1.1, Double.nan]) func warmup(_ value: Double) throws {
        #expect(try refusedFlag { $0.warmup = value } == "--warmup")
    }

    @Test(arguments: [-0.1, 10.5, Float.nan]) func weightDecay(_ value: Float) throws {
        #expect(try refusedFlag { $0.weightDecay = value } == "--weight-decay")
    }

    @Test(arguments: [-1, Int.min]) func patience(_ value: Int) throws {
        #expect(try refusedFlag { $0.patience = value } == "--patience")
    }

    @Test(arguments: [-1, 1e300, Double.nan, .infinity, -.infinity]) func saveInterval(_ value: Double) throws {
        #expect(try refusedFlag { $0.saveInterval = value } == "--save-every")
    }

    @Test(arguments: [0, -1]) func evaluateEvery(_ value: Int) throws {
        #expect(try refusedFlag { $0.evaluateEvery = value } == "--eval-every")
    }

    /// From `[CLS]`, one token and `[SEP]` to the model's 48 positions.
    @Test(arguments: [0, 2, -1, 49, Int.max]) func maxLength(_ value: Int) throws {
        #expect(try refusedFlag { $0.maxLength = value } == "--max-length")
    }

    @Test func theBoundsThemselvesAreAllowed() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12)
            for length in [3, 48] {
                settings.maxLength = length
                _ = try FineTuning(settings)
            }
            settings.epochs = 100_000
            settings.batchSize = 1_000_000
            settings.warmup = 1
            settings.patience = .max
            settings.evaluateEvery = .max
            #expect(try FineTuning(settings).totalSteps == 100_000)
        }
    }

    @Test(arguments: [1, 2]) func aModelWithoutRoom(_ positions: Int) throws {
        let error = try refusal(["max_position_embeddings": .number("\(positions)")]) { _, _ in }
        #expect(error.location.contains("max_position_embeddings") || error.description.contains("position"))
    }

    @Test func aVocabularyBesideAFolder() throws {
        let error = try refusal { settings, folder in settings.vocabulary = folder.appending(path: "base/vocab.txt") }
        #expect(error.location == "--vocab")
    }

    @Test func aVocabularyLargerThanTheModel() throws {
        let error = try refusal(["vocab_size": .number("100")]) { _, _ in }
        #expect(error.location.contains("vocab_size"))
    }

    @Test func oneClassOnly() throws {
        let error = try refusal { settings, _ in
            settings.labels = nil
            try Data("国足出线\t体育\n股市大涨\t体育\n".utf8).write(to: settings.train)
            try Data("国足出线\t体育\n".utf8).write(to: settings.dev)
        }
        #expect(error.problem.contains("same label"))
        let listed = try refusal { settings, folder in
            settings.labels = folder.appending(path: "one.txt")
            try Data("体育\n".utf8).write(to: folder.appending(path: "one.txt"))
            try Data("国足出线\t体育\n".utf8).write(to: settings.train)
            try Data("国足出线\t体育\n".utf8).write(to: settings.dev)
        }
        #expect(listed.expected == "at least two classes")
    }

    @Test(arguments: ["train", "dev", "test"], ["", "\n\n"]) func anEmptyFile(_ role: String, _ text: String) throws {
        let error = try refusal { settings, folder in
            let file = folder.appending(path: "\(role).txt")
            try Data(text.utf8).write(to: file)
            if role == "test" { settings.test = file }
        }
        #expect(error.location.contains("\(role).txt"))
    }

    @Test(arguments: ["train", "dev"]) func aMissingFile(_ role: String) throws {
        let error = try refusal { _, folder in
            try FileManager.default.removeItem(at: folder.appending(path: "\(role).txt"))
        }
        #expect(error.location.contains("\(role).txt"))
    }

    @Test func anUnknownLabel() throws {
        let error = try refusal { settings, _ in try Data("国足出线\t天气\n".utf8).write(to: settings.dev) }
        #expect(error.location.hasSuffix("dev.txt:1"))
    }

    @Test func theModelFolderItselfIsNoOutput() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12)
            settings.output = folder.appending(path: "run/../base/")
            settings.policy = .replace
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.location == "--output")
        }
    }

    @Test func aHeadThatKnowsSomeClassesGoesOnWithAWarning() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12)
            settings.epochs = 1
            _ = try FineTuning(settings).run()
            settings.model = .folder(settings.output)
            settings.output = folder.appending(path: "next")
            try Data((TinyModel.labels + ["其他"]).joined(separator: "\n").utf8)
                .write(to: folder.appending(path: "class.txt"))
            let tuning = try FineTuning(settings)
            #expect(tuning.account.new.isEmpty)
            #expect(tuning.warnings.contains { $0.contains("knows 3 of the 4 classes") })
        }
    }

    @Test func modelChoices() throws {
        #expect(try ModelChoice("nano") == .shape(.nano))
        try withTemporaryFolder { folder in
            #expect(try ModelChoice(folder.path) == .folder(URL(filePath: folder.path)))
            try Data().write(to: folder.appending(path: "file"))
            for text in ["nanno", "", folder.path + "/absent", folder.path + "/file"] {
                let error = try #require(throws: InputError.self) { try ModelChoice(text) }
                #expect(error.kind == .usage)
                #expect(error.expected?.contains("nano, micro, mini, medium, base") == true)
            }
        }
    }

    @Test func aShapeTakesItsVocabularyFromTheTextsOrAFile() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12)
            settings.model = .shape(.nano)
            let built = try FineTuning(settings)
            #expect(built.config.hiddenSize == 312 && built.config.layerCount == 4 && built.config.headCount == 12)
            let vocabulary = folder.appending(path: "base/vocab.txt")
            settings.vocabulary = vocabulary
            let given = try FineTuning(settings)
            let lines = try String(contentsOf: vocabulary, encoding: .utf8).split(separator: "\n").count
            #expect(given.config.vocabularySize == lines)
            #expect(given.account.loaded.isEmpty)
            try Data("国\n足\n".utf8).write(to: vocabulary)
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.description.contains("[UNK]") || error.description.contains("[CLS]"))
        }
    }
}
