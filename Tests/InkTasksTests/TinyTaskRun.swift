import Foundation
import InkSupport
import InkTasks
import InkTraining
import Testing

/// Runs of the tiny model on any task.
enum TinyTaskRun {
    /// Titles of Chinese characters only, so that every character is a token of its own.
    static func plainTitles(_ count: Int) -> [String] {
        TinyModel.titles(.train, 400).map(\.text).filter { text in
            text.unicodeScalars.allSatisfy { (0x4E00...0x9FFF).contains($0.value) }
        }.prefix(count).map { $0 }
    }

    /// Settings of a run in `folder` that learns its data by heart; the development set is the training set unless
    /// `dev` is given.
    static func settings(
        in folder: URL, _ task: TaskName, train: String, dev: String? = nil, extension name: String,
        fields: [String: JSONValue?] = [:]
    ) throws -> FineTuningSettings {
        try TinyModel.write(to: folder.appending(path: "base"), fields)
        let files = try [("train", train), ("dev", dev ?? train)].map { role, text in
            let file = folder.appending(path: role + name)
            try Data(text.utf8).write(to: file)
            return file
        }
        var settings = FineTuningSettings(
            model: .folder(folder.appending(path: "base")), train: files[0], dev: files[1],
            output: folder.appending(path: "run"))
        settings.task = task
        settings.epochs = 60
        settings.batchSize = 4
        settings.learningRate = 4e-3
        settings.evaluateEvery = 1000
        return settings
    }

    /// Raises the signal when the progress line first speaks: after the first step of a session.
    private struct StopAtFirstStep: ProgressSink {
        let isTerminal = false
        let allowsColour = false
        let columns = 200
        let interrupt: InterruptSignal

        func write(_ text: String) { interrupt.raise() }
    }

    /// The settings of a tagger that has run for one epoch: the first letter of each of four titles is a TEAM.
    static func trainedTagger(in folder: URL) throws -> FineTuningSettings {
        let train = plainTitles(4).map { title in
            title.enumerated().map { "\($0.element) \($0.offset == 0 ? "B-TEAM" : "O")\n" }.joined() + "\n"
        }.joined()
        var settings = try settings(in: folder, .tagging, train: train, extension: ".txt")
        settings.epochs = 1
        _ = try FineTuning(settings).run()
        return settings
    }

    /// Runs the settings at once, and in another folder with an interruption after the first step; both must end with
    /// the same weights and measures.
    static func expectExactResume(_ settings: FineTuningSettings) throws {
        let whole = try #require(try FineTuning(settings).run())
        var other = settings
        other.output = settings.output.appendingPathExtension("resumed")
        let interrupt = InterruptSignal()
        let stopped = try FineTuning(other).run(
            interrupt: interrupt, progress: StopAtFirstStep(interrupt: interrupt))
        #expect(stopped == nil)
        other.policy = .resume
        let resumed = try #require(try FineTuning(other).run())
        #expect(resumed.dev.metrics == whole.dev.metrics)
        #expect(resumed.dev.mistakes == whole.dev.mistakes)
        let weights = try [settings, other].map {
            try Data(contentsOf: $0.output.appending(path: "model.safetensors"))
        }
        #expect(weights[0] == weights[1])
    }
}
