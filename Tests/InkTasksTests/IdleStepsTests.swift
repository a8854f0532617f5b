import Foundation
import InkTasks
import InkTestSupport
import Testing

/// Steps whose learning rate is 0.
@Suite struct IdleStepsTests {
    private func model(_ settings: FineTuningSettings) throws -> Data {
        _ = try FineTuning(settings).run()
        return try Data(contentsOf: settings.output.appending(path: "model.safetensors"))
    }

    /// One step: more examples in a batch than there are.
    private func oneStep(_ folder: URL, _ name: String, rate: Float) throws -> FineTuningSettings {
        var settings = try TinyModel.settings(in: folder, train: 12, dev: 6)
        settings.output = folder.appending(path: name)
        settings.epochs = 1
        settings.batchSize = 64
        settings.learningRate = rate
        return settings
    }

    @Test func theOnlyStepOfARunIsTaken() throws {
        try withTemporaryFolder { folder in
            let (small, large) = (try oneStep(folder, "a", rate: 1e-4), try oneStep(folder, "b", rate: 5e-3))
            #expect(try FineTuning(small).warnings.isEmpty)
            #expect(try model(small) != model(large))
        }
    }

    @Test(arguments: ["--learning-rate", "--warmup", "--recipe"])
    func aRunThatChangesNothingSaysSo(_ flag: String) throws {
        try withTemporaryFolder { folder in
            var settings = try oneStep(folder, "a", rate: 1e-3)
            switch flag {
            case "--learning-rate": (settings.learningRate, settings.epochs) = (0, 4)
            case "--warmup": settings.warmup = 0.5
            default: settings.recipe = .toumanfen
            }
            let warnings = try FineTuning(settings).warnings
            #expect(warnings.count == 1)
            #expect(warnings.first?.hasPrefix("every step of this run has learning rate 0") == true)
        }
    }

    @Test func aLargePartOfARunIsTold() throws {
        try withTemporaryFolder { folder in
            var settings = try oneStep(folder, "a", rate: 1e-3)
            settings.epochs = 3
            #expect(try FineTuning(settings).warnings.first?.hasPrefix("1 of the 3 steps") == true)
            settings.batchSize = 1
            #expect(try FineTuning(settings).warnings.isEmpty)
        }
    }
}
