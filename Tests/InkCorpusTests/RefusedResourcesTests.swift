import Foundation
import InkCorpus
import InkSupport
import InkText
import Testing

/// Numbers at the ends of what there is, and what the system refuses.
@Suite struct RefusedResourcesTests {
    @Test func mixturesOfAnySizeAreChecked() throws {
        for settings in [
            #"{"weights": {"in": 1}, "documents": 9223372036854775807}"#, #"{"weights": {"in": 1}, "bytes": 0}"#,
            #"{"weights": {"in": 1e308, "b": 1e308}, "documents": 3}"#, #"{"weights": {"in": 1e-320}, "documents": 1}"#,
        ] {
            let shop = try PipelineWorkshop(lines: ["一行"])
            let error = #expect(throws: InputError.self) { try shop.plan("[{\"mix\": \(settings)}]") }
            #expect(error?.kind == .usage && error?.problem == "the value is out of range", "\(settings)")
        }
    }

    @Test func sharesOfTheLargestNumbersStayInRange() {
        let all = [3, 5].map { MixAllocation.Source(weight: 1, capacity: $0) }
        #expect(MixAllocation.divide(.max, among: all) == [3, 5])
        let most = MixAllocation.Source(weight: 1, capacity: .max)
        let given = MixAllocation.divide(.max, among: [most, most])
        #expect(given.allSatisfy { $0 > Int.max / 3 })
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300])
    func boundsOfALexiconAreNumbers(value: Double) {
        for path in [
            \LexiconBuilder.Settings.minimumCohesion, \.cohesionStep, \.minimumEntropy,
        ] {
            var settings = LexiconBuilder.Settings()
            settings[keyPath: path] = value
            #expect(throws: InputError.self) { try LexiconBuilder(settings: settings) }
        }
    }

    @Test(arguments: [1e308, 1e-320, Double.nan, 0])
    func ratesOfALinearModelAreUsable(rate: Double) throws {
        var sample = DocumentSample()
        for (label, text) in ["好", "坏"].enumerated() { sample.add(Array(text.utf8), label: label) }
        let options = LinearTrainer.Options(learningRate: rate, epochs: 1, threads: 1)
        let error = #expect(throws: InputError.self) {
            try LinearTrainer.train(
                sample, labels: ["a", "b"], features: FeatureHashing(longestCharacters: 1, bits: 8), options: options)
        }
        #expect(error?.kind == .usage)
    }

    @Test func wholePartsOfAnyNumber() {
        #expect(NumberCheck.whole(2.9) == 2 && NumberCheck.whole(-2.9) == -2)
        #expect(NumberCheck.whole(9.3e18) == .max && NumberCheck.whole(-.infinity) == .min)
        #expect(NumberCheck.whole(.nan) == 0)
    }

    /// Nobody waits for a thread that never begins.
    @Test func threadsThatDoNotBeginAreNotWaitedFor() {
        let none = HelperThreads(0) {}
        #expect(!none.waitForBegin(seconds: 0.01) && !none.hasBegun)
        none.close()
        let ran = Countdown(1)
        let some = HelperThreads(2) { _ = ran.isOver }
        #expect(some.waitForBegin(seconds: 10))
        some.close()
        #expect(some.hasBegun)
    }
}
