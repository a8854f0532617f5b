import Foundation
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
        (true, [0.5, 0.7, 0.7, 0.6, 0.8], [true, true, false, false, true], 15),
        (false, [0.5, 0.7, 0.5, 0.4, 0.6], [true, false, false, true, false], 12),
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
            #expect(error.remedy?.contains("step 6") == true)
            let clean = try TinyRun(folder.appending(path: "clean"))
            let expected = try clean.run()
            #expect(expected.state.bestStep ?? 0 > 6, "the tiny task keeps learning")
            // The best is that of step 6: a run of the same options stopped there has the same file.
            var short = try TinyRun(folder.appending(path: "short"))
            short.stopAfter = 6
            _ = try short.run()
            #expect(try run.bestBytes() == short.bestBytes())
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
