import Foundation
import InkLayers
import InkSupport
import InkTestSupport
import InkTraining
import Testing

@Suite struct TrainerTests {
    @Test func evaluatesEveryNStepsAndAtTheEnd() throws {
        try withTemporaryFolder { folder in
            let run = try TinyRun(folder)
            let result = try run.run()
            #expect(result.outcome == .finished)
            #expect(result.steps.map(\.step) == Array(1...15))
            #expect(result.steps.map(\.epoch) == [1, 2, 3].flatMap { [Int](repeating: $0, count: 5) })
            #expect(result.evaluations.map(\.step) == [3, 6, 9, 12, 15])
            #expect(run.folder.canResume)
        }
    }

    @Test func theReferenceEvaluatesAfterItsFirstStep() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.options.evaluatesFirstStep = true
            run.options.evaluateEvery = 4
            // After steps of index 0, 4, 8, 12, and after the last, of index 14.
            #expect(try run.run().evaluations.map(\.step) == [1, 5, 9, 13, 15])
        }
    }

    @Test(arguments: [
        (true, [0.5, 0.7, 0.7, 0.6, 0.8], [true, true, true, false, true], 15),
        (false, [0.5, 0.7, 0.5, 0.4, 0.6], [true, false, true, true, false], 12),
    ])
    func theBestIsKept(_ higherIsBetter: Bool, _ script: [Double], _ isBest: [Bool], _ bestStep: Int) throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.options.selection = .init("accuracy", higherIsBetter: higherIsBetter)
            run.task.script = { script[$0] }
            let result = try run.run()
            #expect(result.evaluations.map(\.isBest) == isBest)
            #expect(result.state.bestStep == bestStep)
            #expect(result.state.bestValue == (higherIsBetter ? script.max() : script.min()))
            #expect(run.task.writes == isBest.count { $0 })
        }
    }

    /// Measures that are equal, with losses that fall, rise, and fall again.
    @Test func ofEqualMeasuresTheSmallerLossIsKept() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.options.selection = .init("accuracy", higherIsBetter: true)
            run.options.patience = 6
            let losses = [0.9, 0.8, 0.85, 0.5, 0.5]
            run.task.script = { _ in 0.93 }
            run.task.lossScript = { losses[$0] }
            let result = try run.run()
            #expect(result.evaluations.map(\.isBest) == [true, true, false, true, true])
            #expect(result.state.bestStep == 15 && result.state.bestLoss == 0.5)
            #expect(result.outcome == .finished, "the loss fell within the patience")
            #expect(result.state.improvedStep == 12)
        }
    }

    /// What is equal in everything is kept, but does not feed the patience.
    @Test func aStandstillSpendsThePatience() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.options.selection = .init("accuracy", higherIsBetter: true)
            run.options.patience = 6
            run.task.script = { _ in 0.5 }
            let result = try run.run()
            #expect(result.outcome == .stoppedEarly)
            #expect(result.state.step == 9 && result.state.bestStep == 9)
            let again = try TinyRun(folder, options: run.options)
            again.task.script = run.task.script
            #expect(try again.run(resume: true).outcome == .stoppedEarly)
        }
    }

    /// Weights that are no numbers may well have an accuracy.
    @Test func aLossThatIsNoNumberNeverWins() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.options.selection = .init("accuracy", higherIsBetter: true)
            run.task.script = { Double($0) }
            run.task.lossScript = { $0 == 2 ? .nan : 1 }
            let result = try run.run()
            let error = try #require(result.error as? InputError)
            #expect(error.location == "step 9" && error.problem.contains("loss"))
            #expect(error.remedy?.contains("best checkpoint so far (step 6)") == true)
            #expect(result.state.bestStep == 6)
        }
    }

    @Test(arguments: [
        (LearningRateSchedule.Shape.linear, 0.1, 1e-3 as Float, 1, 1), (.linear, 0.1, 1e-3, 3, 1),
        (.bertAdam, 0.05, 1e-3, 1, 1), (.cosine, 0, 1e-3, 1, 0), (.constant, 0.5, 0, 40, 40), (.linear, 1, 1e-3, 40, 1),
    ])
    func stepsAtRateZeroAreCounted(
        _ shape: LearningRateSchedule.Shape, _ warmup: Double, _ rate: Float, _ total: Int, _ expected: Int
    ) {
        var options = TrainingOptions()
        (options.schedule, options.warmup, options.learningRate) = (shape, warmup, rate)
        #expect(options.idleSteps(of: total) == expected)
    }

    /// A best of step 3 with a patience of 6: the run stops once 6 steps have passed since.
    @Test func stopsEarly() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.options.patience = 6
            run.task.script = { $0 == 0 ? 0.1 : 0.2 }
            let result = try run.run()
            #expect(result.outcome == .stoppedEarly)
            #expect(result.state.step == 9)
            #expect(result.evaluations.map(\.step) == [3, 6, 9])
            let again = try TinyRun(folder, options: run.options)
            #expect(try again.run(resume: true).outcome == .stoppedEarly)
        }
    }

    @Test func patienceWaitsForTheFirstEvaluation() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.options.patience = 2
            run.options.evaluateEvery = 7
            run.task.script = { Double($0) }
            let result = try run.run()
            #expect(result.evaluations.map(\.step) == [7])
            #expect(result.state.step == 9)
            #expect(run.task.writes == 1)
        }
    }

    @Test func aLossThatIsNoNumberStopsTheRun() throws {
        try withTemporaryFolder { folder in
            let run = try TinyRun(folder)
            run.task.poisonedCall = 7
            let result = try run.run()
            let error = try #require(result.error as? InputError)
            #expect(error.kind == .run)
            #expect(error.location == "step 8")
            #expect(error.problem.contains("loss"))
            #expect(error.remedy?.contains("best checkpoint so far (step 6)") == true)
            #expect(error.remedy?.contains("the state of step 7") == true)
            let clean = try TinyRun(folder.appending(path: "clean"))
            let expected = try clean.run()
            #expect(expected.state.bestStep ?? 0 > 6, "the tiny task keeps learning")
            // The best is that of step 6: a run of the same options stopped there has the same file.
            var short = try TinyRun(folder.appending(path: "short"))
            short.stopAfter = 6
            _ = try short.run()
            #expect(try run.bestBytes() == short.bestBytes())
            let next = try TinyRun(folder).run(resume: true)
            #expect(next.steps.first?.step == 8, "the state before the step that failed was saved")
        }
    }

    @Test func anEvaluationThatIsNoNumberStopsTheRun() throws {
        try withTemporaryFolder { folder in
            let run = try TinyRun(folder)
            run.task.script = { $0 == 1 ? .nan : 0.5 }
            let result = try run.run()
            let error = try #require(result.error as? InputError)
            #expect(error.location == "step 6")
            #expect(result.state.bestStep == 3)
            #expect(run.task.writes == 1)
        }
    }

    /// Gradients of parts are summed with their shares: the same run whatever the limit, up to rounding.
    @Test(arguments: [1, 3, 5], [false, true])
    func partsOfABatchAddUp(_ limit: Int, hasWeights: Bool) throws {
        try withTemporaryFolder { folder in
            var options = TinyRun.options
            options.rule = .sgd()
            options.clipping = .none
            options.learningRate = 0.5
            let whole = try TinyRun(folder.appending(path: "whole"), dropout: 0, options: options)
            whole.task.hasWeights = hasWeights
            let wholeResult = try whole.run()
            options.tokensPerPass = limit
            let parts = try TinyRun(folder.appending(path: "parts"), dropout: 0, options: options)
            parts.task.hasWeights = hasWeights
            let partsResult = try parts.run()
            #expect(whole.task.partSizes == [Int](repeating: 4, count: 15))
            #expect(parts.task.partSizes.count > 20)
            #expect(parts.task.partSizes.reduce(0, +) == 60)
            for (one, other) in zip(whole.task.values, parts.task.values) { expectClose(other, one, tolerance: 2e-6) }
            expectClose(partsResult.steps.map(\.loss), wholeResult.steps.map(\.loss), tolerance: 2e-6)
            // What a part draws is its own: with dropout the masks of two parts differ.
            #expect(whole.task.values != (try TinyTask(dropout: 0)).values, "nothing was trained")
        }
    }

    @Test func aTaskWithoutExamplesTakesNoStep() throws {
        try withTemporaryFolder { folder in
            let result = try TinyRun(folder, exampleCount: 0).run()
            #expect(result.outcome == .finished)
            #expect(result.steps.isEmpty)
        }
    }

    @Test func aBatchLargerThanTheDataIsOneStep() throws {
        try withTemporaryFolder { folder in
            var run = try TinyRun(folder)
            run.options.batchSize = 1000
            let result = try run.run()
            #expect(result.steps.map(\.examples) == [20, 20, 20])
        }
    }
}
