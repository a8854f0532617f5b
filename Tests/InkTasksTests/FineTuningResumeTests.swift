import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTensor
import InkTestSupport
import InkTraining
import Testing

/// Raises the signal when the progress line first speaks: after the first step of a session.
private struct StopAtFirstStep: ProgressSink {
    let isTerminal = false
    let allowsColour = false
    let columns = 200
    let interrupt: InterruptSignal

    func write(_ text: String) { interrupt.raise() }
}

@Suite struct FineTuningResumeTests {
    private func bytes(_ settings: FineTuningSettings, _ name: String = "model.safetensors") throws -> Data {
        try Data(contentsOf: settings.output.appending(path: name))
    }

    private func stateTensors(_ settings: FineTuningSettings) throws -> [String: [Float]] {
        let state = try Checkpoint(contentsOf: RunFolder(settings.output).lastState)
        return try state.entries.reduce(into: [:]) { $0[$1.key] = try state.tensor($1.key).values }
    }

    private func log(_ settings: FineTuningSettings) throws -> [MetricsRecord] {
        try MetricsLog.read(contentsOf: RunFolder(settings.output).metrics)
    }

    /// A session that stops after one step; nothing is left of it in memory.
    private func takeOneStep(_ settings: FineTuningSettings, resume: Bool) throws {
        var settings = settings
        settings.policy = resume ? .resume : .new
        let interrupt = InterruptSignal()
        #expect(
            try FineTuning(settings).run(interrupt: interrupt, progress: StopAtFirstStep(interrupt: interrupt)) == nil)
    }

    private func finish(_ settings: FineTuningSettings) throws -> FineTuningResult {
        var settings = settings
        settings.policy = .resume
        return try #require(try FineTuning(settings).run())
    }

    private func expectSame(_ run: FineTuningSettings, _ reference: FineTuningSettings) throws {
        for name in ["model.safetensors", "config.json", "vocab.txt", "tokenizer_config.json"] {
            #expect(try bytes(run, name) == bytes(reference, name), "\(name)")
        }
        #expect(try stateTensors(run) == stateTensors(reference))
        #expect(try log(run).map(\.step) == log(reference).map(\.step))
        #expect(try log(run).map(\.kind) == log(reference).map(\.kind))
        let (measured, expected) = (try log(run), try log(reference))
        for (one, other) in zip(measured, expected) where one.kind == .dev {
            #expect(one.loss == other.loss && one.accuracy == other.accuracy)
        }
        let descriptions = [try RunDescription.read(from: run.output), try RunDescription.read(from: reference.output)]
        #expect(descriptions[0]?.results == descriptions[1]?.results)
        #expect(descriptions[0]?.bestStep == descriptions[1]?.bestStep)
    }

    /// Settings of a run of 24 steps, so that the log has records of training inside it; dropout is on.
    private func settings(in folder: URL, recipe: Recipe = .default) throws -> FineTuningSettings {
        var settings = try TinyModel.settings(
            in: folder, train: 24, dev: 6, ["hidden_dropout_prob": .number("0.2")])
        settings.recipe = recipe
        settings.batchSize = 2
        settings.evaluateEvery = 5
        return settings
    }

    @Test(arguments: Recipe.allCases) func resumingIsExact(_ recipe: Recipe) throws {
        try withTemporaryFolder { folder in
            var run = try settings(in: folder, recipe: recipe)
            var reference = run
            reference.output = folder.appending(path: "reference")
            let expected = try #require(try FineTuning(reference).run())
            for step in 0..<4 { try takeOneStep(run, resume: step > 0) }
            run.saveInterval = 0
            let result = try finish(run)
            try expectSame(run, reference)
            #expect(result.dev.metrics == expected.dev.metrics)
            #expect(result.dev.mistakes == expected.dev.mistakes)
        }
    }

    /// What `kill -9` leaves: the state of an earlier step, and a best checkpoint and a log of later ones.
    @Test func resumingAfterAKillIsExact() throws {
        try withTemporaryFolder { folder in
            let run = try settings(in: folder)
            for step in 0..<3 { try takeOneStep(run, resume: step > 0) }
            let state = try bytes(run, "last/state.safetensors")
            _ = try finish(run)
            try state.write(to: RunFolder(run.output).lastState)
            try Data("half a mod".utf8).write(to: run.output.appending(path: ".model.safetensors.partial"))
            _ = try finish(run)

            var reference = run
            reference.output = folder.appending(path: "reference")
            _ = try FineTuning(reference).run()
            try expectSame(run, reference)
        }
    }

    @Test func aFinishedRunCanBeFinishedAgain() throws {
        try withTemporaryFolder { folder in
            let run = try settings(in: folder)
            let first = try #require(try FineTuning(run).run())
            let model = try bytes(run)
            let again = try finish(run)
            #expect(try bytes(run) == model)
            #expect(again.dev.metrics == first.dev.metrics)
        }
    }

    @Test func equalSeedsGiveEqualBytes() throws {
        try withTemporaryFolder { folder in
            var digests: [String] = []
            for (name, seed) in [("a", 3), ("b", 3), ("c", 4)] as [(String, UInt64)] {
                var run = try settings(in: folder)
                run.output = folder.appending(path: name)
                run.seed = seed
                run.epochs = 1
                _ = try FineTuning(run).run()
                digests.append(try SHA256.hexDigest(ofFileAt: run.output.appending(path: "model.safetensors")))
            }
            #expect(digests[0] == digests[1])
            #expect(digests[0] != digests[2])
        }
    }

    @Test func otherSettingsAreNamed() throws {
        try withTemporaryFolder { folder in
            var run = try settings(in: folder)
            try takeOneStep(run, resume: false)
            run.policy = .resume
            let before = try bytes(run, "last/state.safetensors")

            func refusal(_ change: (inout FineTuningSettings) throws -> Void) throws -> String {
                var other = run
                try change(&other)
                let error = try #require(throws: InputError.self) { try FineTuning(other).run() }
                #expect(error.location == "--resume")
                return error.problem
            }
            #expect(try refusal { $0.epochs = 5 }.contains("epochs"))
            #expect(try refusal { $0.batchSize = 3 }.contains("batchSize"))
            #expect(try refusal { $0.learningRate = 1e-3 }.contains("learningRate"))
            #expect(try refusal { $0.seed = 9 }.contains("seed"))
            #expect(try refusal { $0.maxLength = 20 }.contains("maxLength"))
            #expect(try refusal { $0.recipe = .toumanfen }.contains("ppendsSeparator"))
            #expect(
                try refusal {
                    $0.train = folder.appending(path: "other.txt")
                    try Data(TinyModel.tsv(.train, 24).reversedLines.utf8).write(to: $0.train)
                }.contains("train data"))
            #expect(
                try refusal {
                    $0.labels = folder.appending(path: "labels.txt")
                    let names = TinyModel.labels.reversed().joined(separator: "\n")
                    try Data(names.utf8).write(to: folder.appending(path: "labels.txt"))
                }.contains("labels"))
            // The same names in another model folder: other weights.
            let weights = folder.appending(path: "base/model.safetensors")
            let items = try Checkpoint(contentsOf: weights).entries.map {
                SafetensorsWriter.Item($0.key, Tensor(repeating: 0.5, shape: $0.shape))
            }
            try SafetensorsWriter.write(items, to: weights)
            #expect(try refusal { _ in }.contains("weights"))
            #expect(try bytes(run, "last/state.safetensors") == before)
        }
    }

    @Test func aDamagedStateIsRefused() throws {
        try withTemporaryFolder { folder in
            var run = try settings(in: folder)
            try takeOneStep(run, resume: false)
            let file = RunFolder(run.output).lastState
            try bytes(run, "last/state.safetensors").prefix(1000).write(to: file)
            run.policy = .resume
            let error = #expect(throws: InputError.self) { try FineTuning(run).run() }
            #expect(error?.location.contains("state.safetensors") == true)
        }
    }
}

extension String {
    /// The lines from last to first.
    fileprivate var reversedLines: String {
        split(separator: "\n").reversed().map { $0 + "\n" }.joined()
    }
}
