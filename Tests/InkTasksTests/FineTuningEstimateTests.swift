import Foundation
import InkCheckpoint
import InkTasks
import InkTestSupport
import Testing

@Suite struct FineTuningEstimateTests {
    @Test func isSaneForATinyModel() throws {
        try withTemporaryFolder { folder in
            let settings = try TinyModel.settings(in: folder)
            let estimate = try FineTuningEstimate(settings)
            #expect(!FileManager.default.fileExists(atPath: settings.output.path))
            let result = try #require(try FineTuning(settings).run())
            #expect(estimate.parameters == (try Checkpoint(contentsOf: result.folder)).parameterCount)
            #expect(estimate.trainingTexts == 48)
            #expect(estimate.steps == 12)
            #expect(estimate.evaluations == 3)
            #expect((8...40).contains(estimate.tokensPerText))
            #expect(estimate.secondsPerStep > 0 && estimate.secondsPerStep < 10)
            #expect(estimate.evaluationSeconds > 0)
            #expect(estimate.totalSeconds >= 12 * estimate.secondsPerStep)
            // Weight, gradient and two moments of four bytes each, and the program itself.
            #expect(estimate.peakBytes > estimate.parameters * 16)
            #expect(estimate.peakBytes < 300 << 20)
        }
    }

    @Test func moreEpochsTakeLonger() throws {
        try withTemporaryFolder { folder in
            var settings = try TinyModel.settings(in: folder, train: 12)
            settings.epochs = 1000
            let estimate = try FineTuningEstimate(settings)
            #expect(estimate.steps == 2000)
            #expect(estimate.totalSeconds > 1000 * estimate.secondsPerStep)
        }
    }
}
