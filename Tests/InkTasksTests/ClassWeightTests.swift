import Foundation
import InkCheckpoint
import InkSupport
import InkTasks
import InkTestSupport
import Testing

/// Weights of classes, and thresholds.
@Suite struct ClassWeightTests {
    /// Titles of two classes, three of the first for one of the second.
    private static func skewed(_ count: Int) -> String {
        (0..<count).map { "\(TinyTask.titles[$0])\t\($0 % 4 == 0 ? "少" : "多")\n" }.joined()
    }

    @Test func balancedWeightsAreThoseOfScikitLearn() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .classification, train: Self.skewed(16), extension: ".txt")
            settings.epochs = 2
            settings.taskOptions = ["class-weights": "balanced"]
            // compute_class_weight("balanced"): 16 / (2 · 4) and 16 / (2 · 12).
            let result = try #require(try FineTuning(settings).run())
            #expect(result.description.parameters["class-weights"] == "少=2.0,多=\(Float(16.0 / 24))")
            try TinyTaskRun.expectExactResume(with(settings) { $0.output = folder.appending(path: "exact") })

            // Weights of 1 change nothing but rounding; a weight that counts does.
            func weights(_ option: String, _ name: String) throws -> [Float] {
                let settings = with(settings) {
                    $0.output = folder.appending(path: name)
                    $0.taskOptions = option.isEmpty ? [:] : ["class-weights": option]
                }
                _ = try FineTuning(settings).run()
                return try Checkpoint(contentsOf: settings.output.appending(path: "model.safetensors"))
                    .tensor("classifier.bias").values
            }
            let plain = try weights("", "plain")
            #expect(zip(plain, try weights("少=1", "one")).allSatisfy { abs($0 - $1) < 1e-5 })
            #expect(zip(plain, try weights("少=9", "nine")).contains { abs($0 - $1) > 1e-4 })

            for (value, problem) in [
                ("少", "is no weight of a class"), ("稀=2", "names no class"), ("少=0", "is no weight"),
                ("少=nan", "is no weight"),
            ] {
                let wrong = with(settings) {
                    $0.taskOptions = ["class-weights": value]
                    $0.policy = .replace
                }
                let error = try #require(throws: InputError.self) { try FineTuning(wrong) }
                #expect(error.location == "--task-option class-weights")
                #expect(error.problem == problem)
            }
        }
    }

    @Test func theYesOfALabelCanCountMore() throws {
        try withTemporaryFolder { folder in
            let lines = (0..<8).map {
                #"{"text": "\#(TinyTask.titles[$0])", "labels": \#($0 < 2 ? #"["甲", "乙"]"# : #"["乙"]"#)}"#
            }
            var settings = try TinyTaskRun.settings(
                in: folder, .multiLabel, train: lines.joined(separator: "\n"), extension: ".jsonl")
            settings.epochs = 1
            settings.taskOptions = ["class-weights": "balanced"]
            let result = try #require(try FineTuning(settings).run())
            // 6 texts lack 甲 for 2 that have it; every text has 乙.
            #expect(result.description.parameters["class-weights"] == "甲=3.0,乙=1.0")
        }
    }

    @Test func aThresholdDecidesBetweenTwoClasses() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .classification, train: Self.skewed(8), extension: ".txt")
            settings.epochs = 1
            settings.taskOptions = ["threshold": "0", "positive": "少"]
            let result = try #require(try FineTuning(settings).run())
            #expect(
                result.description.parameters["threshold"] == "0.0" && result.description.parameters["positive"] == "少")
            // From 0 on all are 少: two of eight.
            #expect(result.dev.metrics["accuracy"] == 0.25)
            let answer = try #require(try TinyTask.answers(settings.output, ["国足"]).first as? Classification)
            #expect(answer.label == "少" && answer.candidates.count == 2)
            // Above every probability none is.
            let other = try TaskName.classification.evaluate(settings.output, data: settings.dev, threshold: 1)
            #expect(other.metrics["accuracy"] == 0.75)
            #expect(throws: InputError.self) {
                try TaskName.classification.evaluate(settings.output, data: settings.dev, threshold: 2)
            }
            for options in [["threshold": "0.5", "positive": "稀"], ["positive": "少"], ["threshold": "半"]] {
                let wrong = with(settings) {
                    $0.taskOptions = options
                    $0.policy = .replace
                }
                #expect(throws: InputError.self) { try FineTuning(wrong) }
            }
        }
    }

    @Test func columnsOfOtherNamesAreNamed() throws {
        try withTemporaryFolder { folder in
            let csv =
                "编号,正题,去向\n" + (0..<8).map { "\($0),\(TinyTask.titles[$0]),\($0 % 2 == 0 ? "东" : "西")\n" }.joined()
            var settings = try TinyTaskRun.settings(in: folder, .classification, train: csv, extension: ".csv")
            settings.epochs = 1
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.problem == "the header names no text column")
            #expect(error.remedy?.contains("--task-option text-column=NAME") == true)
            settings.taskOptions = ["text-column": "正题", "label-column": "去向"]
            let result = try #require(try FineTuning(settings).run())
            #expect(result.description.labels == ["东", "西"])
            // The folder reads other files alike.
            let again = try TaskName.classification.evaluate(settings.output, data: settings.dev).metrics
            #expect(again["accuracy"] == result.dev.metrics["accuracy"])
        }
    }

    @Test func oneWeightForEachClass() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyTaskRun.settings(
                in: folder, .classification, train: Self.skewed(8), extension: ".txt")
            settings.taskOptions = ["class-weights": "少=5,少=1"]
            let error = try #require(throws: InputError.self) { try FineTuning(settings) }
            #expect(error.problem.contains("second weight"))
        }
    }

    private func with(_ settings: FineTuningSettings, _ change: (inout FineTuningSettings) -> Void)
        -> FineTuningSettings
    {
        var settings = settings
        change(&settings)
        return settings
    }
}
